import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { receiveNothing } from '../codecs/encoding-steps.ts';
import { needsOf } from '../connection/added.ts';
import { connectByHand, negotiateByHand } from '../connection/by-hand.ts';
import { proveData } from '../connection/steps.ts';
import { scenario } from '../scenario.ts';
import { afterLoss, silenced, timeToSilence, timeToStop } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { connectInFrame, leave } from '../steps/page-in-frame.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { addContent, connect, expectBegun, expectContent, negotiate, standsStill, webrtc } from './steps.ts';

type Pair = PairContext<Agent>;
type Kind = 'audio' | 'video';

const streams = (anchor: string): string => `https://www.w3.org/TR/mediacapture-streams/#${anchor}`;

/** The state of the track that the answerer receives, and the events that it has fired since `listen`. */
interface Told {
  events: string[];
  muted: boolean;
  readyState: MediaStreamTrackState;
}

/** Keeps the events of the received track from now on. */
const listen = ({ answerer }: Pair, kind: Kind): Promise<void> =>
  answerer.run(
    async ({ connection, events }, of) =>
      events.watch('track', (await connection.track(of)).track, ['mute', 'unmute', 'ended']),
    kind,
  );

/** What the received track has reported, once it has fired the given event. */
const told = ({ answerer }: Pair, kind: Kind, event: 'mute' | 'unmute' | 'ended'): Promise<Told> =>
  answerer.run(
    async ({ connection, events }, { of, wanted }) => {
      await events.next('track', wanted, { othersTurn: true });
      const { muted, readyState } = (await connection.track(of)).track;
      return { events: events.all('track').map(({ event: name }) => name), muted, readyState };
    },
    { of: kind, wanted: event },
  );

/** The events that the received track has fired since `listen`. */
const toldSoFar = ({ answerer }: Pair): Promise<string[]> =>
  answerer.run(({ events }) => events.all('track').map(({ event }) => event));

const direct = async (pair: Pair, direction: RTCRtpTransceiverDirection): Promise<void> => {
  await pair.offerer.run(({ connection }, wanted) => {
    for (const transceiver of connection.pc.getTransceivers()) transceiver.direction = wanted;
  }, direction);
  await negotiate(pair);
};

/** A picture or a tone is sent, has come, and what its track tells from then on is kept. */
async function callWith(pair: Pair, kind: Kind): Promise<void> {
  await connect(pair);
  await addContent(pair.offerer, kind, 'first');
  await negotiate(pair);
  await expectBegun(pair, kind, 'first');
  await listen(pair, kind);
}

/** Once the received tone has become silent, it stays so for a second. */
async function expectSilence(pair: Pair, when: string): Promise<void> {
  const [silent] = await pair.answerer.run(async ({ media: { listener } }) => {
    await listener.untilSilent();
    return listener.stretch(1000);
  });
  hold(pair, `how much of the sound is silent ${when}`, silent?.silent, '1', silenced);
}

/** `begin` puts the received track on hold and mutes it, `end` unmutes it, each reported once; its content comes back. */
async function expectHold(
  pair: Pair,
  begin: () => Promise<void>,
  end: () => Promise<void>,
  kind: Kind = 'video',
): Promise<void> {
  await begin();
  expect(await told(pair, kind, 'mute'), 'the received track on hold').to.deep.equal({
    events: ['mute'],
    muted: true,
    readyState: 'live',
  });
  if (kind === 'audio') await expectSilence(pair, 'on hold');
  // two watchers that read every pixel are too many while other runs are at work
  else await pair.answerer.run(({ media: { watcher } }) => watcher.stop());
  await end();
  const back = await told(pair, kind, 'unmute');
  await expectContent(pair, kind, 'first');
  expect(back, 'the received track behind the hold').to.deep.equal({
    events: ['mute', 'unmute'],
    muted: false,
    readyState: 'live',
  });
}

/** The received track has ended, and reported it once. */
async function expectEnd(pair: Pair): Promise<void> {
  const { events, readyState } = await told(pair, 'video', 'ended');
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
    await callWith(pair, 'video');
    await expectHold(
      pair,
      () => direct(pair, 'inactive'),
      () => direct(pair, 'sendonly'),
    );
  },
);

