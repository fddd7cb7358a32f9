import { expect } from 'chai';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { hold } from '../steps/hold.ts';
import { connect, negotiate } from './steps.ts';

scenario(
  {
    id: 'media/screen/shared',
    title: 'A screen is shared',
    asks: 'Does what getDisplayMedia gives arrive at the other side, in the colours that its sender sees?',
    level: 'must',
    specs: ['https://www.w3.org/TR/screen-capture/#dom-mediadevices-getdisplaymedia'],
    needs: { offerer: ['display:chosen', ...needsOf.video], answerer: needsOf.video },
  },
  async (pair) => {
    await connect(pair);
    await pair.offerer.run(async ({ connection: { pc }, media }) => {
      const stream = await navigator.mediaDevices.getDisplayMedia({ video: true });
      const [track] = stream.getVideoTracks();
      if (!track) throw new Error('getDisplayMedia gave no video track');
      pc.addTrack(track, stream);
      await media.watch(track).until('2 frames', ({ frames }) => frames >= 2);
    });
    await negotiate(pair);
    const received = await pair.answerer.run(async ({ connection, media }) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until('5 frames', ({ frames }) => frames >= 5);
      const { width, height, last, frames } = await watcher.stretch(1500);
      return { width, height, mean: last?.mean, luma: last?.luma, frames, picture: watcher.picture() };
    });
    const own = await pair.offerer.run(({ media: { watcher }, connection: { pc } }) => {
      const { width, height, last, frames } = watcher.report();
      return {
        width,
        height,
        mean: last?.mean,
        luma: last?.luma,
        frames,
        settings: pc.getSenders()[0]?.track?.getSettings(),
        picture: watcher.picture(),
      };
    });
    pair.frame('own', own.picture);
    pair.frame('received', received.picture);
    pair.trace('screen', { own, received });
    hold(pair, 'ratio', received.width / received.height, '1', { least: 0.1 });
    expect(own.width).to.equal(received.width);
  },
);
