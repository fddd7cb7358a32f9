import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { CanvasSourceOptions } from '../../fixtures/peer-page/media/canvas-source.ts';
import type { Shown } from '../../fixtures/peer-page/media/video-watcher.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { played } from '../steps/bounds.ts';

/** A section of https://www.w3.org/TR/mediacapture-fromelement/. */
export const fromElement = (section: string): string =>
  `https://www.w3.org/TR/mediacapture-fromelement/#${section}`;

export const captureOfCanvas = fromElement('dom-htmlcanvaselement-capturestream');
export const captureOfElement = fromElement('dom-htmlmediaelement-capturestream');

/** What a page needs to capture a canvas and to read it back. */
export const canvasNeeds = [
  'HTMLCanvasElement.prototype.captureStream',
  'HTMLVideoElement.prototype.requestVideoFrameCallback',
] as const;

/** What a page needs to capture a media element and to read its picture back. */
export const elementNeeds = [
  'HTMLMediaElement.prototype.captureStream|HTMLMediaElement.prototype.mozCaptureStream',
  'HTMLVideoElement.prototype.requestVideoFrameCallback',
] as const;

/** What is expected of a file of fixtures/media: 15 frames a second, a clock that stands still, and a plain lowest part. */
export const ofFile = { bounds: { ...played, unfooted: null }, recorded: true, rate: 15 } as const;

export interface CaptureOptions {
  canvas?: CanvasSourceOptions;
  /** Frames drawn a second after the first. Default 10 in one page, which WebKitGTK paints on the processor; 20 in a call. */
  drawn?: number;
  /**
   * `captureStream`'s argument, `null` for none. Default twice as many as are drawn: Chromium leaves out up to half of
   * the frames when they are drawn as often as they are captured.
   */
  captured?: number | null;
}

/** Captures a moving canvas in one page, and watches the captured track for `ms` milliseconds, a second by default. */
export const showCanvas = (
  peer: PeerHandle<Agent>,
  options: CaptureOptions & { ms?: number },
): Promise<Shown> =>
  peer.run(async ({ media }, { canvas, drawn = 10, captured = 2 * drawn, ms = 1000 }) => {
    const source = media.canvas(canvas);
    source.draw();
    await source.ready;
    const { track } = source.capture(captured ?? undefined);
    source.animate(drawn);
    return media.watch(track).shown(ms);
  }, options);

/** Sends a captured moving canvas to the other side. */
export async function sendCanvas(
  { offerer, answerer }: Record<'offerer' | 'answerer', PeerHandle<Agent>>,
  options: CaptureOptions = {},
): Promise<void> {
  await answerer.run((agent) => void agent.connect());
  await offerer.run(async (agent, { canvas, drawn = 20, captured = 2 * drawn }) => {
    const connection = agent.connect();
    const source = agent.media.canvas({ width: 320, height: 240, ...canvas });
    source.draw();
    await source.ready;
    const { track, stream } = source.capture(captured ?? undefined);
    source.animate(drawn);
    connection.pc.addTrack(track, stream);
    await connection.negotiate();
  }, options);
}
