import Mocha from 'mocha';
import { setImmediate as nextTurn } from 'node:timers/promises';
import { HarnessError } from '../errors.ts';
import { strayError, type Watch } from './watch.ts';

/** The scenario's time ran out. */
export class ScenarioTimeoutError extends HarnessError {}

/**
 * Runs one body as one mocha test, without mocha's Runner: a Runner listens for errors of the whole process, and mocha
 * measures time by a clock that may be changed.
 * @param timeoutMs by a monotonic clock
 * @param close closes what the body has opened; called when it has ended or is waited for no longer
 * @returns what failed it, or undefined
 */
export async function runBody(
  title: string,
  timeoutMs: number,
  watch: Watch,
  body: () => Promise<void>,
  close: () => Promise<unknown> = () => Promise.resolve(),
): Promise<unknown> {
  const test = new Mocha.Test(title, () => watch.run(async () => body()));
  test.timeout(0);
  let timer: NodeJS.Timeout | undefined;
  const failure = await new Promise<unknown>((resolve) => {
    timer = setTimeout(
      () => resolve(new ScenarioTimeoutError('scenario-timeout', `${String(timeoutMs)} ms ran out`)),
      timeoutMs,
    );
    void watch.uncaught.then(() => resolve(strayError(watch.strays)));
    test.run(resolve);
  });
  clearTimeout(timer);
  test.clearTimeout();
  const unclosed = await close();
  // Unhandled rejections are reported at the end of a turn.
  await nextTurn();
  return failure ?? unclosed ?? strayError(watch.strays);
}
