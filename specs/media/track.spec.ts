import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { needsOf } from '../connection/added.ts';
import { connectByHand, negotiateByHand } from '../connection/by-hand.ts';
import { proveData } from '../connection/steps.ts';
import { scenario } from '../scenario.ts';
import { afterLoss, silenced } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { addContent, connect, expectContent, negotiate, standsStill, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;

const streams = (anchor: string): string => `https://www.w3.org/TR/mediacapture-streams/#${anchor}`;

/** The state of the track that the answerer receives, and the events that it has fired since `listen`. */
interface Told {
  events: string[];
  muted: boolean;
  readyState: MediaStreamTrackState;
}

/** Keeps the events of the received track from now on. */
const listen = ({ answerer }: Pair): Promise<void> =>
  answerer.run(async ({ connection, events }) =>
    events.watch('track', (await connection.track('video')).track, ['mute', 'unmute', 'ended']),
  );

/** What the track has reported, once it has fired the given event. */
const told = ({ answerer }: Pair, event: 'mute' | 'unmute' | 'ended'): Promise<Told> =>
  answerer.run(async ({ connection, events }, wanted) => {
    await events.next('track', wanted, { othersTurn: true });
    const { muted, readyState } = (await connection.track('video')).track;
    return { events: events.all('track').map(({ event: name }) => name), muted, readyState };
  }, event);

const direct = async (pair: Pair, direction: RTCRtpTransceiverDirection): Promise<void> => {
  await pair.offerer.run(({ connection }, wanted) => {
    for (const transceiver of connection.pc.getTransceivers()) transceiver.direction = wanted;
  }, direction);
  await negotiate(pair);
};

async function callWithPicture(pair: Pair): Promise<void> {
  await connect(pair);
  await addContent(pair.offerer, 'video', 'first');
  await negotiate(pair);
  await expectContent(pair, 'video', 'first');
  await listen(pair);
}

/** `begin` puts the received track on hold and mutes it, `end` unmutes it, each reported once; its picture comes back. */
async function expectHold(pair: Pair, begin: () => Promise<void>, end: () => Promise<void>): Promise<void> {
  await begin();
  expect(await told(pair, 'mute'), 'the received track on hold').to.deep.equal({
    events: ['mute'],
    muted: true,
    readyState: 'live',
  });
  // two watchers that read every pixel are too many while other runs are at work
  await pair.answerer.run(({ media: { watcher } }) => watcher.stop());
  await end();
  const back = await told(pair, 'unmute');
  await expectContent(pair, 'video', 'first');
  expect(back, 'the received track behind the hold').to.deep.equal({
    events: ['mute', 'unmute'],
    muted: false,
    readyState: 'live',
  });
}

/** The received track has ended, and reported it once. */
async function expectEnd(pair: Pair): Promise<void> {
  const { events, readyState } = await told(pair, 'ended');
  expect(readyState, 'readyState of the received track').to.equal('ended');
  expect(
    events.filter((event) => event === 'ended'),
    'how often the received track told its end',
  ).to.deep.equal(['ended']);
}

scenario(
  {
    id: 'media/track/muted-by-direction',
    title: 'A received track on hold',
    asks: 'When the sender becomes inactive and then sends again, is the received track muted and unmuted, each reported once, and does the picture come back?',
    level: 'must',
    specs: [webrtc('process-remote-track-removal'), webrtc('process-remote-track-addition')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await expectHold(
      pair,
      () => direct(pair, 'inactive'),
      () => direct(pair, 'sendonly'),
    );
  },
);

scenario(
  {
    id: 'media/track/ended-by-stop',
    title: 'A received track whose transceiver is stopped',
    asks: 'When the sender stops the transceiver, does the received track end, and is that reported once?',
    level: 'must',
    specs: [webrtc('dom-rtcrtptransceiver-stop'), webrtc('dfn-stop-the-rtcrtptransceiver')],
    needs: [...needsOf.video, 'RTCRtpTransceiver.prototype.stop'],
  },
  async (pair) => {
    await callWithPicture(pair);
    await pair.offerer.run(({ connection }) => connection.pc.getTransceivers()[0]?.stop());
    await negotiate(pair);
    await expectEnd(pair);
  },
);

scenario(
  {
    id: 'media/track/muted-by-removal',
    title: 'A received track that its sender removes and sends again',
    asks: 'When the sender removes its track and gives it back to the same transceiver, is the received track muted and unmuted, each reported once, and does the picture come back?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-removetrack'), webrtc('process-remote-track-removal')],
    needs: [...needsOf.video, 'RTCRtpSender.prototype.replaceTrack'],
  },
  async (pair) => {
    await callWithPicture(pair);
    const remove = async () => {
      await pair.offerer.run(({ connection: { pc } }) => {
        for (const sender of pc.getSenders()) pc.removeTrack(sender);
      });
      await negotiate(pair);
    };
    const giveBack = async () => {
      await pair.offerer.run(async ({ connection: { pc }, media: { videoSource } }) =>
        pc.getSenders()[0]?.replaceTrack(videoSource.track),
      );
      await direct(pair, 'sendonly');
    };
    await expectHold(pair, remove, giveBack);
  },
);

