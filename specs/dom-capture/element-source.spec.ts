import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { SoundStretch } from '../../fixtures/peer-page/media/sound-stretch.ts';
import type { Shown } from '../../fixtures/peer-page/media/video-watcher.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { single } from '../scenario.ts';
import { captured, tone } from '../steps/bounds.ts';
import { expectPicture } from '../steps/picture.ts';
import { expectTone } from '../steps/sound.ts';
import { captureOfElement, elementNeeds, ofFile, fromElement } from './steps.ts';

/** Where an element may get what it plays. */
interface Source {
  file: string;
  kind: 'video' | 'audio';
  by: 'src' | 'MediaSource' | 'Blob';
  type: string;
}

/** Plays a source in an element, captures the element, and reads picture and sound back. */
const showElement = (
  peer: PeerHandle<Agent>,
  source: Source,
): Promise<{ shown: Shown | null; heard: SoundStretch | undefined }> =>
  peer.run(async ({ media, waitFor }, { file, kind, by, type }) => {
    const element = await media.element(kind);
    const url = media.url(file);
    if (by === 'src') element.src = url;
    else {
      const bytes = await (await fetch(url)).arrayBuffer();
      if (by === 'Blob') element.src = URL.createObjectURL(new Blob([bytes], { type }));
      else {
        const source = new MediaSource();
        element.src = URL.createObjectURL(source);
        await waitFor({
          name: 'the MediaSource to open',
          phase: 'media',
          probe: () => source.readyState === 'open',
          triggers: [{ on: source, events: ['sourceopen'] }],
        });
        const buffer = source.addSourceBuffer(type);
        buffer.appendBuffer(bytes);
      }
    }
    await media.loaded(element);
    const stream = media.capture(element);
    await element.play();
    const listener = await media.listen(await media.trackOf(stream, 'audio'));
    const watcher = kind === 'video' ? media.watch(await media.trackOf(stream, 'video')) : null;
    await listener.untilTone(440);
    const [[heard], shown] = await Promise.all([listener.stretch(700), watcher?.shown(700) ?? null]);
    return { shown, heard };
  }, source);

const webm = (codec: string) => `video/webm;codecs="${codec},opus"`;
const sources = {
  'file-webm-vp8': { file: 'vp8-opus.webm', kind: 'video', by: 'src', type: webm('vp8') },
  'file-webm-vp9': { file: 'vp9-opus.webm', kind: 'video', by: 'src', type: webm('vp9') },
  'file-webm-av1': { file: 'av1-opus.webm', kind: 'video', by: 'src', type: webm('av01.0.00M.08') },
  'file-mp4-h264': {
    file: 'h264-aac.mp4',
    kind: 'video',
    by: 'src',
    type: 'video/mp4;codecs="avc1.42E00C,mp4a.40.2"',
  },
  'file-wav': { file: 'tone.wav', kind: 'audio', by: 'src', type: 'audio/wav' },
  'file-ogg': { file: 'tone.ogg', kind: 'audio', by: 'src', type: 'audio/ogg;codecs=opus' },
  'blob-webm-vp8': { file: 'vp8-opus.webm', kind: 'video', by: 'Blob', type: webm('vp8') },
  'media-source-vp9': { file: 'vp9-opus.webm', kind: 'video', by: 'MediaSource', type: webm('vp9') },
} as const satisfies Record<string, Source>;

for (const [name, source] of Object.entries(sources)) {
  single(
    {
      id: `dom-capture/element-source/${name}`,
      version: 2,
      title: `${source.file} from ${source.by}`,
      asks: `Does the captured stream of an element show and play what the element plays (${source.file}, from ${source.by})?`,
      level: 'must',
      specs: [captureOfElement],
      needs: [
        ...elementNeeds,
        `plays:${source.type}`,
        ...(source.by === 'MediaSource' ? ['MediaSource'] : []),
      ],
    },
    async (context) => {
      const { shown, heard } = await showElement(context.peer, source);
      const purity = source.type.includes('mp4a') ? tone.purityAtFewBits : tone.purity;
      expectTone(context, heard, { hertz: 440, purity });
      expect(shown === null, 'whether there was no picture').to.equal(source.kind === 'audio');
      if (shown) expectPicture(context, shown, { ...ofFile, size: [160, 120] });
    },
  );
}

single(
  {
    id: 'dom-capture/element-source/src-object',
    version: 2,
    title: 'A stream as source',
    asks: 'Are picture and sound captured from an element that plays a MediaStream?',
    level: 'must',
    specs: [captureOfElement],
    needs: [...elementNeeds, 'HTMLCanvasElement.prototype.captureStream'],
  },
  async (context) => {
    const { shown, heard } = await context.peer.run(async ({ media }) => {
      const tone = await media.tone({ frequencies: [660] });
      const element = await media.element('video');
      element.srcObject = new MediaStream([media.video().track, tone.track]);
      await element.play();
      const stream = media.capture(element);
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await listener.untilTone(660);
      const [[heard], shown] = await Promise.all([listener.stretch(1000), watcher.shown()]);
      return { shown, heard };
    });
    expectPicture(context, shown, { size: [320, 240], bounds: captured });
    expectTone(context, heard, { hertz: 660 });
  },
);

