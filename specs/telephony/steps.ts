import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { HeardKey } from '../../fixtures/peer-page/media/keys.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { bothNegotiate } from '../codecs/steps.ts';
import { expectPace } from '../steps/hold.ts';

type Peer = PeerHandle<Agent>;
type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

const webrtc = (anchor: string) => `https://www.w3.org/TR/webrtc/#${anchor}`;
export const insertDtmf = webrtc('dom-rtcdtmfsender-insertdtmf');
export const canInsertDtmf = webrtc('dfn-determine-if-dtmf-can-be-sent');
export const keypad = 'https://www.itu.int/rec/T-REC-Q.23';

/** What scenarios about keys need, and the time that those with pauses take. */
export const telephony = {
  level: 'must',
  needs: {
    offerer: [
      'RTCDTMFSender.prototype.insertDTMF',
      'RTCRtpTransceiver.prototype.setCodecPreferences',
      'MediaStreamAudioDestinationNode',
    ],
    answerer: ['AudioWorkletNode'],
  },
  timeoutMs: 15_000,
} as const;

/** What is needed by scenarios that read the keys from the packets that come. */
export const byEvents = {
  ...telephony,
  needs: { ...telephony.needs, answerer: ['RTCRtpScriptTransform'] },
} as const;

/**
 * The offerer calls the answerer by PCMU, beside which both count the time of keys correctly; the answerer keeps the
 * telephone events that come.
 */
export async function call(pair: Pair): Promise<void> {
  await pair.answerer.run((agent) => {
    const { pc } = agent.connect();
    // a receiver that is put on hold and resumed announces its track again
    pc.addEventListener('track', ({ receiver }) => agent.codecs.keepTelephoneEvents(receiver), {
      once: true,
    });
  });
  await pair.offerer.run((agent) => void agent.connect());
  await offerSound(pair, 'audio/PCMU');
  // what comes before the answerer and its transform are ready is lost
  await pair.answerer.run(({ codecs, waitFor }) =>
    waitFor({
      name: 'sound ahead of the keys',
      phase: 'media',
      probe: async () => (await codecs.telephoneEvents()).others >= 5,
      triggers: [{ everyMs: 50 }],
    }),
  );
}

/**
 * The offerer offers silence over the existing connections.
 * @param codec the only audio codec that is offered beside telephone-event, as a selector
 */
export async function offerSound({ offerer, answerer }: Pair, codec: string): Promise<void> {
  const offered = offerer.run(async ({ connection, media, codecs }, selector) => {
    const { track, stream } = await media.tone({ frequencies: [400], gain: 0 });
    const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    codecs.only(transceiver, selector, 'audio/telephone-event');
    await connection.negotiate();
  }, codec);
  await bothNegotiate(answerer, offered);
}

/** The offerer offers silence, and the answerer records what it hears: first a tone, then silence. */
export async function callHeard(pair: Pair, codec: string): Promise<void> {
  await offerSound(pair, codec);
  await pair.answerer.run(async ({ connection, media }) => {
    await media.recordSound((await connection.track('audio')).track);
  });
  await lead(pair);
}

/** The offerer plays a tone before its keys until the answerer has heard it, and is then silent. */
async function lead({ offerer, answerer }: Pair): Promise<void> {
  const before = await answerer.run(({ media }) => media.soundRecorder.ms);
  await offerer.run(({ media }) => media.toneSource.setGain(0.2));
  await answerer.run(
    ({ media }, since) =>
      media.soundRecorder.until('the tone ahead of the keys', (keys) =>
        keys.some(({ key, atMs, lengthMs }) => key === '<' && atMs + lengthMs > since + 60 && lengthMs > 60),
      ),
    before,
  );
  await offerer.run(({ media }) => media.toneSource.setGain(0));
  await answerer.run(({ media }) =>
    media.soundRecorder.until('the silence ahead of the keys', (keys, ms) => {
      const last = keys.at(-1);
      return last !== undefined && ms - last.atMs - last.lengthMs > 100;
    }),
  );
}

/** What is dialled, as `insertDTMF` takes it; times in milliseconds, default 100 and 70. */
export interface Dialled {
  tones: string;
  duration?: number;
  gap?: number;
  /** What is inserted as soon as a certain tone begins, whatever is still waiting. */
  next?: { at: string; tones: string };
}

/** An event `tonechange`. */
export interface ToneChange {
  tone: string;
  /** `toneBuffer` while the event is handled. */
  left: string;
}

