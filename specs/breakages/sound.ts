import type { Kit } from '../kit/kit.ts';
import type { SoundPlace } from '../kit/sound.ts';

/** Ways to break sound, as it is sent or as it is played. */

interface At {
  place: SoundPlace;
}

/** The sound is louder or quieter by so many decibels. */
export const gain = (kit: Kit, { place, decibels }: At & { decibels: number }) =>
  kit.filterSound(place, (context, input) =>
    input.connect(new GainNode(context, { gain: 10 ** (decibels / 20) })),
  );

/** The pitch is off by `percent` per cent, through a delay that falls or grows all the time. */
export const offPitch = (kit: Kit, { place, percent }: At & { percent: number }) =>
  kit.filterSound(place, (context, input) => {
    const seconds = 60;
    const most = (seconds * Math.abs(percent)) / 100;
    const line = new DelayNode(context, { maxDelayTime: most + 0.1 });
    const now = context.currentTime;
    line.delayTime.setValueAtTime(percent > 0 ? most : 0, now);
    line.delayTime.linearRampToValueAtTime(percent > 0 ? 0 : most, now + seconds);
    return input.connect(line);
  });

/** A second tone sounds alongside the right one. */
export const secondTone = (
  kit: Kit,
  { place, hertz, amplitude }: At & { hertz: number; amplitude: number },
) =>
  kit.filterSound(place, (context, input) => {
    const sum = new GainNode(context);
    const tone = new OscillatorNode(context, { frequency: hertz });
    tone.connect(new GainNode(context, { gain: amplitude })).connect(sum);
    tone.start();
    input.connect(sum);
    return sum;
  });

/** Noise sounds alongside the right sound. */
export const noise = (kit: Kit, { place, amplitude }: At & { amplitude: number }) =>
  kit.filterSound(place, (context, input) => {
    const buffer = new AudioBuffer({ length: context.sampleRate, sampleRate: context.sampleRate });
    const samples = buffer.getChannelData(0);
    for (const at of samples.keys()) samples[at] = (Math.random() * 2 - 1) * amplitude;
    const source = new AudioBufferSourceNode(context, { buffer, loop: true });
    const sum = new GainNode(context);
    source.connect(sum);
    source.start();
    input.connect(sum);
    return sum;
  });

/** The sound is silent for a part of the time. */
export const gaps = (kit: Kit, { place, everyMs, silentMs }: At & { everyMs: number; silentMs: number }) =>
  kit.filterSound(place, (context, input) => {
    const gate = new GainNode(context);
    const now = context.currentTime;
    for (let at = 0; at < 60_000; at += everyMs) {
      gate.gain.setValueAtTime(1, now + at / 1000);
      gate.gain.setValueAtTime(0, now + (at + everyMs - silentMs) / 1000);
    }
    return input.connect(gate);
  });

/** The sound ends after a while, or begins only then. */
export const after = (kit: Kit, { place, ms, to }: At & { ms: number; to: 'silence' | 'sound' }) =>
  kit.filterSound(place, (context, input) => {
    const gate = new GainNode(context, { gain: to === 'silence' ? 1 : 0 });
    gate.gain.setValueAtTime(to === 'silence' ? 0 : 1, context.currentTime + ms / 1000);
    return input.connect(gate);
  });

/** How much of each input channel, left and right, goes to each output channel. */
export const mixed = (
  kit: Kit,
  { place, left, right }: At & { left: [number, number]; right: [number, number] },
) =>
  kit.filterSound(place, (context, input) => {
    const splitter = new ChannelSplitterNode(context, { numberOfOutputs: 2 });
    const merger = new ChannelMergerNode(context, { numberOfInputs: 2 });
    input.connect(splitter);
    for (const [output, shares] of [left, right].entries()) {
      for (const [channel, share] of shares.entries()) {
        splitter.connect(new GainNode(context, { gain: share }), channel).connect(merger, 0, output);
      }
    }
    return merger;
  });

/** Part of the spectrum is missing. */
export const bandLost = (
  kit: Kit,
  { place, type, hertz, q = 1 }: At & { type: BiquadFilterType; hertz: number; q?: number },
) =>
  kit.filterSound(place, (context, input) =>
    [1, 2, 3].reduce<AudioNode>(
      (node) => node.connect(new BiquadFilterNode(context, { type, frequency: hertz, Q: q })),
      input,
    ),
  );

/** The sound is clipped at the amplitude `at`. */
export const clipped = (kit: Kit, { place, at }: At & { at: number }) =>
  kit.filterSound(place, (context, input) => {
    const curve = new Float32Array(2001).map((_, index) =>
      Math.max(-at, Math.min(at, (index - 1000) / 1000)),
    );
    return input.connect(new WaveShaperNode(context, { curve }));
  });

/** The sound comes late. */
export const delayed = (kit: Kit, { place, ms }: At & { ms: number }) =>
  kit.filterSound(place, (context, input) =>
    input.connect(new DelayNode(context, { delayTime: ms / 1000, maxDelayTime: ms / 1000 + 0.1 })),
  );

/** What a buffer plays begins `ms` milliseconds late. */
export const startedLate = (kit: Kit, { ms }: { ms: number }) =>
  kit.wrap(
    AudioBufferSourceNode.prototype,
    'start',
    (_, [when = 0, ...rest]: [number?, ...unknown[]], start) => {
      kit.bit();
      return start(when + ms / 1000, ...rest);
    },
  );

/** The sound trembles: its loudness goes up and down `hertz` times a second. */
export const trembling = (kit: Kit, { place, hertz }: At & { hertz: number }) =>
  kit.filterSound(place, (context, input) => {
    const gate = new GainNode(context, { gain: 0.5 });
    const wave = new OscillatorNode(context, { frequency: hertz });
    wave.connect(new GainNode(context, { gain: 0.5 })).connect(gate.gain);
    wave.start();
    return input.connect(gate);
  });
