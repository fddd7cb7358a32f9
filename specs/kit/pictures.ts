import { bit } from './bites.ts';
import { replaceSent } from './tracks.ts';
import { wrap } from './wrap.ts';

/** Where pictures are broken: as they are sent, or as the receiver shows them. */
export type PicturePlace = 'sent' | 'shown';

/** A frame of a video as it is to be shown. */
export interface Frame {
  /** What the true picture is drawn from. */
  picture: CanvasImageSource;
  width: number;
  height: number;
  /** Milliseconds since the first frame of this video. */
  at: number;
  /** The number of this frame, from 1. */
  nth: number;
  /** Notes that this frame is not shown as it should be. */
  bit: () => void;
}

/** Draws a frame on the screen of its video; if it draws nothing, what was there stays. */
export type Paint = (screen: CanvasRenderingContext2D, frame: Frame) => void;

/** What becomes of a frame: it is shown, skipped, or shown twice. */
export type Fate = 'show' | 'skip' | 'twice';

const { drawImage } = CanvasRenderingContext2D.prototype;
const { requestVideoFrameCallback } = HTMLVideoElement.prototype;
const { captureStream } = HTMLCanvasElement.prototype;

/** While a screen is painted, `drawImage` draws what it is given. */
let painting = false;

/** Where one video is painted. */
class Screen {
  readonly canvas = document.createElement('canvas');
  readonly #context: CanvasRenderingContext2D;
  readonly #paint: Paint;
  #first: number | undefined;
  #nth = 0;

  constructor(paint: Paint) {
    const context = this.canvas.getContext('2d');
    if (!context) throw new TypeError('there is no canvas to break pictures with');
    this.#context = context;
    this.#paint = paint;
  }

  show(video: HTMLVideoElement): void {
    const { videoWidth: width, videoHeight: height } = video;
    if (this.canvas.width !== width) this.canvas.width = width;
    if (this.canvas.height !== height) this.canvas.height = height;
    this.#first ??= performance.now();
    this.#nth += 1;
    const at = performance.now() - this.#first;
    this.#context.save();
    painting = true;
    try {
      this.#paint(this.#context, { picture: video, width, height, at, nth: this.#nth, bit });
    } finally {
      painting = false;
      this.#context.restore();
    }
  }
}

/** Repaints every picture of every video. `make` is called for each video, so that a painter can remember. */
export function repaint(place: PicturePlace, make: () => Paint): void {
  if (place === 'sent') {
    redrawSent(make, () => 'show');
    return;
  }
  const screens = new WeakMap<HTMLVideoElement, Screen>();
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    wrap(prototype, 'drawImage', (_, [source, ...rest]: [unknown, ...unknown[]], draw) => {
      const isVideo = source instanceof HTMLVideoElement && source.videoWidth > 0;
      if (!isVideo || painting) return draw(source, ...rest);
      const screen = screens.get(source) ?? new Screen(make());
      screens.set(source, screen);
      screen.show(source);
      return draw(screen.canvas, ...rest);
    });
  }
}

/** Decides what becomes of each frame of every video; `nth` from 1, `at` in milliseconds since the first. */
export function decideFrames(place: PicturePlace, decide: (nth: number, at: number) => Fate): void {
  if (place === 'sent') {
    const plain =
      () =>
      (screen: CanvasRenderingContext2D, { picture, width, height }: Frame) =>
        void Reflect.apply(drawImage, screen, [picture, 0, 0, width, height]);
    redrawSent(plain, decide);
    return;
  }
  const seen = new WeakMap<HTMLVideoElement, { nth: number; first: number; again: boolean }>();
  wrap(
    HTMLVideoElement.prototype,
    'requestVideoFrameCallback',
    (video, [callback]: [VideoFrameRequestCallback]) => {
      const state = seen.get(video) ?? { nth: 0, first: performance.now(), again: false };
      seen.set(video, state);
      const present: VideoFrameRequestCallback = (now, metadata) => {
        if (state.nth === 0) state.first = now;
        state.nth += 1;
        const fate = decide(state.nth, now - state.first);
        if (fate !== 'show') bit();
        if (fate === 'skip') {
          requestVideoFrameCallback.call(video, present);
          return;
        }
        state.again = fate === 'twice';
        last = metadata;
        callback(now, metadata);
      };
      let last: VideoFrameCallbackMetadata | undefined;
      if (state.again) {
        state.again = false;
        return setTimeout(() => present(performance.now(), last ?? emptyMetadata), 5);
      }
      return requestVideoFrameCallback.call(video, present);
    },
  );
}

const emptyMetadata: VideoFrameCallbackMetadata = {
  expectedDisplayTime: 0,
  height: 0,
  mediaTime: 0,
  presentationTime: 0,
  presentedFrames: 0,
  width: 0,
};

function redrawSent(make: () => Paint, decide: (nth: number, at: number) => Fate): void {
  replaceSent((track) => (track.kind === 'video' ? redrawn(track, make(), decide) : undefined));
}

/** A track that shows what another does, repainted. */
function redrawn(
  track: MediaStreamTrack,
  paint: Paint,
  decide: (nth: number, at: number) => Fate,
): MediaStreamTrack {
  const screen = new Screen(paint);
  const { width = 320, height = 240 } = track.getSettings();
  screen.canvas.width = width;
  screen.canvas.height = height;
  const [sent] = captureStream.call(screen.canvas, 60).getVideoTracks();
  if (!sent) throw new TypeError('there is no captured track to break pictures with');
  sent.contentHint = track.contentHint;
  const video = document.createElement('video');
  video.muted = true;
  video.srcObject = new MediaStream([track]);
  let nth = 0;
  let first: number | undefined;
  const look = () => {
    first ??= performance.now();
    nth += 1;
    const fate = decide(nth, performance.now() - first);
    if (fate !== 'show') bit();
    if (fate !== 'skip') screen.show(video);
    if (fate === 'twice') setTimeout(() => screen.show(video), 16);
    requestVideoFrameCallback.call(video, look);
  };
  requestVideoFrameCallback.call(video, look);
  video.play().catch((error: unknown) => console.warn('the broken picture does not play', error));
  return sent;
}
