import type { Exit } from './driver.ts';
import { ExitWatch } from './exit.ts';
import { processLives } from './processes.ts';

const watchMs = 200;
/** A browser that dies takes its pages with it; within this many looks it is seen to have died. */
const looks = 3;

/**
 * Watches the processes that appeared with a page: WebDriver does not tell when a page's process dies.
 * @param pids empty if the page shares a process with another; then nothing is ever seen
 */
export function watchPageProcesses(pids: readonly number[]): { died: Promise<Exit>; stop: () => void } {
  const watch = new ExitWatch();
  let seen = 0;
  const timer = setInterval(() => {
    const dead = pids.find((pid) => !processLives(pid));
    if (dead === undefined || (seen += 1) < looks) return;
    const description = `A page crashed: its process ${String(dead)} ended; its exit status is known to its parent only.`;
    watch.report({ code: null, signal: null, description, of: 'page' });
    clearInterval(timer);
  }, watchMs);
  timer.unref();
  if (pids.length === 0) clearInterval(timer);
  return { died: watch.exited, stop: () => clearInterval(timer) };
}
