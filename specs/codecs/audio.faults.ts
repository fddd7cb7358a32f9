import { fault } from '../fault.ts';

fault({
  scenario: 'codecs/audio/opus',
  name: 'the tone is an octave too high',
  on: 'offerer',
  page: () => {
    globalThis.OscillatorNode = new Proxy(OscillatorNode, {
      construct: (target, [context, options]: [BaseAudioContext, OscillatorOptions]) =>
        new target(context, { ...options, frequency: (options.frequency ?? 440) * 2 }),
    });
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz.*"frequency":8[78]/s },
});

fault({
  scenario: 'codecs/audio/opus',
  name: 'the source is silent',
  on: 'offerer',
  page: () => {
    OscillatorNode.prototype.start = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /a tone of 440 Hz.*"frequency":null/s },
});
