import type { Kit } from '../kit/kit.ts';
import type { PicturePlace } from '../kit/pictures.ts';

/** Ways to break pictures, as they are sent or as they are shown. */

interface At {
  place: PicturePlace;
}

/** The picture has `by` times fewer pixels each way, and is blown up. */
export const coarse = (kit: Kit, { place, by }: At & { by: number }) =>
  kit.repaint(place, () => {
    const small = document.createElement('canvas');
    const context = small.getContext('2d');
    return (screen, { picture, width, height, bit }) => {
      small.width = Math.max(1, Math.round(width / by));
      small.height = Math.max(1, Math.round(height / by));
      context?.drawImage(picture, 0, 0, small.width, small.height);
      screen.drawImage(small, 0, 0, width, height);
      bit();
    };
  });

/** The picture is mirrored, upside down, or moved by some pixels. */
export const moved = (
  kit: Kit,
  { place, how, by = 0 }: At & { how: 'mirror' | 'flip' | 'shift' | 'zoom'; by?: number },
) =>
  kit.repaint(place, () => (screen, { picture, width, height, bit }) => {
    if (how === 'mirror') screen.setTransform(-1, 0, 0, 1, width, 0);
    if (how === 'flip') screen.setTransform(1, 0, 0, -1, 0, height);
    if (how === 'shift') screen.setTransform(1, 0, 0, 1, by, by);
    if (how === 'zoom') screen.setTransform(by, 0, 0, by, (width * (1 - by)) / 2, (height * (1 - by)) / 2);
    screen.drawImage(picture, 0, 0, width, height);
    bit();
  });

/** The colours are wrong: a filter of CSS, e.g. `hue-rotate(40deg)`. */
export const filtered = (kit: Kit, { place, filter }: At & { filter: string }) =>
  kit.repaint(place, () => (screen, { picture, width, height, bit }) => {
    screen.filter = filter;
    screen.drawImage(picture, 0, 0, width, height);
    bit();
  });

/** Luma has the wrong range, as when limited range is taken for full, or full for limited. */
export const wrongRange = (kit: Kit, { place, taken }: At & { taken: 'full' | 'limited' }) =>
  kit.repaint(place, () => (screen, { picture, width, height, bit }) => {
    screen.drawImage(picture, 0, 0, width, height);
    const pixels = screen.getImageData(0, 0, width, height);
    const { data } = pixels;
    for (let at = 0; at < data.length; at += 1) {
      if (at % 4 === 3) continue;
      const value = data[at] ?? 0;
      data[at] = taken === 'full' ? 16 + (value * 219) / 255 : ((value - 16) * 255) / 219;
    }
    screen.putImageData(pixels, 0, 0);
    bit();
  });

/** Two channels of colour have changed places. */
export const swappedChannels = (kit: Kit, { place }: At) =>
  kit.repaint(place, () => (screen, { picture, width, height, bit }) => {
    screen.drawImage(picture, 0, 0, width, height);
    const pixels = screen.getImageData(0, 0, width, height);
    const { data } = pixels;
    for (let at = 0; at < data.length; at += 4) [data[at], data[at + 2]] = [data[at + 2] ?? 0, data[at] ?? 0];
    screen.putImageData(pixels, 0, 0);
    bit();
  });

/** A part of the picture is covered: the edges of `box` are fractions of width and height, from 0 to 1. */
export const covered = (
  kit: Kit,
  { place, box, colour }: At & { box: [number, number, number, number]; colour: string },
) =>
  kit.repaint(place, () => (screen, { picture, width, height, bit }) => {
    const [left, top, right, bottom] = box;
    screen.drawImage(picture, 0, 0, width, height);
    screen.fillStyle = colour;
    screen.fillRect(left * width, top * height, (right - left) * width, (bottom - top) * height);
    bit();
  });

/** A part of the picture stands still after a while, while the rest goes on. */
export const partFrozen = (
  kit: Kit,
  { place, box, afterMs }: At & { box: [number, number, number, number]; afterMs: number },
) =>
  kit.repaint(place, () => {
    const kept = document.createElement('canvas');
    const context = kept.getContext('2d');
    return (screen, { picture, width, height, at, bit }) => {
      if (at <= afterMs) {
        kept.width = width;
        kept.height = height;
        context?.drawImage(picture, 0, 0, width, height);
      }
      screen.drawImage(picture, 0, 0, width, height);
      if (at <= afterMs) return;
      const [left, top, right, bottom] = box;
      const cut = [left * width, top * height, (right - left) * width, (bottom - top) * height] as const;
      screen.drawImage(kept, ...cut, ...cut);
      bit();
    };
  });