single(
  {
    id: 'dom-capture/element-source/src-object-changes',
    version: 2,
    title: 'A stream as source, whose tracks change',
    asks: 'Does the captured stream gain a track that its source gains, and lose one that its source loses?',
    level: 'should',
    timeoutMs: 6000,
    specs: [captureOfElement, 'https://www.w3.org/TR/mediacapture-streams/#mediastreams-in-media-elements'],
    needs: [...elementNeeds, 'HTMLCanvasElement.prototype.captureStream'],
  },
  async (context) => {
    const { heard, picture, left } = await context.peer.run(async ({ media }) => {
      const video = media.video();
      const source = new MediaStream([video.track]);
      const element = await media.element('video');
      element.srcObject = source;
      await element.play();
      const stream = media.capture(element);
      const captured = await media.trackOf(stream, 'video');
      await media.watch(captured).until('3 new frames', ({ risen }) => risen >= 3);
      const tone = await media.tone({ frequencies: [660] });
      source.addTrack(tone.track);
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await listener.untilTone(660);
      const [heard] = await listener.stretch(1000);
      source.removeTrack(video.track);
      await media.meanwhile(5);
      return { heard, picture: captured.readyState, left: stream.getTracks().map(({ kind }) => kind) };
    });
    expectTone(context, heard, { hertz: 660 });
    expect(picture, 'the state of the track of the picture that was removed').to.equal('ended');
    expect(left, 'the tracks that are left').to.deep.equal(['audio']);
  },
);

single(
  {
    id: 'dom-capture/element-source/before-metadata',
    version: 2,
    title: 'Captured before anything is loaded',
    asks: 'Does a stream captured from an empty element get its tracks, with addtrack, once the element has loaded?',
    level: 'must',
    specs: [captureOfElement, fromElement('html-media-element-media-capture-extensions')],
    needs: [...elementNeeds, `plays:${webm('vp8')}`],
  },
  async (context) => {
    const { atFirst, added, shown } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video');
      const stream = media.capture(element);
      const atFirst = stream.getTracks().length;
      const added: string[] = [];
      stream.addEventListener('addtrack', ({ track }) => added.push(track.kind));
      element.src = media.url('vp8-opus.webm');
      await element.play();
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await media.trackOf(stream, 'audio');
      return { atFirst, shown: await watcher.shown(), added: added.toSorted() };
    });
    expect(atFirst, 'tracks of an empty element').to.equal(0);
    expect(added, 'tracks that addtrack told of').to.deep.equal(['audio', 'video']);
    expectPicture(context, shown, ofFile);
  },
);

single(
  {
    id: 'dom-capture/element-source/size-change',
    version: 2,
    title: 'A file whose picture changes size',
    asks: 'Does the captured track follow a video whose picture changes size as it plays?',
    level: 'must',
    specs: [captureOfElement],
    needs: [...elementNeeds, `plays:${webm('vp8')}`],
  },
  async (context) => {
    const { before, after } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'resized.webm');
      const stream = media.capture(element);
      const watcher = media.watch(await media.trackOf(stream, 'video'));
      await element.play();
      const before = await watcher.until('3 frames of the first size', ({ risen }) => risen >= 3);
      // the second size begins with frame 30
      await watcher.until('a frame of the second size', ({ last }) => (last?.code?.number ?? 0) >= 32);
      return { before, after: await watcher.shown() };
    });
    expect([before.width, before.height], 'the size before').to.deep.equal([160, 120]);
    expectPicture(context, after, { ...ofFile, size: [240, 180] });
  },
);

single(
  {
    id: 'dom-capture/element-source/two-audio-tracks',
    version: 2,
    title: 'A file with two audio tracks',
    asks: 'Is only the audio track that the element has enabled, the first one, captured?',
    level: 'should',
    specs: [captureOfElement],
    needs: [...elementNeeds, `plays:${webm('vp8')}`],
  },
  async (context) => {
    const { kinds, heard } = await context.peer.run(async ({ media }) => {
      const element = await media.element('video', 'two-audio-tracks.webm');
      const stream = media.capture(element);
      await element.play();
      const listener = await media.listen(await media.trackOf(stream, 'audio'));
      await listener.untilTone(440);
      const [heard] = await listener.stretch(700);
      return {
        kinds: stream
          .getTracks()
          .map(({ kind }) => kind)
          .toSorted(),
        heard,
      };
    });
    expect(kinds, 'the captured tracks').to.deep.equal(['audio', 'video']);
    expectTone(context, heard, { hertz: 440 });
  },
);
