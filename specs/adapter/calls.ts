import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { Impairments } from '../../harness/protocol/signaling.ts';
import { withNetwork } from '../network.ts';
import { tone } from '../steps/bounds.ts';
import { expectNothingElse } from '../steps/channels.ts';
import { expectPace } from '../steps/hold.ts';
import { expectPicture, seeReceived } from '../steps/picture.ts';
import { expectKey, expectTone, hearReceived } from '../steps/sound.ts';
import { adapterNames, detectedIn, differenceOf, type Peer } from './steps.ts';

/** A kind of call, tried with adapter on neither side, either side and both. */
export interface CallKind {
  name: string;
  /** Version of the scenarios that are made from it; default 1. */
  version?: number;
  title: string;
  asks: string;
  specs: readonly string[];
  needs: { offerer: readonly string[]; answerer: readonly string[] };
  signaling?: Impairments;
  body: (context: PairContext<Agent>) => Promise<void>;
}

const source = 'HTMLCanvasElement.prototype.captureStream';
const reader = 'HTMLVideoElement.prototype.requestVideoFrameCallback';

/** Whether adapter is on a page is judged by what the page says, not by what was asked for. */
export async function expectAdapterOn(peer: Peer, side: string, shimmed: boolean): Promise<void> {
  const detected = await peer.run(() => {
    const adapter: unknown = Reflect.get(globalThis, 'adapter');
    const details: unknown = adapter instanceof Object ? Reflect.get(adapter, 'browserDetails') : null;
    return details instanceof Object ? String(Reflect.get(details, 'browser')) : null;
  });
  expect(detected, `adapter on the ${side}`).to.equal(shimmed ? adapterNames[peer.engine] : null);
}

/** What a call throws on connections of windows that have no adapter. */
async function failureWithoutAdapter(
  context: PairContext<Agent>,
  call: CallKind['body'],
): Promise<Error | undefined> {
  const native = await Promise.all([context.offerer, context.answerer].map((peer) => detectedIn(peer, [])));
  expect(native, 'adapter in the windows without it').to.deep.equal([null, null]);
  return failureOf(call, context);
}

/** What a call throws. That is the question here, so it does not end the scenario. */
async function failureOf(call: CallKind['body'], context: PairContext<Agent>): Promise<Error | undefined> {
  try {
    await call(context);
    return undefined;
  } catch (error) {
    return error instanceof Error ? error : new Error(String(error), { cause: error });
  }
}

/**
 * Runs a call with adapter. One that fails is tried again without it, in the same pages: if it then works, that is a
 * finding of its own, and the difference between the descriptions is kept as its evidence.
 */
export async function judgeAdapter(context: PairContext<Agent>, call: CallKind['body']): Promise<void> {
  const { offerer, answerer, trace } = context;
  const [half, other] = [offerer.within(0.5), answerer.within(0.5)];
  const failure = await failureOf(call, { ...context, offerer: half, answerer: other });
  if (failure === undefined) return;
  const startOver = () =>
    Promise.all([offerer, answerer].map((peer) => peer.run((agent) => agent.startOver())));
  const [shimmed, control] = [await startOver(), await failureWithoutAdapter(context, call)];
  trace('the-same-call-without-adapter', control?.message ?? 'works');
  if (control) throw failure;
  const native = await startOver();
  const sides = ['offerer', 'answerer'].map((side, at) => [
    side,
    differenceOf(native[at]?.at(-1) ?? '', shimmed[at]?.at(-1) ?? ''),
  ]);
  trace('descriptions-without-and-with-adapter', Object.fromEntries(sides));
  // Two calls are compared, one after the other: where the first only missed a bound of pace, the machine may be why.
  expectPace(control !== undefined, `works without adapter, fails with it: ${failure.message}`).to.equal(
    true,
  );
}

const connect = (peer: Peer) => peer.run((agent) => void agent.connect());

const exchange = async ({ offerer, answerer }: PairContext<Agent>, label: string, text: string) => {
  await offerer.run(async ({ connection }, said) => (await connection.channel(said.label)).send(said.text), {
    label,
    text,
  });
  const received = await answerer.run(({ connection }, name) => connection.message(name), label);
  expect(received, `what the answerer received on "${label}"`).to.equal(text);
};

const seesVideo = async (context: PairContext<Agent>) =>
  expectPicture(context, await seeReceived(context.answerer), { size: [320, 240] });

const hearsTone = async (context: PairContext<Agent>, hertz: number) => {
  const [heard] = await hearReceived(context.answerer, hertz);
  expectTone(context, heard, { hertz });
};

