/** Ends a run from outside. */
export interface Interrupt {
  signal: AbortSignal;
  stop(): void;
}

/**
 * The first Ctrl+C ends a run in order: cells under way are cut off, what has finished is written. The second ends
 * the process at once; the reaper then ends the browsers. SIGTERM and SIGHUP (a closed terminal) end it in order
 * however often they come, because `npm start` passes on signals that this process has already received with its group.
 * The end of `npm start` itself has the same effect: it closes the channel that the two share.
 */
export function onInterrupt(exit: (code: number) => void = process.exit): Interrupt {
  const controller = new AbortController();
  const end = (): void => {
    if (controller.signal.aborted) return;
    process.stderr.write('\nending: what has finished is kept; press Ctrl+C again to stop at once\n');
    controller.abort();
  };
  let pressed = false;
  const press = (): void => {
    // 130 is what a shell reports for a process that SIGINT ended
    if (pressed) exit(130);
    pressed = true;
    end();
  };
  process.on('SIGINT', press);
  process.on('SIGTERM', end);
  process.on('SIGHUP', end);
  process.on('disconnect', end);
  // a listener alone would keep this process alive
  process.channel?.unref();
  // there is no such property where there never was a channel
  if ('connected' in process && !process.connected) end();
  return {
    signal: controller.signal,
    stop() {
      process.off('SIGINT', press);
      process.off('SIGTERM', end);
      process.off('SIGHUP', end);
      process.off('disconnect', end);
    },
  };
}