scenario(
  {
    id: 'media/track/muted-by-receiver',
    title: 'A received track that its receiver puts on hold',
    asks: 'When the receiver becomes inactive and then receives again, is its track muted and unmuted, each reported once, and does the picture come back?',
    level: 'must',
    specs: [webrtc('process-remote-track-removal'), webrtc('mediastreamtrack-network-use')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    const asOfferer = { ...pair, offerer: pair.answerer };
    await expectHold(
      pair,
      () => direct(asOfferer, 'inactive'),
      () => direct(asOfferer, 'recvonly'),
    );
  },
);

scenario(
  {
    id: 'media/track/ended-by-own-close',
    title: 'A received track whose connection is closed',
    asks: 'When the receiver closes its connection, does its track end, and is that reported once?',
    level: 'must',
    specs: [webrtc('dom-rtcpeerconnection-close'), webrtc('dfn-stop-the-rtcrtptransceiver')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await pair.answerer.run(({ connection }) => connection.pc.close());
    await expectEnd(pair);
  },
);

scenario(
  {
    id: 'media/track/muted-by-remote-close',
    title: 'A received track whose sender closes',
    asks: 'When the sender closes its connection, is the received track muted, which is reported once, and does it stay live?',
    level: 'must',
    // closing sends an RTCP BYE for each stream, and a BYE mutes
    specs: [webrtc('dom-rtcpeerconnection-close'), webrtc('mediastreamtrack-network-use')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await pair.offerer.run(({ connection }) => connection.pc.close());
    const { rose, readyState } = await standsStill(pair);
    expect(rose, 'new frames that came once the sender was closed').to.equal(0);
    expect(readyState, 'the state of the received track').to.equal('live');
    const events = await pair.answerer.run(({ events: told }) => told.all('track').map(({ event }) => event));
    expect(events, 'what the received track told within two seconds').to.deep.equal(['mute']);
  },
);

/** What the answerer shows over a second and a half, from when it shows black. */
const untilBlack = ({ answerer }: Pair) =>
  answerer.run(async ({ media: { watcher } }) => {
    await watcher.until('a black picture', ({ last }) => last !== null && last.luma <= 20);
    const from = watcher.seen.length;
    const { frames } = await watcher.stretch(1500);
    watcher.stop();
    return { frames, brightest: Math.max(0, ...watcher.seen.slice(from).map(({ luma }) => luma)) };
  });

/** The sender's track is disabled, or enabled again. */
const enable = ({ offerer }: Pair, kind: 'audio' | 'video', enabled: boolean): Promise<void> =>
  offerer.run(
    ({ media }, { of, wanted }) => {
      const { track } = of === 'video' ? media.videoSource : media.toneSource;
      track.enabled = wanted;
    },
    { of: kind, wanted: enabled },
  );

scenario(
  {
    id: 'media/track/disabled-picture',
    title: 'A picture that its sender disables',
    asks: 'Is a picture black at the other side while its sender has it disabled, does it come back afterwards, and does the received track fire no event?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpsender-track'), streams('dom-mediastreamtrack-enabled')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await enable(pair, 'video', false);
    const { frames, brightest } = await untilBlack(pair);
    pair.measure('black frames in 1.5 s', frames, '1');
    expect(brightest, 'the brightest frame while it is disabled, of 255').to.be.at.most(20);
    await enable(pair, 'video', true);
    await expectContent(pair, 'video', 'first');
    const events = await pair.answerer.run(({ events: told }) => told.all('track').map(({ event }) => event));
    expect(events, 'what the received track has told').to.deep.equal([]);
  },
);

scenario(
  {
    id: 'media/track/disabled-tone',
    title: 'A tone that its sender disables',
    asks: 'Is a tone silent at the other side while its sender has it disabled, does it come back afterwards, and does the received track fire no event?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpsender-track'), streams('dom-mediastreamtrack-enabled')],
    needs: needsOf.audio,
  },
  async (pair) => {
    await connect(pair);
    await addContent(pair.offerer, 'audio', 'first');
    await negotiate(pair);
    await expectContent(pair, 'audio', 'first');
    await pair.answerer.run(async ({ connection, events }) =>
      events.watch('track', (await connection.track('audio')).track, ['mute', 'unmute', 'ended']),
    );
    await enable(pair, 'audio', false);
    const [silent] = await pair.answerer.run(async ({ connection, media }) => {
      const listener = await media.listen((await connection.track('audio')).track);
      await listener.untilSilent();
      return listener.stretch(1000);
    });
    hold(pair, 'how much of the sound is silent while it is disabled', silent?.silent, '1', silenced);
    await enable(pair, 'audio', true);
    await expectContent(pair, 'audio', 'first');
    const events = await pair.answerer.run(({ events: told }) => told.all('track').map(({ event }) => event));
    expect(events, 'what the received track has told').to.deep.equal([]);
  },
);