/** In a call that works, audio, video and data arrive. */
export async function audioVideoData(context: PairContext<Agent>): Promise<void> {
  await connect(context.answerer);
  await context.offerer.run(async (agent) => {
    const connection = agent.connect();
    const audio = await agent.media.tone({ frequencies: [440] });
    const video = agent.media.video();
    connection.pc.addTrack(audio.track, audio.stream);
    connection.pc.addTrack(video.track, video.stream);
    connection.createChannel('data');
    await connection.negotiate();
  });
  await exchange(context, 'data', 'hello');
  await seesVideo(context);
  await hearsTone(context, 440);
  await expectNothingElse(context);
}

async function trackLater(context: PairContext<Agent>): Promise<void> {
  await connect(context.answerer);
  await context.offerer.run(async (agent) => {
    const connection = agent.connect();
    connection.createChannel('data');
    await connection.negotiate();
  });
  await exchange(context, 'data', 'before');
  await context.offerer.run(async ({ connection, media }) => {
    const { track, stream } = media.video();
    connection.pc.addTrack(track, stream);
    await connection.negotiate();
  });
  await seesVideo(context);
  await exchange(context, 'data', 'after');
  await expectNothingElse(context);
}

async function messageLimit(context: PairContext<Agent>): Promise<void> {
  const { offerer, answerer, measure } = context;
  await connect(answerer);
  const { limit, size, thrown } = await offerer.run(async (agent) => {
    const connection = agent.connect();
    connection.createChannel('data');
    await connection.negotiate();
    const channel = await connection.channel('data');
    const announced = connection.pc.sctp?.maxMessageSize ?? 0;
    // Firefox takes a gigabyte; 256 KiB, which every browser can be offered, are enough for this question.
    const sent = Math.min(announced, 256 * 1024);
    const refusals: string[] = [];
    if (announced <= sent) {
      try {
        channel.send('x'.repeat(announced + 1));
        refusals.push('nothing');
      } catch (error) {
        // What `send` throws is the question; which window the error belongs to is not.
        refusals.push(typeof error === 'object' && error ? String(Reflect.get(error, 'name')) : typeof error);
      }
    }
    channel.send('0123456789abcdef'.repeat(sent / 16));
    return { limit: announced, size: sent, thrown: refusals };
  });
  const received = await answerer.run(async ({ connection }) => {
    const message = await connection.message('data');
    if (typeof message !== 'string') return { length: -1, whole: false };
    return { length: message.length, whole: /^(?:0123456789abcdef)+$/.test(message) };
  });
  measure('maxMessageSize', Number.isFinite(limit) ? limit : -1, 'bytes');
  expect(limit, 'sctp.maxMessageSize of the offerer').to.be.at.least(65_536);
  expect(received, 'the message at the limit').to.deep.equal({ length: size, whole: true });
  expect(
    thrown.every((name) => name === 'TypeError'),
    `what a message above the limit threw: ${thrown.join()}`,
  ).to.equal(true);
  await expectNothingElse(context);
}

async function dtmf(context: PairContext<Agent>): Promise<void> {
  const { offerer, answerer } = context;
  await connect(answerer);
  const tones = await offerer.run(async (agent) => {
    const connection = agent.connect();
    const { track, stream } = await agent.media.tone({ gain: 0.001 });
    const sender = connection.pc.addTrack(track, stream);
    await connection.negotiate();
    await connection.connected();
    const { dtmf: keys } = sender;
    if (!keys) return null;
    const changes: string[] = [];
    keys.addEventListener('tonechange', ({ tone }) => changes.push(tone));
    agent.kept.set('changes', changes);
    await agent.waitFor({
      name: 'canInsertDTMF',
      phase: 'media',
      probe: () => keys.canInsertDTMF,
      triggers: [{ everyMs: 50 }],
    });
    keys.insertDTMF('5555', 2000, 100);
    return keys.toneBuffer;
  });
  expect(tones, 'the tones that wait to be sent').to.match(/^5{3,4}$/);
  // Key 5 is 770 Hz and 1336 Hz: https://www.itu.int/rec/T-REC-Q.23
  const heard = await answerer.run(async ({ connection, media }, least) => {
    const listener = await media.listen((await connection.track('audio')).track);
    // Not over a stretch, because receivers play a key in pieces.
    const [mono] = await listener.until('the tones of key 5, and none beside them', ([channel]) => {
      const [low = 0, high = 0] = [channel?.frequency ?? 0, channel?.secondFrequency ?? 0].toSorted(
        (a, b) => a - b,
      );
      // the tones of a row and a column of the keys: while a key begins, its own are not the strongest yet
      const isKey = low > 650 && low < 1050 && high > 1150 && high < 1700;
      return isKey && (channel?.secondLead ?? 0) >= least;
    });
    return mono;
  }, tone.keyLead);
  expectKey(context, heard, [770, 1336]);
  const told = await offerer.run(({ connection, kept }) => ({
    changes: kept.get('changes'),
    left: connection.pc.getSenders()[0]?.dtmf?.toneBuffer.length ?? 0,
  }));
  expect(told.changes, 'tonechange events, against the tones that have begun').to.deep.equal(
    Array.from({ length: tones ? 4 - told.left : 0 }, () => '5'),
  );
}

