import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { scenario } from '../scenario.ts';
import { eightFrames, timeToReplace } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture } from '../steps/picture.ts';
import {
  addContent,
  connect,
  contents,
  expectBegun,
  expectContent,
  negotiate,
  standsStill,
  webrtc,
  type Content,
} from './steps.ts';

type Pair = PairContext<Agent>;
type Kind = 'audio' | 'video';

const specs = [webrtc('dom-rtcrtpsender-replacetrack')];
const needs = [...needsOf.video, 'RTCRtpSender.prototype.replaceTrack'];

async function callWith(pair: Pair, kind: Kind): Promise<void> {
  await connect(pair);
  await addContent(pair.offerer, kind, 'first');
  await negotiate(pair);
  await expectBegun(pair, kind, 'first');
  await pair.offerer.run(({ connection, events }) =>
    events.watch('offerer', connection.pc, ['negotiationneeded']),
  );
}

/** The offerer's first sender sends that picture or tone instead, or nothing. */
const replace = (pair: Pair, kind: Kind, content: Content | null): Promise<void> =>
  pair.offerer.run(
    async ({ connection, media }, wanted) => {
      const [sender] = connection.pc.getSenders();
      if (wanted === null) return sender?.replaceTrack(null);
      const {
        size: [width, height],
        hertz,
      } = wanted;
      const { track } =
        wanted.of === 'video' ? media.video({ width, height }) : await media.tone({ frequencies: [hertz] });
      return sender?.replaceTrack(track);
    },
    content && { of: kind, ...contents[content] },
  );

/** Nothing was negotiated: no side asked for it, and the answerer has been told of no other track. */
async function expectNoNegotiation({ offerer, answerer }: Pair): Promise<void> {
  const asked = await offerer.run(({ events }) => events.all('offerer').map(({ event }) => event));
  expect(asked, 'what the offerer asked for').to.deep.equal([]);
  const announced = await answerer.run(({ connection }) => connection.tracks.length);
  expect(announced, 'tracks that were announced').to.equal(1);
}

/** Both sides have agreed that the offerer sends. */
async function expectDirections({ offerer, answerer }: Pair): Promise<void> {
  const [sends, receives] = await Promise.all(
    [offerer, answerer].map((peer) =>
      peer.run(({ connection: { pc } }) =>
        pc.getTransceivers().map(({ currentDirection }) => currentDirection),
      ),
    ),
  );
  expect(sends, 'currentDirection of the offerer').to.deep.equal(['sendonly']);
  expect(receives, 'currentDirection of the answerer').to.deep.equal(['recvonly']);
}

scenario(
  {
    id: 'media/replace/null-and-back',
    title: 'replaceTrack removes a picture and gives another',
    asks: 'Once replaceTrack(null) has removed a picture, does nothing new of it arrive while the directions stay and the received track remains live, and does another that replaceTrack gives arrive, all without negotiation?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await callWith(pair, 'video');
    await replace(pair, 'video', null);
    const { rose, readyState } = await standsStill(pair);
    expect(rose, 'new frames that came in a second with no track').to.equal(0);
    expect(readyState, 'the state of the received track').to.equal('live');
    await expectDirections(pair);
    await replace(pair, 'video', 'second');
    await expectContent(pair, 'video', 'second');
    await expectDirections(pair);
    await expectNoNegotiation(pair);
  },
);

scenario(
  {
    id: 'media/replace/null-is-silent',
    title: 'replaceTrack removes a picture',
    asks: 'Once replaceTrack(null) has removed a picture, does its sender send nothing at all?',
    level: 'must',
    specs: [...specs, webrtc('dom-rtcrtpsender-track')],
    needs,
  },
  async (pair) => {
    await callWith(pair, 'video');
    await replace(pair, 'video', null);
    // long enough to see what is sent once a second
    const { packets } = await standsStill(pair, 2500);
    expect(packets, 'packets that came with no track').to.equal(0);
  },
);

scenario(
  {
    id: 'media/replace/tone',
    title: 'Another tone instead of the first',
    asks: 'Does replaceTrack put one tone in place of another, promptly and without negotiation?',
    level: 'must',
    specs,
    needs: [...needsOf.audio, 'RTCRtpSender.prototype.replaceTrack'],
  },
  async (pair) => {
    await callWith(pair, 'audio');
    await replace(pair, 'audio', 'second');
    const replaced = performance.now();
    await pair.answerer.run(async ({ connection, media }, hertz) => {
      await (await media.listen((await connection.track('audio')).track)).untilTone(hertz);
    }, contents.second.hertz);
    hold(pair, 'time to the other tone', Math.round(performance.now() - replaced), 'ms', timeToReplace);
    await expectContent(pair, 'audio', 'second');
    await expectNoNegotiation(pair);
  },
);

