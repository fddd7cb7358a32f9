import { fault } from '../fault.ts';
import { captureNothing, silence } from './breakages.ts';

for (const name of [
  'file-webm-vp8',
  'file-webm-vp9',
  'file-webm-av1',
  'file-mp4-h264',
  'file-wav',
  'file-ogg',
  'blob-webm-vp8',
  'media-source-vp9',
  'src-object',
  'two-audio-tracks',
]) {
  fault({
    scenario: `dom-capture/element-source/${name}`,
    name: 'the captured sound is silent',
    on: 'single',
    page: silence,
    expect: { status: 'timeout', phase: 'media', reason: /a tone of \d+ Hz/ },
    timeoutMs: 3500,
  });
}

fault({
  scenario: 'dom-capture/element-source/src-object-changes',
  name: 'no track is added to the source',
  on: 'single',
  // Chromium's captured stream gets none even without the fault
  pair: ['firefox', 'firefox'],
  page: () => {
    MediaStream.prototype.addTrack = () => undefined;
  },
  expect: { status: 'timeout', phase: 'media', reason: /to have a live audio track/ },
});

for (const name of ['file-webm-vp8', 'before-metadata', 'size-change', 'src-object']) {
  fault({
    scenario: `dom-capture/element-source/${name}`,
    name: 'the captured stream stays empty',
    on: 'single',
    page: captureNothing,
    expect: { status: 'timeout', phase: 'media', reason: /the captured stream to have a live/ },
    timeoutMs: 3500,
  });
}
