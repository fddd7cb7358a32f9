import { exitCodes } from './exit-codes.ts';

/** How long things that a run has opened may take to close by themselves. */
const lingerMs = 10_000;

/**
 * Ends the process if something that a scenario left keeps it alive after the run: a timer, a server, a process.
 * Otherwise, Node ends earlier by itself.
 */
export function endInTime(code: number, ms = lingerMs): void {
  const end = (): void => {
    const left = [...new Set(process.getActiveResourcesInfo())].join(', ');
    process.stderr.write(`error: the run is over, and something keeps its process alive: ${left}\n`);
    process.exit(code === exitCodes.ok ? exitCodes.incomplete : code);
  };
  setTimeout(end, ms).unref();
}
