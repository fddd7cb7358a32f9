import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { CanvasSourceOptions } from '../../fixtures/peer-page/media/canvas-source.ts';
import type { Heard } from '../../fixtures/peer-page/media/tone-listener.ts';
import type { VideoReport } from '../../fixtures/peer-page/media/video-watcher.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';

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

/** Under the harness's own canvas nothing lossy lies between drawing and reading; files are coded, calls too. */
export const colourTolerance = { local: 12, coded: 48 } as const;

export interface CaptureOptions {
  canvas?: CanvasSourceOptions;
  /** Frames drawn a second behind the first; 30 unless told. */
  drawn?: number;
  /** `captureStream`'s argument: 30 unless told, `null` for none. */
  captured?: number | null;
}

export interface ShowOptions extends CaptureOptions {
  /** Ends once so many new frames were seen; 6 unless told. */
  frames?: number;
}

/** Captures a canvas that moves, in one page, and watches the captured track. */
export const showCanvas = (
  peer: PeerHandle<Agent>,
  options: ShowOptions,
): Promise<{ report: VideoReport; picture: string }> =>
  peer.run(async ({ media }, { canvas, drawn = 30, captured = 30, frames = 6 }) => {
    const source = media.canvas(canvas);
    source.draw();
    const { track } = source.capture(captured ?? undefined);
    source.animate(drawn);
    const watcher = media.watch(track);
    const report = await watcher.until(`${String(frames)} new frames`, ({ risen }) => risen >= frames);
    return { report, picture: watcher.picture() };
  }, options);

/** Sends a captured canvas that moves to the other side. */
export async function sendCanvas(
  { offerer, answerer }: Record<'offerer' | 'answerer', PeerHandle<Agent>>,
  options: CaptureOptions = {},
): Promise<void> {
  await answerer.run((agent) => void agent.connect());
  await offerer.run(async (agent, { canvas, drawn = 20, captured = 30 }) => {
    const connection = agent.connect();
    const source = agent.media.canvas({ width: 320, height: 240, ...canvas });
    source.draw();
    const { track, stream } = source.capture(captured ?? undefined);
    source.animate(drawn);
    connection.pc.addTrack(track, stream);
    await connection.negotiate();
  }, options);
}

/** Watches what the other side sends until it showed so many new frames. */
export const watchReceived = (
  peer: PeerHandle<Agent>,
  frames = 5,
): Promise<{ report: VideoReport; picture: string }> =>
  peer.run(async ({ connection, media }, wanted) => {
    const watcher = media.watch((await connection.track('video')).track);
    const report = await watcher.until(`${String(wanted)} new frames`, ({ risen }) => risen >= wanted);
    return { report, picture: watcher.picture() };
  }, frames);

/** What holds of every captured picture: the numbers rise and the colours are those that were drawn. */
export function expectPicture(report: VideoReport, tolerance: number): void {
  expect(report.backwards, 'frame numbers that fell').to.equal(0);
  expect(report.colourError, 'largest colour error, of 255').to.be.at.most(tolerance);
}

/** That a tone is heard, and that there is little beside it. */
export function expectTone(heard: Heard | undefined, hertz: number): void {
  expect(heard?.frequency, 'the frequency that is heard').to.be.closeTo(hertz, 8);
  expect(heard?.prominence, 'how far the tone stands above the rest, in dB').to.be.at.least(20);
}
