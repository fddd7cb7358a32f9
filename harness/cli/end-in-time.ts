import { exitCodes } from './exit-codes.ts';

/** Time in which what a run has opened closes by itself. */
const lingerMs = 10_000;

/**
 * Ends the process where something of a scenario's keeps it alive although the run is over: a timer, a server, a
 * process. Without anything of that kind Node ends before.
 */
export function endInTime(code: number, ms = lingerMs): void {
  const end = (): void => {
    const left = [...new Set(process.getActiveResourcesInfo())].join(', ');
    process.stderr.write(`error: the run is over, and something keeps its process alive: ${left}\n`);
    process.exit(code === exitCodes.ok ? exitCodes.incomplete : code);
  };
  setTimeout(end, ms).unref();
}