scenario(
  {
    id: 'media/track/tone-muted-by-direction',
    title: 'A received tone on hold',
    asks: 'When the sender of a tone becomes inactive and then sends again, is the received track muted and unmuted, each reported once, is it silent in between, and does the tone come back?',
    level: 'must',
    specs: [webrtc('process-remote-track-removal'), webrtc('process-remote-track-addition')],
    needs: needsOf.audio,
  },
  async (pair) => {
    await callWith(pair, 'audio');
    await expectHold(
      pair,
      () => direct(pair, 'inactive'),
      () => direct(pair, 'sendonly'),
      'audio',
    );
  },
);

scenario(
  {
    id: 'media/track/unmuted-before-frame',
    title: 'A received track is unmuted before its first frame',
    asks: 'Is a track muted in its `track` event, and is `unmute` fired before the first frame is shown, at the beginning and behind a hold?',
    level: 'must',
    specs: [webrtc('mediastreamtrack-network-use'), webrtc('process-remote-track-addition')],
    needs: needsOf.video,
  },
  async (pair) => {
    await connect(pair);
    await pair.answerer.run(({ connection: { pc }, media, kept }) => {
      pc.addEventListener(
        'track',
        ({ track }) => {
          const watcher = media.watch(track);
          const unmuted: number[] = [];
          kept.set('unmuted', unmuted);
          kept.set('muted', track.muted);
          track.addEventListener('unmute', () => unmuted.push(watcher.report().frames));
        },
        { once: true },
      );
    });
    const untilTenMore = () =>
      pair.answerer.run(async ({ media: { watcher } }) => {
        const { risen: before } = watcher.report();
        await watcher.until('10 new frames', ({ risen }) => risen >= before + 10);
      });
    await addContent(pair.offerer, 'video', 'first');
    await negotiate(pair);
    await untilTenMore();
    await direct(pair, 'inactive');
    const onHold = await pair.answerer.run(async ({ media: { watcher } }) => {
      await watcher.until('the picture to stand still', ({ looks }) => looks !== 'moving');
      return watcher.report().frames;
    });
    await direct(pair, 'sendonly');
    await untilTenMore();
    const { muted, unmuted } = await pair.answerer.run(({ media: { watcher }, kept }) => {
      watcher.stop();
      return { muted: kept.get('muted'), unmuted: kept.get('unmuted') };
    });
    expect(muted, 'whether the track is muted in its `track` event').to.equal(true);
    expect(unmuted, 'frames that were shown when each `unmute` was fired').to.deep.equal([0, onHold]);
    await expectContent(pair, 'video', 'first');
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
    await callWith(pair, 'video');
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
    await callWith(pair, 'video');
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
    await callWith(pair, 'video');
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
    await callWith(pair, 'video');
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
    await callWith(pair, 'video');
    await pair.offerer.run(({ connection }) => connection.pc.close());
    const { rose, readyState } = await standsStill(pair);
    expect(rose, 'new frames that came once the sender was closed').to.equal(0);
    expect(readyState, 'the state of the received track').to.equal('live');
    expect(await toldSoFar(pair), 'what the received track told within two seconds').to.deep.equal(['mute']);
  },
);

/** The same as `callWith`, with a sender in a page of its own, which goes away without close(). */
async function callFromPage(pair: Pair, kind: Kind): Promise<void> {
  await pair.answerer.run((agent) => void agent.connect());
  await pair.offerer.run(connectInFrame);
  await addContent(pair.offerer, kind, 'first');
  await negotiate(pair);
  await expectBegun(pair, kind, 'first');
  await listen(pair, kind);
}

/** The page of the sender goes away. */
async function leavePage({ offerer }: Pair): Promise<void> {
  expect(await offerer.run(leave), 'whether the page of the offerer is gone').to.equal(true);
}

