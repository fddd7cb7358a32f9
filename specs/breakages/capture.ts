import type { Kit } from '../kit/kit.ts';

/** Ways to break captures of canvases and media elements, their tracks, and recordings. */

/** A canvas is captured at another rate than asked for; `null` means none. */
export const captureRate = (kit: Kit, { factor, rate }: { factor?: number; rate?: number | null }) =>
  kit.wrap(HTMLCanvasElement.prototype, 'captureStream', (_, [asked]: [number?], capture) => {
    kit.bit();
    if (rate === null) return capture();
    if (rate !== undefined) return capture(rate);
    return asked === undefined ? capture() : capture(asked * (factor ?? 1));
  });

/** `requestFrame` does nothing, or asks twice or late. */
export const requestFrame = (
  kit: Kit,
  { how, ms = 30 }: { how: 'nothing' | 'twice' | 'late'; ms?: number },
) =>
  kit.wrap(CanvasCaptureMediaStreamTrack.prototype, 'requestFrame', (_, __: unknown[], request) => {
    kit.bit();
    if (how === 'nothing') return;
    if (how === 'late') {
      setTimeout(() => void request(), ms);
      return;
    }
    request();
    setTimeout(() => void request(), ms);
  });

/** A canvas that is captured gives frames although nothing was drawn. */
export const framesUnasked = (kit: Kit, { everyMs }: { everyMs: number }) =>
  kit.wrap(
    HTMLCanvasElement.prototype,
    'captureStream',
    (canvas, args: unknown[], capture: (...args: readonly unknown[]) => MediaStream) => {
      const stream = capture(...args);
      const [track] = stream.getVideoTracks();
      kit.bit();
      setInterval(() => {
        if (track instanceof CanvasCaptureMediaStreamTrack && args[0] === 0) track.requestFrame();
        else {
          const context = canvas.getContext('2d');
          context?.drawImage(canvas, 0, 0, 1, 1, 0, 0, 1, 1);
        }
      }, everyMs);
      return stream;
    },
  );

/** A captured stream has other tracks than it should: none of a kind, disabled ones, or those of the capture before. */
export const captureOf = (
  kit: Kit,
  {
    on,
    how,
    kind,
  }: {
    on: 'HTMLCanvasElement' | 'HTMLMediaElement';
    how: 'without' | 'disabled' | 'same' | 'empty' | 'clones';
    kind?: string;
  },
) => {
  const constructor = on === 'HTMLCanvasElement' ? HTMLCanvasElement : HTMLMediaElement;
  const captures = new WeakMap<object, MediaStream>();
  for (const name of ['captureStream', 'mozCaptureStream']) {
    if (!(name in constructor.prototype)) continue;
    kit.wrap(
      constructor.prototype,
      name as keyof typeof constructor.prototype,
      (element: object, args: unknown[], capture: (...args: readonly unknown[]) => MediaStream) => {
        kit.bit();
        if (how === 'empty') return new MediaStream();
        const before = captures.get(element);
        if (how === 'same' && before) return before;
        const stream = capture(...args);
        captures.set(element, stream);
        if (how === 'clones') return new MediaStream(stream.getTracks().map((track) => track.clone()));
        const apply = () => {
          for (const track of stream.getTracks()) {
            if (kind !== undefined && track.kind !== kind) continue;
            if (how === 'without') stream.removeTrack(track);
            if (how === 'disabled') track.enabled = false;
          }
        };
        apply();
        stream.addEventListener('addtrack', apply);
        return stream;
      },
    );
  }
};

/** A track goes on after `stop()`. */
export const stopNothing = (kit: Kit) => kit.wrap(MediaStreamTrack.prototype, 'stop', () => kit.bit());

/** A clone is its original, or stops and is disabled with it. */
export const cloneIs = (kit: Kit, { how }: { how: 'original' | 'coupled' }) => {
  const clones = new WeakMap<MediaStreamTrack, MediaStreamTrack[]>();
  kit.wrap(MediaStreamTrack.prototype, 'clone', (track, _: unknown[], clone) => {
    kit.bit();
    if (how === 'original') return track;
    const made = clone();
    if (made instanceof MediaStreamTrack) clones.set(track, [...(clones.get(track) ?? []), made]);
    return made;
  });
  if (how === 'original') return;
  kit.wrap(MediaStreamTrack.prototype, 'stop', (track, _: unknown[], stop) => {
    stop();
    for (const clone of clones.get(track) ?? []) clone.stop();
  });
};

/** What a page may not capture is captured all the same, as something empty. */
export const captureForbidden = (kit: Kit) =>
  kit.wrap(HTMLCanvasElement.prototype, 'captureStream', (_, args: unknown[], capture) => {
    try {
      return capture(...args);
    } catch {
      // this is the break: the error is not reported
      kit.bit();
      return document.createElement('canvas').captureStream();
    }
  });

/** Errors have another name. */
export const otherError = (kit: Kit, { error }: { error: string }) =>
  kit.wrap(HTMLCanvasElement.prototype, 'captureStream', (_, args: unknown[], capture) => {
    try {
      return capture(...args);
    } catch {
      kit.bit();
      throw new DOMException('injected', error);
    }
  });

/** Constraints of `getUserMedia` and of `applyConstraints` are ignored. */
export const ignoreConstraints = (kit: Kit) => {
  kit.wrap(MediaDevices.prototype, 'getUserMedia', (_, [constraints]: [MediaStreamConstraints?], get) => {
    if (typeof constraints?.video !== 'object' && typeof constraints?.audio !== 'object')
      return get(constraints);
    kit.bit();
    return get({ video: constraints.video !== undefined, audio: constraints.audio !== undefined });
  });
  kit.wrap(MediaStreamTrack.prototype, 'applyConstraints', () => {
    kit.bit();
    return Promise.resolve();
  });
};

/** A recording lacks a kind of track or its last part, has a part twice, or is of another type. */
export const recording = (
  kit: Kit,
  { how, kind }: { how: 'without' | 'last-lost' | 'twice' | 'quiet'; kind?: string },
) => {
  if (how === 'without' || how === 'quiet') {
    kit.wrap(MediaRecorder.prototype, 'start', (recorder, args: unknown[], start) => {
      for (const track of recorder.stream.getTracks()) {
        if (track.kind !== kind) continue;
        kit.bit();
        track.enabled = false;
      }
      return start(...args);
    });
    return;
  }
  kit.onEvent({ on: 'MediaRecorder', type: 'dataavailable' }, ({ event, deliver }) => {
    const data: unknown = Reflect.get(event, 'data');
    if (!(data instanceof Blob)) return deliver();
    kit.bit();
    const other =
      how === 'twice' ? new Blob([data, data], { type: data.type }) : data.slice(0, data.size / 2, data.type);
    Object.defineProperty(event, 'data', { configurable: true, value: other });
    return deliver();
  });
};

/** A media element's method or switch does nothing. */
export const deafElement = (kit: Kit, { name }: { name: 'pause' | 'play' | 'load' }) =>
  kit.wrap(HTMLMediaElement.prototype, name, () => {
    kit.bit();
    return name === 'play' ? Promise.resolve() : undefined;
  });

/** Whatever plays does so at `factor` times its rate. */
export const playbackRate = (kit: Kit, { factor }: { factor: number }) =>
  kit.wrap(HTMLMediaElement.prototype, 'play', (element, args: unknown[], play) => {
    kit.bit();
    element.playbackRate *= factor;
    return play(...args);
  });