/** What a sender reported while it dialled. */
export interface Dialling {
  /** `toneBuffer` when `insertDTMF` has returned. */
  toneBuffer: string;
  changes: ToneChange[];
}

/** The offerer dials, and waits until it has reported that no tone is left. */
export const dial = (offerer: Peer, dialled: Dialled): Promise<Dialling> =>
  offerer.run(async ({ connection, waitFor }, { tones, duration, gap, next }) => {
    const dtmf = connection.pc.getSenders()[0]?.dtmf;
    if (!dtmf) throw new Error('the sender has no dtmf');
    await waitFor({
      name: 'canInsertDTMF to be true',
      phase: 'media',
      probe: () => dtmf.canInsertDTMF,
      triggers: [{ everyMs: 20 }],
    });
    const changes: ToneChange[] = [];
    dtmf.addEventListener('tonechange', ({ tone }) => {
      changes.push({ tone, left: dtmf.toneBuffer });
      if (tone === next?.at) dtmf.insertDTMF(next.tones, duration, gap);
    });
    dtmf.insertDTMF(tones, duration, gap);
    const { toneBuffer } = dtmf;
    await waitFor({
      name: 'tonechange without a tone, which ends the dialling',
      phase: 'media',
      probe: () => changes.some(({ tone }) => tone === ''),
      triggers: [{ on: dtmf, events: ['tonechange'] }],
      seen: () => `tones ${changes.map(({ tone }) => tone).join('')}`,
    });
    return { toneBuffer, changes };
  }, dialled);

/** A key that has come. */
export interface ReceivedKey {
  key: string;
  /** When it came, in milliseconds from the first key: Firefox's RTP clock falls behind where the machine is busy. */
  atMs: number;
  /** How long it was, by RTP, in milliseconds. */
  lengthMs: number;
}

/**
 * The keys that have come to the answerer once sound goes on after them; to be called when the dialling is over. The
 * telephone events are kept as evidence.
 */
export async function receivedKeys({ answerer, trace }: PairContext<Agent>): Promise<ReceivedKey[]> {
  const events = await answerer.run(async ({ codecs, waitFor }) => {
    let now = await codecs.telephoneEvents();
    let last = now;
    return waitFor({
      name: 'sound behind the keys',
      phase: 'media',
      probe: async () => {
        now = await codecs.telephoneEvents();
        // on a busy machine, keys arrive long after the sender has finished with them
        if (now.events.length > last.events.length) last = now;
        return now.others >= last.others + 15 && now.events;
      },
      triggers: [{ everyMs: 50 }],
      seen: () => `${String(now.events.length)} keys, ${String(now.others)} frames of sound`,
    });
  });
  trace('telephone events', events);
  // on a busy machine, Firefox now and then begins a key before it has told the end of the one before
  expectPace(
    events.filter(({ ended }) => !ended).map(({ key }) => key),
    'keys that never ended',
  ).to.deep.equal([]);
  const [first] = events;
  return events.map(({ key, cameMs, duration }) => ({
    key,
    atMs: Math.round(cameMs - (first?.cameMs ?? NaN)),
    lengthMs: Math.round(duration / 8),
  }));
}

/** What has come is what was dialled, key by key. */
export function expectReceived(received: readonly ReceivedKey[], due: string): void {
  expect(received.map(({ key }) => key).join(''), 'the keys that came to the answerer').to.equal(due);
}

/** The keys that the answerer has heard, up to a tone that the offerer sends after them. All is kept as evidence. */
export async function heardKeys({ offerer, answerer, trace }: PairContext<Agent>): Promise<HeardKey[]> {
  await offerer.run(({ media }) => {
    media.toneSource.setFrequency(2000);
    media.toneSource.setGain(0.2);
  });
  const all = await answerer.run(({ media }) =>
    media.soundRecorder.until('the tone behind the keys', (keys) =>
      keys.some(({ key, lengthMs }) => key === '>' && lengthMs > 60),
    ),
  );
  trace('keys', all);
  return all.filter(({ key }) => !'<?>'.includes(key));
}

/** What was heard is what was dialled, key by key. A receiver that gets no time to play loses keys, so this is about pace. */
export function expectHeard(heard: readonly HeardKey[], due: string): void {
  expectPace(heard.map(({ key }) => key).join(''), 'the keys that the answerer heard').to.equal(due);
}

/** Milliseconds from the beginning of each key to that of the next. */
export const distances = (keys: readonly ReceivedKey[]): number[] =>
  keys.slice(1).map(({ atMs }, at) => atMs - (keys[at]?.atMs ?? NaN));

export const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