/** Once the answerer knows that the other page is gone, the received track is still live, and has never told an end. */
async function expectLive(pair: Pair): Promise<void> {
  const readyState = await pair.answerer.run(async ({ connection: { pc }, waitFor }) => {
    const [receiver] = pc.getReceivers();
    await waitFor({
      name: 'the loss of the other page to be known',
      phase: 'dtls',
      probe: () =>
        receiver?.transport?.state === 'closed' || ['disconnected', 'failed'].includes(pc.iceConnectionState),
      triggers: [{ everyMs: 20 }, { on: pc, events: ['iceconnectionstatechange'] }],
      seen: () => `DTLS ${String(receiver?.transport?.state)}, ICE ${pc.iceConnectionState}`,
    });
    return receiver?.track.readyState;
  });
  expect(readyState, 'the state of the received track').to.equal('live');
  const ends = (await toldSoFar(pair)).filter((event) => event === 'ended');
  expect(ends, 'ends that the received track has told').to.deep.equal([]);
}

const pageGone = {
  level: 'must',
  specs: [webrtc('dfn-close-the-connection'), webrtc('mediastreamtrack-network-use')],
  timeoutMs: 50_000,
} as const;
/** The page that goes is a frame. */
const inFrame = ['HTMLIFrameElement', 'RTCDtlsTransport'];

scenario(
  {
    ...pageGone,
    id: 'media/track/page-gone',
    title: 'A received picture whose page goes away',
    asks: 'When the page of the sender goes away without close(), does the picture stand still at once, and does the received track stay live until the loss is known, without telling an end?',
    needs: [...needsOf.video, ...inFrame],
  },
  async (pair) => {
    await callFromPage(pair, 'video');
    // two watchers that read every pixel are too many
    await pair.answerer.run(({ media: { watcher } }) => watcher.stop());
    await leavePage(pair);
    const { lastMs } = await receiveNothing(pair.answerer);
    hold(pair, 'time until nothing comes', lastMs, 'ms', timeToStop);
    await expectLive(pair);
  },
);

scenario(
  {
    ...pageGone,
    id: 'media/track/tone-page-gone',
    title: 'A received tone whose page goes away',
    asks: 'When the page of the sender goes away without close(), is the tone silent at once, and does the received track stay live until the loss is known, without telling an end?',
    needs: [...needsOf.audio, ...inFrame],
  },
  async (pair) => {
    await callFromPage(pair, 'audio');
    await leavePage(pair);
    const gone = performance.now();
    await expectSilence(pair, 'once the page is gone');
    hold(pair, 'time until a second of silence has passed', performance.now() - gone, 'ms', timeToSilence);
    await expectLive(pair);
  },
);

scenario(
  {
    ...pageGone,
    id: 'media/track/muted-by-page-gone',
    title: 'A received track whose page goes away',
    asks: 'When the page of the sender goes away without close(), is the received track muted, which is reported once, and does it stay live?',
    needs: [...needsOf.video, ...inFrame],
  },
  async (pair) => {
    await callFromPage(pair, 'video');
    await leavePage(pair);
    const { rose, readyState } = await standsStill(pair);
    expect(rose, 'new frames that came once the page was gone').to.equal(0);
    expect(readyState, 'the state of the received track').to.equal('live');
    // the connection is closed as the page goes, and that sends an RTCP BYE for each stream
    expect(await toldSoFar(pair), 'what the received track told within two seconds').to.deep.equal(['mute']);
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
const enable = ({ offerer }: Pair, kind: Kind, enabled: boolean): Promise<void> =>
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
    await callWith(pair, 'video');
    await enable(pair, 'video', false);
    const { frames, brightest } = await untilBlack(pair);
    pair.measure('black frames in 1.5 s', frames, '1');
    expect(brightest, 'the brightest frame while it is disabled, of 255').to.be.at.most(20);
    await enable(pair, 'video', true);
    await expectContent(pair, 'video', 'first');
    expect(await toldSoFar(pair), 'what the received track has told').to.deep.equal([]);
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
    await callWith(pair, 'audio');
    await enable(pair, 'audio', false);
    await expectSilence(pair, 'while it is disabled');
    await enable(pair, 'audio', true);
    await expectContent(pair, 'audio', 'first');
    expect(await toldSoFar(pair), 'what the received track has told').to.deep.equal([]);
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
    await callWith(pair, 'video');
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
    await callWith(pair, 'video');
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
