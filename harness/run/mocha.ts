import Mocha from 'mocha';

/**
 * Runs one body as one mocha test, with mocha's deadline and its watch over uncaught errors; a runner for each, so
 * that cells can run side by side in one process. (Mocha's parallel mode is a process for each file, and a process
 * has no part in another's browsers.)
 * @returns what failed it, or undefined
 */
export async function runAsTest(
  title: string,
  timeoutMs: number,
  body: () => Promise<void>,
): Promise<unknown> {
  const suite = Mocha.Suite.create(new Mocha.Suite('', new Mocha.Context()), 'cell');
  const test = new Mocha.Test(title, body);
  suite.addTest(test);
  // after addTest, which sets the suite's own
  test.timeout(timeoutMs);
  const runner = new Mocha.Runner(suite);
  let failure: unknown;
  runner.on('fail', (_, error: unknown) => {
    failure ??= error ?? new Error('mocha reports a failure without an error');
  });
  await new Promise<void>((resolve) => runner.run(() => resolve()));
  runner.dispose();
  if (failure === undefined && test.state !== 'passed')
    return new Error(`mocha did not run it: ${String(test.state)}`);
  return failure;
}

/** Whether an error is mocha's own deadline. */
export const isMochaTimeout = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ERR_MOCHA_TIMEOUT';
