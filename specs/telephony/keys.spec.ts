import { scenario } from '../scenario.ts';
import { key } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import {
  byEvents,
  call,
  dial,
  distances,
  expectReceived,
  insertDtmf,
  median,
  receivedKeys,
  type Dialled,
} from './steps.ts';

/** What is dialled, the keys that have to come, and how long each has to last in milliseconds. */
interface Case {
  title: string;
  asks: string;
  dialled: Dialled;
  due?: string;
  lengthMs: number;
}

const cases: Record<string, Case> = {
  every: {
    title: 'Every telephone key',
    asks: 'Do all sixteen keys arrive, each once, in the order they were dialled?',
    dialled: { tones: '147*2580369#ABCD', duration: 60, gap: 40 },
    lengthMs: 60,
  },
  same: {
    title: 'One key four times',
    asks: 'Does a key that is dialled four times in a row arrive four times, each for the default length?',
    dialled: { tones: '5555' },
    lengthMs: 100,
  },
  'lower-case': {
    title: 'Keys in lower case',
    asks: 'Do a to d arrive as the keys A to D?',
    dialled: { tones: 'abcd' },
    due: 'ABCD',
    lengthMs: 100,
  },
  shortest: {
    title: 'Keys of 40 ms',
    asks: 'Do keys last 40 ms, the shortest length allowed, when that is asked for?',
    dialled: { tones: '15937', duration: 40, gap: 40 },
    lengthMs: 40,
  },
  'too-short': {
    title: 'Keys of 1 ms',
    asks: 'Do keys last 40 ms when a shorter time is asked for?',
    dialled: { tones: '15937', duration: 1, gap: 40 },
    lengthMs: 40,
  },
  long: {
    title: 'Keys of 900 ms',
    asks: 'Do keys last 900 ms when that is asked for?',
    dialled: { tones: '28', duration: 900 },
    lengthMs: 900,
  },
  longest: {
    title: 'A key of 6000 ms',
    asks: 'Does a key last 6000 ms, the longest length allowed, when that is asked for?',
    dialled: { tones: '5', duration: 6000 },
    lengthMs: 6000,
  },
  'too-long': {
    title: 'A key of 7000 ms',
    asks: 'Does a key last 6000 ms when a longer time is asked for?',
    dialled: { tones: '5', duration: 7000 },
    lengthMs: 6000,
  },
};

for (const [name, { title, asks, dialled, due, lengthMs }] of Object.entries(cases)) {
  scenario(
    {
      ...byEvents,
      id: `telephony/keys/${name}`,
      title,
      asks,
      specs: [insertDtmf],
      // its time is that of its packets, however late they come
      load: lengthMs < 5000 ? 'media' : 'idle',
    },
    async (pair) => {
      await call(pair);
      await dial(pair.offerer, dialled);
      const received = await receivedKeys(pair);
      expectReceived(received, due ?? dialled.tones);
      const lengths = received.map((one) => one.lengthMs);
      hold(pair, 'shortest key', Math.min(...lengths), 'ms', { least: lengthMs });
      hold(pair, 'longest key', Math.max(...lengths), 'ms', { most: lengthMs + key.packetMs });
    },
  );
}

scenario(
  {
    ...byEvents,
    id: 'telephony/keys/comma',
    title: 'A comma between two keys',
    asks: 'Does a comma leave two seconds of silence between two keys?',
    specs: [insertDtmf],
  },
  async (pair) => {
    await call(pair);
    await dial(pair.offerer, { tones: '1,2' });
    const received = await receivedKeys(pair);
    expectReceived(received, '12');
    const [apart = NaN] = distances(received);
    const silence = apart - (received[0]?.lengthMs ?? NaN);
    // A gap of 70 ms comes on top, and three of them in Chromium, which is what pace/* is about
    hold(pair, 'silence of the comma', silence, 'ms', { least: 1950, most: 2400, paced: true });
  },
);

for (const [name, duration, gap] of [
  ['default', undefined, undefined],
  ['long-gap', 40, 250],
] as const) {
  const [lengthMs, gapMs] = [duration ?? 100, gap ?? 70];
  scenario(
    {
      ...byEvents,
      id: `telephony/pace/${name}`,
      title: `Keys ${String(lengthMs + gapMs)} ms apart`,
      asks: `With keys of ${String(lengthMs)} ms and gaps of ${String(gapMs)} ms, does each key begin one length plus one gap after the one before it?`,
      specs: [insertDtmf, 'https://github.com/w3c/webrtc-pc/issues/799'],
    },
    async (pair) => {
      await call(pair);
      await dial(pair.offerer, {
        tones: '14725',
        ...(duration === undefined ? {} : { duration }),
        ...(gap === undefined ? {} : { gap }),
      });
      const received = await receivedKeys(pair);
      expectReceived(received, '14725');
      hold(pair, 'time from one key to the next', median(distances(received)), 'ms', {
        least: lengthMs + gapMs - 2 * key.packetMs,
        // webrtc-pc lets each of the two be a packet longer; the rest is for what comes late on a busy machine, seen 343
        // instead of 290. Twice the gap is 240 and 540.
        most: lengthMs + 1.2 * gapMs + 2 * key.packetMs,
        paced: true,
      });
    },
  );
}
