import { scenario } from '../scenario.ts';
import { key } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import {
  call,
  dial,
  distances,
  expectKeys,
  heardKeys,
  insertDtmf,
  keypad,
  median,
  telephony,
  type Dialled,
} from './steps.ts';

/** What is dialled, and how long each key has to last and the keys to be apart, in milliseconds. */
interface Case {
  title: string;
  asks: string;
  dialled: Dialled;
  due?: string;
  lengthMs: number;
}

const cases: Record<string, Case> = {
  every: {
    title: 'Every key of a telephone',
    asks: 'Are all sixteen keys heard, each by its two frequencies, in the order in which they were dialled?',
    dialled: { tones: '147*2580369#ABCD', duration: 60, gap: 40 },
    lengthMs: 60,
  },
  same: {
    title: 'One key four times',
    asks: 'Is a key that is dialled four times in a row heard four times, with pauses between?',
    dialled: { tones: '5555' },
    lengthMs: 100,
  },
  'lower-case': {
    title: 'Keys in lower case',
    asks: 'Are a to d heard as the keys A to D?',
    dialled: { tones: 'abcd' },
    due: 'ABCD',
    lengthMs: 100,
  },
  shortest: {
    title: 'Keys of 40 ms',
    asks: 'Are keys heard for 40 ms where that is asked for, the shortest that is allowed?',
    dialled: { tones: '15937', duration: 40, gap: 40 },
    lengthMs: 40,
  },
  'too-short': {
    title: 'Keys of 1 ms',
    asks: 'Are keys heard for 40 ms where a shorter time is asked for?',
    dialled: { tones: '15937', duration: 1, gap: 40 },
    lengthMs: 40,
  },
  long: {
    title: 'Keys of 600 ms',
    asks: 'Are keys heard for 600 ms where that is asked for?',
    dialled: { tones: '28', duration: 600 },
    lengthMs: 600,
  },
};

for (const [name, { title, asks, dialled, due, lengthMs }] of Object.entries(cases)) {
  scenario(
    { ...telephony, id: `telephony/keys/${name}`, title, asks, specs: [insertDtmf, keypad] },
    async (pair) => {
      await call(pair);
      await dial(pair.offerer, dialled);
      const heard = await heardKeys(pair);
      expectKeys(heard, due ?? dialled.tones);
      const lengths = heard.map((one) => one.lengthMs);
      hold(pair, 'length of a key', median(lengths), 'ms', {
        least: lengthMs - key.shorterMs,
        most: lengthMs + key.longerMs,
        paced: true,
      });
    },
  );
}

scenario(
  {
    ...telephony,
    id: 'telephony/keys/comma',
    title: 'A comma between two keys',
    asks: 'Is a comma two seconds in which no key is heard?',
    specs: [insertDtmf],
  },
  async (pair) => {
    await call(pair);
    await dial(pair.offerer, { tones: '1,2' });
    const heard = await heardKeys(pair);
    expectKeys(heard, '12');
    const [before, behind] = heard;
    const silence = before && behind ? behind.atMs - before.atMs - before.lengthMs : null;
    // the gap behind the first key comes on top, and as long again in Chromium, of which pace/* tells
    hold(pair, 'silence of the comma', silence, 'ms', { least: 1980, most: 2250, paced: true });
  },
);

for (const [name, duration, gap] of [
  ['default', undefined, undefined],
  ['short-gap', 200, 30],
  ['long-gap', 40, 250],
] as const) {
  const [lengthMs, gapMs] = [duration ?? 100, gap ?? 70];
  scenario(
    {
      ...telephony,
      id: `telephony/pace/${name}`,
      title: `Keys ${String(lengthMs + gapMs)} ms apart`,
      asks: `Does a key begin ${String(lengthMs)} ms and ${String(gapMs)} ms behind the one before it, where those are its length and the gap?`,
      specs: [insertDtmf, 'https://github.com/w3c/webrtc-pc/issues/799'],
    },
    async (pair) => {
      await call(pair);
      await dial(pair.offerer, {
        tones: '14725',
        ...(duration === undefined ? {} : { duration }),
        ...(gap === undefined ? {} : { gap }),
      });
      const heard = await heardKeys(pair);
      expectKeys(heard, '14725');
      hold(pair, 'time from one key to the next', median(distances(heard)), 'ms', {
        least: lengthMs + gapMs - key.shorterMs,
        most: lengthMs + gapMs + key.laterMs,
        paced: true,
      });
    },
  );
}