scenario(
  {
    id: 'media/replace/frame-rate',
    title: 'A slower picture instead of the first',
    asks: 'When replaceTrack puts a picture of 8 frames a second in place of one of 20, does it arrive intact, at its own rate, without negotiation?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await callWith(pair, 'video');
    await pair.offerer.run(async ({ connection, media }) => {
      const { track } = media.video({ width: 160, height: 120, frameRate: 8 });
      await connection.pc.getSenders()[0]?.replaceTrack(track);
    });
    const shown = await pair.answerer.run(async ({ connection, media }) => {
      await media.watcher.until('frames that are numbered anew', ({ fell }) => fell.length > 0);
      media.watcher.stop();
      return media.watch((await connection.track('video')).track).shown(1500);
    });
    expectPicture(pair, shown, { size: [160, 120] });
    hold(pair, 'frame rate of the slower picture', shown.report.framesPerSecond, 'fps', eightFrames);
    await expectNoNegotiation(pair);
  },
);

scenario(
  {
    id: 'media/replace/before-negotiation',
    title: 'A track given to replaceTrack before the first offer',
    asks: 'Does a picture that replaceTrack gives to a transceiver before it is negotiated arrive in the stream of that transceiver?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await connect(pair);
    const id = await pair.offerer.run(async ({ connection: { pc }, media }) => {
      const stream = new MediaStream();
      const { sender } = pc.addTransceiver('video', { direction: 'sendonly', streams: [stream] });
      await sender.replaceTrack(media.video({ width: 240, height: 180 }).track);
      return stream.id;
    });
    await negotiate(pair);
    await expectContent(pair, 'video', 'second');
    const streams = await pair.answerer.run(async ({ connection }) =>
      (await connection.track('video')).streams.map((stream) => stream.id),
    );
    expect(streams, 'the streams that the track was announced with').to.deep.equal([id]);
  },
);

scenario(
  {
    id: 'media/replace/null-before-negotiation',
    title: 'A track removed before the first offer, and another given later',
    asks: 'Is a transceiver whose track replaceTrack(null) removed beforehand negotiated as one that sends, and does the picture that replaceTrack gives later arrive without negotiation?',
    level: 'must',
    specs,
    needs,
  },
  async (pair) => {
    await connect(pair);
    await pair.offerer.run(async ({ connection: { pc }, media }) => {
      const { track, stream } = media.video({ width: 160, height: 120 });
      const { sender } = pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      await sender.replaceTrack(null);
    });
    await negotiate(pair);
    await pair.offerer.run(({ connection, events }) =>
      events.watch('offerer', connection.pc, ['negotiationneeded']),
    );
    await expectDirections(pair);
    const { frames } = await pair.answerer.run(async ({ connection, media }) => {
      await connection.connected();
      return media.watch((await connection.track('video')).track).stretch(1000);
    });
    expect(frames, 'frames that came in a second with no track').to.equal(0);
    await replace(pair, 'video', 'second');
    await expectContent(pair, 'video', 'second');
    await expectNoNegotiation(pair);
  },
);

/** The name of what replaceTrack throws for the sender of a picture. */
const thrownFor = (pair: Pair, kind: Kind): Promise<string> =>
  pair.offerer.run(async ({ kept, media }, of) => {
    const { track } = of === 'video' ? media.video() : await media.tone();
    const sender = kept.get('sender');
    if (!(sender instanceof RTCRtpSender)) throw new Error('no sender was kept');
    try {
      await sender.replaceTrack(track);
      return 'nothing';
    } catch (error) {
      return error instanceof Error || error instanceof DOMException ? error.name : String(error);
    }
  }, kind);

/** Keeps the sender of the picture: once stopped, a transceiver is in no list. */
const keepSender = ({ offerer }: Pair): Promise<void> =>
  offerer.run(({ connection: { pc }, kept }) => {
    kept.set('sender', pc.getSenders().at(-1));
  });

scenario(
  {
    id: 'media/replace/other-kind',
    title: 'A tone instead of a picture',
    asks: 'Does replaceTrack refuse a tone in place of a picture, and does the picture go on?',
    level: 'must',
    specs,
    needs: [...needs, ...needsOf.audio],
  },
  async (pair) => {
    await callWith(pair, 'video');
    await keepSender(pair);
    expect(await thrownFor(pair, 'audio'), 'what replaceTrack throws').to.equal('TypeError');
    await expectContent(pair, 'video', 'first');
    await expectNoNegotiation(pair);
  },
);

for (const negotiated of [false, true]) {
  scenario(
    {
      id: `media/replace/on-${negotiated ? 'stopped' : 'stopping'}`,
      title: `replaceTrack on a transceiver that ${negotiated ? 'has been stopped' : 'is being stopped'}`,
      asks: `Is replaceTrack refused once stop() has been called${negotiated ? ' and negotiated' : ''}, and does a tone beside it go on?`,
      level: 'must',
      specs: [...specs, webrtc('dom-rtcrtptransceiver-stop')],
      needs: [...needs, ...needsOf.audio, 'RTCRtpTransceiver.prototype.stop'],
    },
    async (pair) => {
      await connect(pair);
      await addContent(pair.offerer, 'audio', 'first');
      await addContent(pair.offerer, 'video', 'first');
      await negotiate(pair);
      await keepSender(pair);
      await pair.offerer.run(({ connection }) => connection.pc.getTransceivers()[1]?.stop());
      if (negotiated) await negotiate(pair);
      expect(await thrownFor(pair, 'video'), 'what replaceTrack throws').to.equal('InvalidStateError');
      await expectContent(pair, 'audio', 'first');
    },
  );
}