scenario(
  {
    id: 'media/track/disabled-by-receiver',
    title: 'A picture that its receiver disables',
    asks: 'Is a received picture black while its receiver has the track disabled, and does it come back afterwards?',
    level: 'must',
    specs: [streams('dom-mediastreamtrack-enabled')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    const enableReceived = (enabled: boolean) =>
      pair.answerer.run(async ({ connection }, wanted) => {
        (await connection.track('video')).track.enabled = wanted;
      }, enabled);
    await enableReceived(false);
    const { brightest } = await untilBlack(pair);
    expect(brightest, 'the brightest frame while it is disabled, of 255').to.be.at.most(20);
    await enableReceived(true);
    await expectContent(pair, 'video', 'first');
  },
);

scenario(
  {
    id: 'media/track/stopped-picture',
    title: 'A picture whose source is stopped',
    asks: 'Is a picture black at the other side once its sender has stopped its track?',
    level: 'must',
    specs: [webrtc('dom-rtcrtpsender-track')],
    needs: needsOf.video,
  },
  async (pair) => {
    await callWithPicture(pair);
    await pair.offerer.run(({ media }) => media.videoSource.track.stop());
    const { rose, luma, readyState } = await standsStill(pair);
    expect(rose, 'new frames that came once their source was stopped').to.equal(0);
    expect(readyState, 'the state of the received track').to.equal('live');
    expect(luma, 'the brightness of what is shown, of 255').to.be.at.most(20);
  },
);

scenario(
  {
    id: 'media/track/ahead-of-answer',
    title: 'A picture that is sent before its answer is set',
    asks: 'When the answerer sends a picture that the offerer asked for, and fifteen of its frames are sent before the offerer sets the answer, is the picture shown once the answer is set?',
    level: 'must',
    specs: [
      'https://www.rfc-editor.org/rfc/rfc3264#section-5.1',
      webrtc('dom-peerconnection-setremotedescription'),
    ],
    needs: needsOf.video,
  },
  async (pair) => {
    await connectByHand(pair);
    await pair.offerer.run(({ connection }) => void connection.createChannel('proof'));
    await negotiateByHand(pair, 'offerer');
    await proveData(pair);
    await pair.offerer.run(async ({ connection }) => {
      connection.pc.addTransceiver('video', { direction: 'recvonly' });
      await connection.offer();
    });
    const sentAhead = await pair.answerer.run(async ({ connection, media }) => {
      await connection.take();
      const { track, stream } = media.video({ width: 160, height: 120 });
      connection.pc.addTrack(track, stream);
      await connection.answer();
      const { framesSent = 0 } = await connection.stats<RTCOutboundRtpStreamStats>(
        'outbound-rtp',
        ({ kind, framesSent: count = 0 }) => kind === 'video' && count >= 15,
        'fifteen frames to be sent',
      );
      return framesSent;
    });
    pair.measure('frames sent before the answer was set', sentAhead, 'frames');
    await pair.offerer.run(({ connection }) => connection.take());
    expectPicture(pair, await seeReceived(pair.offerer), { size: [160, 120], bounds: afterLoss });
    await proveData(pair, ' after it');
  },
);