/** Every `every`-th picture is black. */
export const sometimesBlack = (kit: Kit, { place, every }: At & { every: number }) =>
  kit.repaint(place, () => (screen, { picture, width, height, nth, bit }) => {
    screen.drawImage(picture, 0, 0, width, height);
    if (nth % every !== 0) return;
    screen.fillStyle = 'black';
    screen.fillRect(0, 0, width, height);
    bit();
  });

/** The picture is black after a while, or until then. */
export const blackAfter = (kit: Kit, { place, ms, until = false }: At & { ms: number; until?: boolean }) =>
  kit.repaint(place, () => (screen, { picture, width, height, at, bit }) => {
    screen.drawImage(picture, 0, 0, width, height);
    if (at > ms === until) return;
    screen.fillStyle = 'black';
    screen.fillRect(0, 0, width, height);
    bit();
  });

/** Two pictures shine through each other. */
export const blended = (kit: Kit, { place, alpha }: At & { alpha: number }) =>
  kit.repaint(place, () => {
    let drawn = false;
    return (screen, { picture, width, height, bit }) => {
      if (drawn) {
        screen.globalAlpha = alpha;
        bit();
      }
      screen.drawImage(picture, 0, 0, width, height);
      drawn = true;
    };
  });

/** The picture is shown `ms` milliseconds late. */
export const delayed = (kit: Kit, { place, ms }: At & { ms: number }) =>
  kit.repaint(place, () => {
    const kept: { at: number; picture: HTMLCanvasElement }[] = [];
    return (screen, { picture, width, height, at, bit }) => {
      const copy = document.createElement('canvas');
      copy.width = width;
      copy.height = height;
      copy.getContext('2d')?.drawImage(picture, 0, 0);
      kept.push({ at, picture: copy });
      while ((kept[1]?.at ?? Infinity) <= at - ms) kept.shift();
      const shown = kept[0];
      if (!shown || shown.at > at - ms) return;
      screen.drawImage(shown.picture, 0, 0, width, height);
      bit();
    };
  });

/** Now and then an older picture is shown again. */
export const backwards = (kit: Kit, { place, every }: At & { every: number }) =>
  kit.repaint(place, () => {
    const before: HTMLCanvasElement[] = [];
    return (screen, { picture, width, height, nth, bit }) => {
      const copy = document.createElement('canvas');
      copy.width = width;
      copy.height = height;
      copy.getContext('2d')?.drawImage(picture, 0, 0);
      before.push(copy);
      if (before.length > 5) before.shift();
      const old = before[0];
      const goesBack = nth % every === 0 && old !== undefined && before.length === 5;
      screen.drawImage(goesBack ? old : picture, 0, 0, width, height);
      if (goesBack) bit();
    };
  });

/** The picture stands still after a while, or for a part of each second. */
export const frozen = (
  kit: Kit,
  {
    place,
    afterMs,
    forMs = Infinity,
    everyMs = Infinity,
  }: At & { afterMs: number; forMs?: number; everyMs?: number },
) =>
  kit.repaint(place, () => (screen, { picture, width, height, at, bit }) => {
    const since = Number.isFinite(everyMs) ? (at - afterMs) % everyMs : at - afterMs;
    if (at > afterMs && since < forMs) bit();
    else screen.drawImage(picture, 0, 0, width, height);
  });

/** No more frames come after a while. */
export const ended = (kit: Kit, { place, afterMs }: At & { afterMs: number }) =>
  kit.decideFrames(place, (_, at) => (at > afterMs ? 'skip' : 'show'));

/** No frame comes in the first `ms` milliseconds. */
export const firstLate = (kit: Kit, { place, ms }: At & { ms: number }) => {
  let since: number | undefined;
  kit.decideFrames(place, () => {
    since ??= performance.now();
    return performance.now() - since < ms ? 'skip' : 'show';
  });
};

/** Only one of every `of` frames is shown. */
export const fewer = (kit: Kit, { place, of }: At & { of: number }) =>
  kit.decideFrames(place, (nth) => (nth % of === 1 || of === 1 ? 'show' : 'skip'));

/** At most `fps` frames a second are shown. */
export const atMost = (kit: Kit, { place, fps }: At & { fps: number }) => {
  let last = -Infinity;
  kit.decideFrames(place, (_, at) => {
    if (at - last < 1000 / fps - 2) return 'skip';
    last = at;
    return 'show';
  });
};

/** Frames are shown twice: every one, or every `every`-th. */
export const repeated = (kit: Kit, { place, every }: At & { every: number }) =>
  kit.decideFrames(place, (nth) => (nth % every === 0 ? 'twice' : 'show'));

/** Frames come for `pauseMs` milliseconds, then none for as long, over and over. */
export const jerky = (kit: Kit, { place, pauseMs }: At & { pauseMs: number }) =>
  kit.decideFrames(place, (_, at) => (at % (pauseMs * 2) > pauseMs ? 'skip' : 'show'));
