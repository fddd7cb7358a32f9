import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { hold } from '../steps/hold.ts';
import { connect, negotiate } from './steps.ts';

const specs = ['https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia'];
const needs = { offerer: ['display:chosen', ...needsOf.video], answerer: needsOf.video };

/** The screen of the offerer goes to the answerer: its shape and mean colour there, and what arrives in a second and a half. */
async function share(pair: PairContext<Agent>, constraints: MediaTrackConstraints | true) {
  await connect(pair);
  const own = await pair.offerer.run(async ({ connection: { pc }, media }, video) => {
    const stream = await navigator.mediaDevices.getDisplayMedia({ video });
    const track = await media.trackOf(stream, 'video');
    pc.addTrack(track, stream);
    const watcher = media.watch(track);
    const { width, height, last } = await watcher.until('2 frames', ({ frames }) => frames >= 2);
    watcher.stop();
    return { shape: width / height, mean: last?.mean ?? [] };
  }, constraints);
  await negotiate(pair);
  const received = await pair.answerer.run(async ({ connection, media }) => {
    const watcher = media.watch((await connection.track('video')).track);
    await watcher.until('5 frames', ({ frames }) => frames >= 5);
    const { width, height, last, frames } = await watcher.stretch(1500);
    return { width, shape: width / height, mean: last?.mean ?? [], frames, picture: watcher.picture() };
  });
  pair.frame('received', received.picture);
  hold(pair, 'width of the picture, of its height', received.shape, '1', {
    least: own.shape * 0.99,
    most: own.shape * 1.01,
  });
  return { own, received };
}

scenario(
  {
    id: 'media/screen/shared',
    title: 'A screen is shared',
    asks: 'Does what getDisplayMedia captures arrive at the other side in its shape, in its colours and moving?',
    level: 'must',
    specs,
    needs,
    load: 'heavy',
  },
  async (pair) => {
    const { own, received } = await share(pair, true);
    // The content moves: in Chromium's synthetic screen, that changes the mean by up to 13 of 255. Most seen 10.
    const error = Math.max(...own.mean.map((value, at) => Math.abs(value - (received.mean[at] ?? -255))));
    hold(pair, 'largest error of the mean colour, of 255', error, '1', { most: 24 });
    // 12 to 30 were seen
    hold(pair, 'frames in a second and a half', received.frames, '1', { least: 5, paced: true });
  },
);

scenario(
  {
    id: 'media/screen/smaller',
    title: 'A screen is shared at a smaller size',
    asks: 'Where getDisplayMedia is given a width of 640 at most, does what arrives have no more, in the shape of the screen?',
    level: 'must',
    specs: [...specs, 'https://www.w3.org/TR/screen-capture/#constraints'],
    needs,
    load: 'heavy',
  },
  async (pair) => {
    const { received } = await share(pair, { width: { max: 640 } });
    hold(pair, 'width received', received.width, 'px', { least: 160, most: 640 });
  },
);
