/**
 * Ways to break a page that many scenarios share. Each is sent to the page as source text, ahead of everything.
 */

/** Red is drawn as green, whatever is drawn with a 2d context. */
export const drawWrong = (): void => {
  for (const { prototype } of [CanvasRenderingContext2D, OffscreenCanvasRenderingContext2D]) {
    const style = Object.getOwnPropertyDescriptor(prototype, 'fillStyle');
    Object.defineProperty(prototype, 'fillStyle', {
      get: () => '',
      set(this: CanvasRenderingContext2D, value: string) {
        style?.set?.call(this, value.startsWith('rgb(220 30 30') ? 'rgb(30 220 30)' : value);
      },
    });
  }
};

/** A capture shows another canvas than the one it was asked for. */
export const captureAnother = (): void => {
  const { captureStream } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.captureStream = function (...rate) {
    const other = document.createElement('canvas');
    other.getContext('2d')?.fillRect(0, 0, 10, 10);
    return captureStream.apply(other, rate);
  };
};

/** A captured element gives nothing, as if it had no tracks. */
export const captureNothing = (): void => {
  Object.defineProperty(HTMLMediaElement.prototype, 'captureStream', { value: () => new MediaStream() });
};

/** A captured element's sound is silent. */
export const silence = (): void => {
  const prototype: object = HTMLMediaElement.prototype;
  const capture: unknown = Reflect.get(prototype, 'captureStream');
  Object.defineProperty(prototype, 'captureStream', {
    value(this: HTMLMediaElement) {
      const stream: unknown = typeof capture === 'function' ? Reflect.apply(capture, this, []) : undefined;
      if (stream instanceof MediaStream) for (const track of stream.getAudioTracks()) track.enabled = false;
      return stream;
    },
  });
};

/** Every capture gives frames by itself, as often as the canvas changes, whatever rate was asked for. */
export const captureUnasked = (): void => {
  const { captureStream } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.captureStream = function () {
    return captureStream.call(this);
  };
};

/** Capturing what may not be captured gives the capture of another canvas instead of an error. */
export const captureRegardless = (): void => {
  const { captureStream } = HTMLCanvasElement.prototype;
  HTMLCanvasElement.prototype.captureStream = function (...rate) {
    try {
      return captureStream.apply(this, rate);
    } catch {
      // this is the break: the error is not reported
      return captureStream.apply(document.createElement('canvas'), rate);
    }
  };
};
