import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Heard, SoundStretch } from '../../fixtures/peer-page/media/sound-stretch.ts';
import type { PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { tone } from './bounds.ts';
import { hold } from './hold.ts';

/** A tone as it is played: by default as loud as those of this project's sources. */
export interface PlayedTone {
  hertz: number;
  /** In dBFS. */
  level?: number;
  /** Least lead over any other tone, in dB; default `tone.lead`. */
  lead?: number;
  /** Least lead over all the rest, in dB; default `tone.purity`. */
  purity?: number;
}

/** The level of a sine at half of full scale, in dBFS: that of `media.tone()` and of the files. */
export const plainLevel = 20 * Math.log10(0.5 / Math.SQRT2);

/** What a side hears of a sound that it receives, over a second, starting once it hears the given tone. */
export const hearReceived = (receiver: PeerHandle<Agent>, hertz: number): Promise<SoundStretch[]> =>
  receiver.run(async ({ connection, media }, wanted) => {
    const listener = await media.listen((await connection.track('audio')).track);
    await listener.untilTone(wanted);
    return listener.stretch(1000);
  }, hertz);

/** What is heard is the tone that was played, over the whole stretch: its pitch, its level, and nothing else beside it. */
export function expectTone(
  tools: Pick<Tools, 'measure'>,
  heard: SoundStretch | undefined,
  { hertz, level = plainLevel, lead = tone.lead, purity = tone.purity }: PlayedTone,
  where = '',
): void {
  const pitch = { least: hertz * (1 - tone.pitch), most: hertz * (1 + tone.pitch), paced: true } as const;
  hold(tools, `heard frequency${where}`, heard?.frequency, 'Hz', pitch);
  // what a busy receiver conceals is quieter: seen as low as -11.8 instead of -9 dBFS
  const loudness = { least: level - tone.level, most: level + tone.level, paced: true } as const;
  hold(tools, `heard level${where}`, heard?.level, 'dBFS', loudness);
  hold(tools, `silence${where}`, heard?.silent, '1', { most: tone.silent, paced: true });
  hold(tools, `longest silence${where}`, heard?.longestSilenceMs, 'ms', {
    most: tone.silenceMs,
    paced: true,
  });
  hold(tools, `lead over any other tone${where}`, heard?.lead, 'dB', { least: lead });
  hold(tools, `lead over all the rest${where}`, heard?.purity, 'dB', { least: purity, paced: true });
  expect(heard?.looks, `looks at the spectrum${where}`).to.be.at.least(3);
}

/**
 * The two strongest tones that are heard are those of the key, and they stand above any other.
 * https://www.itu.int/rec/T-REC-Q.23
 */
export function expectKey(
  tools: Pick<Tools, 'measure'>,
  heard: Heard | undefined,
  tones: readonly [low: number, high: number],
): void {
  const found = [heard?.frequency ?? 0, heard?.secondFrequency ?? 0].toSorted((a, b) => a - b);
  for (const [at, hertz] of tones.entries()) {
    // Q.23 keeps senders within 1.5 %, and the second strongest component is only known to within a bin of the spectrum
    const pitch = { least: hertz * 0.985, most: hertz * 1.015 };
    hold(tools, `heard frequency ${at === 0 ? 'of the row' : 'of the column'}`, found[at], 'Hz', pitch);
  }
  hold(tools, 'lead of the key over any other tone', heard?.secondLead, 'dB', { least: tone.keyLead });
}
