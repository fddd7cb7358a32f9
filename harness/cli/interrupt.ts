/**
 * The first Ctrl+C ends a run in order: cells under way are cut off, what has finished is written. The second ends
 * the process at once; the reaper then ends the browsers.
 */
export function onInterrupt(): { signal: AbortSignal; stop(): void } {
  const controller = new AbortController();
  const hear = (): void => {
    // 130 is what a shell reports for a process that SIGINT ended
    if (controller.signal.aborted) process.exit(130);
    process.stderr.write('\nending: what has finished is kept; press again to stop at once\n');
    controller.abort();
  };
  process.on('SIGINT', hear);
  process.on('SIGTERM', hear);
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', hear);
      process.off('SIGTERM', hear);
    },
  };
}
