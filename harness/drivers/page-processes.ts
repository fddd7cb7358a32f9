import type { Exit } from './driver.ts';
import { ExitWatch } from './exit.ts';
import { processLives } from './processes.ts';

const watchMs = 200;
/** A browser that dies takes its pages along, and is seen to have died within this many looks. */
const looks = 3;

/**
 * Watches the processes that came with a page: WebDriver does not tell that a page's process died.
 * @param pids none where the page shares a process with another; then nothing is ever seen
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
