import { fault } from '../fault.ts';

const scenario = (name: string) => `media/transceiver/${name}`;

for (const name of [
  'audio-becomes-video',
  'video-again',
  'first-line-again',
  'first-line-again-with-sound',
  'only-line-again',
]) {
  fault({
    scenario: scenario(name),
    name: 'stop() only takes the direction back',
    on: 'offerer',
    page: (kit) =>
      kit.wrap(RTCRtpTransceiver.prototype, 'stop', (transceiver) => {
        kit.bit();
        transceiver.direction = 'inactive';
      }),
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: /whether the stopped m-line is refused in the offer: expected false/,
    },
    timeoutMs: 10_000,
  });

  fault({
    scenario: scenario(name),
    name: 'the picture that is added is another one',
    on: 'offerer',
    page: (kit) => {
      kit.wrap(
        HTMLCanvasElement.prototype,
        'captureStream',
        (canvas, args: [number?], capture: (...args: readonly unknown[]) => MediaStream) => {
          if (canvas.width === 240) {
            kit.bit();
            canvas.width = 160;
            canvas.height = 120;
          }
          return capture(...args);
        },
      );
    },
    expect: { status: 'fail', phase: 'assert', reason: /the size of the picture/ },
    timeoutMs: 12_000,
  });
}

// its transceiver is not stopped: where that is done, most browsers lose messages by themselves
fault({
  scenario: scenario('first-line-in-transfer'),
  name: 'a message comes changed',
  on: 'both',
  page: (kit) => {
    kit.wrap(RTCRtpTransceiver.prototype, 'stop', () => undefined);
    kit.changeSent((data) => (data === '5' ? '6' : data));
  },
  expect: { status: 'fail', phase: 'assert', reason: /the numbers of the messages/ },
  timeoutMs: 10_000,
});
