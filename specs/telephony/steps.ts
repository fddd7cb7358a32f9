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

/**
 * The offerer calls the answerer by PCMU, whose keys last as long as they are to, and the answerer records what it hears:
 * first a tone, then silence.
 */
export async function call(pair: Pair): Promise<void> {
  await pair.answerer.run((agent) => void agent.connect());
  await pair.offerer.run((agent) => void agent.connect());
  await callOver(pair, 'audio/PCMU');
}

/**
 * The same by connections that are there.
 * @param codec the only one of audio that is offered beside telephone-event, as a selector
 */
export async function callOver({ offerer, answerer }: Pair, codec: string): Promise<void> {
  const offered = offerer.run(async ({ connection, media, codecs }, selector) => {
    const { track, stream } = await media.tone({ frequencies: [400], gain: 0 });
    const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    codecs.only(transceiver, selector, 'audio/telephone-event');
    await connection.negotiate();
  }, codec);
  await bothNegotiate(answerer, offered);
  await answerer.run(async ({ connection, media }) => {
    await media.recordSound((await connection.track('audio')).track);
  });
  await lead({ offerer, answerer });
}

/**
 * The offerer plays a tone ahead of its keys until the answerer has heard it, and is silent then: a receiver that is given
 * a key before any sound does not play it.
 */
export async function lead({ offerer, answerer }: Pair): Promise<void> {
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
  /** What is inserted as soon as a tone begins, whatever waits. */
  next?: { at: string; tones: string };
}

/** An event `tonechange`. */
export interface ToneChange {
  tone: string;
  /** `toneBuffer` while it is told. */
  left: string;
}

/** What a sender told while it dialled. */
export interface Dialling {
  /** `toneBuffer` when `insertDTMF` has returned. */
  toneBuffer: string;
  changes: ToneChange[];
}

/** The offerer dials, and waits until it has told that no tone is left. */
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

/** Waits until the answerer has heard a key. */
export const heardKey = (answerer: Peer, dialled: string): Promise<unknown> =>
  answerer.run(
    ({ media }, wanted) =>
      media.soundRecorder.until(`key ${wanted}`, (keys) => keys.some(({ key }) => key === wanted)),
    dialled,
  );

/** The keys that the answerer has heard, up to a tone that the offerer sends behind them. All is kept as evidence. */
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

/** What was heard is what was dialled, key by key. A receiver that gets no time to play loses keys, so it is about pace. */
export function expectKeys(heard: readonly HeardKey[], due: string): void {
  expectPace(heard.map(({ key }) => key).join(''), 'the keys that the answerer heard').to.equal(due);
}

/** Milliseconds from the beginning of each key to that of the next. */
export const distances = (heard: readonly HeardKey[]): number[] =>
  heard.slice(1).map(({ atMs }, at) => atMs - (heard[at]?.atMs ?? NaN));

export const median = (values: readonly number[]): number | undefined =>
  values.toSorted((a, b) => a - b)[Math.floor(values.length / 2)];