/** Checks come in order, or Chromium may stay with candidates from before the restart, as `connection/restart/slow-signaling` shows. */
const iceRestart = (context: PairContext<Agent>): Promise<void> =>
  withNetwork(context, { orderlyChecks: true }, async () => {
    const { offerer, answerer } = context;
    await connect(answerer);
    await offerer.run(async (agent) => {
      const connection = agent.connect();
      const { track, stream } = agent.media.video();
      connection.pc.addTrack(track, stream);
      connection.createChannel('data');
      await connection.negotiate();
    });
    await exchange(context, 'data', 'before');
    const { own, other, before } = await offerer.run(async ({ connection }) => {
      const before = await connection.selectedPair();
      await connection.negotiate({ iceRestart: true });
      const of = (descriptions: readonly { sdp?: string | undefined }[]) =>
        new Set(descriptions.map(({ sdp = '' }) => /^a=ice-ufrag:(.*)$/m.exec(sdp)?.[1])).size;
      return {
        own: of(connection.said.descriptions),
        other: of(connection.heard.descriptions),
        before,
      };
    });
    expect({ own, other }, 'different username fragments of each side').to.deep.equal({ own: 2, other: 2 });
    const after = await offerer.run(({ connection }, pair) => pair && connection.restarted(pair), before);
    expect(after?.local.port, 'the port of the pair in use').to.not.equal(before?.local.port);
    await exchange(context, 'data', 'after');
    await seesVideo(context);
    await expectNothingElse(context);
  });

/** Both sides offer at once; the offerer is impolite. https://www.w3.org/TR/webrtc/#perfect-negotiation-example */
async function perfectNegotiation(context: PairContext<Agent>): Promise<void> {
  const { offerer, answerer } = context;
  const states = await Promise.all([offersByHand(offerer, false), offersByHand(answerer, true)]);
  expect(states, 'the signaling states before either offer arrives').to.deep.equal([
    'have-local-offer',
    'have-local-offer',
  ]);
  const collide = (peer: Peer) =>
    peer.run(({ kept }) => {
      const start = kept.get('collide');
      if (typeof start === 'function') Reflect.apply(start, undefined, []);
    });
  await Promise.all([collide(offerer), collide(answerer)]);
  // The channel is in the second offer of the polite side: its first one was rolled back.
  const offered = await answerer.run((agent) =>
    agent.waitFor({
      name: 'a second offer of the polite side to be answered',
      phase: 'sdp',
      probe: () => {
        const notes: unknown = agent.kept.get('notes');
        if (typeof notes !== 'object' || notes === null) return undefined;
        const offers: unknown = Reflect.get(notes, 'offers');
        if (!Array.isArray(offers) || agent.connection.pc.signalingState !== 'stable') return undefined;
        return offers[1] as unknown;
      },
      triggers: [{ everyMs: 50 }],
    }),
  );
  expect(offered, 'the m-lines of the second offer of the polite side, after its rollback').to.include(
    'application',
  );
  await answerer.run(async ({ connection }) =>
    (await connection.channel('polite')).send('from the polite side'),
  );
  const received = await offerer.run(({ connection }) => connection.message('polite'));
  expect(received, 'what the offerer received').to.equal('from the polite side');
  await seesVideo(context);
  const [impolite, polite] = await Promise.all([offerer, answerer].map((peer) => peer.run(notesOf)));
  expect(impolite, 'what the impolite side did').to.deep.include({ ignored: 1, yielded: 0, failed: [] });
  expect(polite, 'what the polite side did').to.deep.include({ ignored: 0, yielded: 1, failed: [] });
  await expectNothingElse(context);
}

/** What a side did, with the m-lines of each of its offers. */
interface Notes {
  ignored: number;
  yielded: number;
  failed: string[];
  offers: string[][];
}

const notesOf = ({ kept }: Agent): unknown => kept.get('notes');

