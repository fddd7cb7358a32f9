import { recording } from '../breakages/capture.ts';
import { fault } from '../fault.ts';

for (const name of ['webm-vp8', 'webm-vp9', 'mp4']) {
  fault({
    scenario: `dom-capture/recorder/${name}`,
    name: 'the sound is silent in the recording',
    on: 'single',
    page: () => {
      const { start } = MediaRecorder.prototype;
      MediaRecorder.prototype.start = function (...slice) {
        for (const track of this.stream.getAudioTracks()) track.enabled = false;
        start.apply(this, slice);
      };
    },
    expect: { status: 'timeout', phase: 'media', reason: /a tone of 660 Hz/ },
    timeoutMs: 6000,
  });
}

for (const name of ['webm-vp8', 'mp4']) {
  fault({
    scenario: `dom-capture/recorder/${name}`,
    name: 'the recording is there twice',
    on: 'single',
    page: recording,
    arg: { how: 'twice' },
    expect: { status: 'fail', phase: 'assert', reason: /files in the recording/ },
  });
}