/** Makes a first offer and holds back both it and whatever arrives until `collide` is called. Without trickle. */
const offersByHand = (peer: Peer, polite: boolean) =>
  peer.run(async (agent, yields) => {
    const connection = agent.connect();
    const { pc } = connection;
    const early: Message[] = [];
    agent.signaling.receive((message) => void early.push(message));
    const notes: Notes = { ignored: 0, yielded: 0, failed: [], offers: [] };
    agent.kept.set('notes', notes);
    const describe = async () => {
      await pc.setLocalDescription();
      await agent.waitFor({
        name: 'ICE gathering to complete',
        phase: 'ice',
        probe: () => pc.iceGatheringState === 'complete',
        triggers: [{ on: pc, events: ['icegatheringstatechange'] }],
      });
      const { type, sdp = '' } = pc.localDescription ?? {};
      if (type === 'offer') notes.offers.push([...sdp.matchAll(/^m=(\w+)/gm)].map(([, kind = '']) => kind));
    };
    const send = () => {
      if (!pc.localDescription) throw new Error('there is no local description to send');
      const { type, sdp } = pc.localDescription;
      agent.signaling.send({ type: 'description', description: { type, sdp } });
    };
    const hear = async (message: Message) => {
      if (message.type !== 'description') return;
      const { type, sdp = '' } = message.description;
      const collides = type === 'offer' && pc.signalingState !== 'stable';
      if (collides) notes[yields ? 'yielded' : 'ignored'] += 1;
      if (collides && !yields) return;
      await pc.setRemoteDescription({ type, sdp });
      if (type !== 'offer') return;
      await describe();
      send();
    };
    let queue = Promise.resolve();
    const inTurn = (step: () => Promise<void>) => {
      queue = queue.then(step).catch((error: unknown) => void notes.failed.push(String(error)));
    };
    const { track, stream } = agent.media.video();
    pc.addTrack(track, stream);
    if (yields) connection.createChannel('polite');
    await describe();
    agent.kept.set('collide', () => {
      send();
      pc.addEventListener('negotiationneeded', () => {
        // Chromium asks again and again to negotiate what it then does not offer; twice is enough to tell.
        if (notes.offers.length < 2) inTurn(() => describe().then(send));
      });
      for (const message of early) inTurn(() => hear(message));
      agent.signaling.receive((message) => inTurn(() => hear(message)));
    });
    return pc.signalingState;
  }, polite);

type Message = Parameters<Parameters<Agent['signaling']['receive']>[0]>[0];

const jsep = 'https://www.rfc-editor.org/rfc/rfc8829';
const picture = { offerer: [source], answerer: [reader] };
const sound = { offerer: ['MediaStreamAudioDestinationNode'], answerer: ['AnalyserNode'] };

export const callKinds: readonly CallKind[] = [
  {
    name: 'audio-video-data',
    title: 'Audio, video and data',
    asks: 'Do audio, video and data arrive?',
    specs: [jsep],
    needs: {
      offerer: [...picture.offerer, ...sound.offerer],
      answerer: [...picture.answerer, ...sound.answerer],
    },
    body: audioVideoData,
  },
  {
    name: 'track-later',
    title: 'A track added later',
    asks: 'Does video that is added to a call arrive, and does data still flow afterwards?',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-addtrack'],
    needs: picture,
    body: trackLater,
  },
  {
    name: 'message-limit',
    title: 'A message at the limit',
    asks: 'Does the largest message (256 KiB at most) arrive whole, and is a larger one refused with a TypeError?',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcsctptransport-maxmessagesize'],
    needs: { offerer: [], answerer: [] },
    body: messageLimit,
  },
  {
    name: 'dtmf',
    title: 'DTMF',
    asks: 'Does the answerer hear the tones of a key that the offerer presses?',
    specs: ['https://www.w3.org/TR/webrtc/#rtcdtmfsender', 'https://www.rfc-editor.org/rfc/rfc4733'],
    needs: { offerer: ['RTCDTMFSender', ...sound.offerer], answerer: sound.answerer },
    body: dtmf,
  },
  {
    name: 'ice-restart',
    version: 3,
    title: 'ICE restart',
    asks: 'Does ICE restart with new credentials on both sides, is a candidate pair from the restart in use, and do video and data arrive afterwards?',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection-restartice', jsep],
    needs: picture,
    body: iceRestart,
  },
  {
    name: 'perfect-negotiation',
    title: 'Perfect negotiation',
    asks: 'When both sides offer at once, does the polite one roll back, and does what both offered arrive?',
    specs: ['https://www.w3.org/TR/webrtc/#perfect-negotiation-example'],
    needs: { offerer: [source], answerer: [source, reader] },
    signaling: { trickle: false },
    body: perfectNegotiation,
  },
];
