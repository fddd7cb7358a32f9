import { createServer } from 'node:net';
import { execa } from 'execa';
import { until } from './deadline.ts';
import type { DriverProgram } from '../config/browsers.ts';
import { familyMember, type Family } from './family.ts';
import { LogTail } from './log-tail.ts';

/** A running driver program. */
export interface WebDriverServer {
  url: URL;
  pid: number;
  log: LogTail;
  /** Resolves when the program has ended. */
  ended: Promise<{ code: number | null; signal: string | null }>;
}

const argsOf: Record<DriverProgram, (port: number) => string[]> = {
  chromedriver: (port) => [`--port=${port}`],
  msedgedriver: (port) => [`--port=${port}`],
  // Its WebSocket listens on 9222 by default, so two at once would clash.
  geckodriver: (port) => ['--port', String(port), '--websocket-port', '0'],
  safaridriver: (port) => ['--port', String(port)],
  WebKitWebDriver: (port) => ['--host=127.0.0.1', `--port=${port}`],
};

/**
 * Starts a driver program on a free port of 127.0.0.1, in the family and in a process group of its own, and waits
 * until it answers. Rejects when it ends first or does not answer within `timeoutMs`.
 */
export async function startWebDriverServer(
  program: DriverProgram,
  path: string,
  family: Family,
  env: Record<string, string>,
  timeoutMs: number,
): Promise<WebDriverServer> {
  const port = await freePort();
  const log = new LogTail();
  const child = execa(path, argsOf[program](port), {
    env,
    ...familyMember,
  });
  log.follow(child.stdout);
  log.follow(child.stderr);
  let over: string | undefined;
  const ended = child.then(({ exitCode, signal, originalMessage }) => {
    over = originalMessage ?? `exit code ${exitCode ?? 'none'}, signal ${signal ?? 'none'}`;
    return { code: exitCode ?? null, signal: signal ?? null };
  });
  if (child.pid === undefined) {
    await ended;
    throw new Error(`${path} did not start: ${over}`);
  }
  family.adopt(child.pid);
  const url = new URL(`http://127.0.0.1:${port}/`);
  await until(async () => over !== undefined || (await answers(url)), { ms: timeoutMs, everyMs: 20 });
  if (over !== undefined) throw new Error(`${path} ended before it listened (${over}).\n${log.text}`);
  if (!(await answers(url)))
    throw new Error(`${path} did not answer on port ${port} within ${timeoutMs} ms.\n${log.text}`);
  return { url, pid: child.pid, log, ended };
}

/** Whether a WebDriver server answers: https://www.w3.org/TR/webdriver2/#status */
async function answers(server: URL): Promise<boolean> {
  try {
    const response = await fetch(new URL('status', server), { signal: AbortSignal.timeout(900) });
    await response.arrayBuffer();
    return response.ok;
  } catch {
    return false; // Nothing listens, or it does not answer.
  }
}

const freePort = (): Promise<number> =>
  new Promise((resolve, reject) => {
    const probe = createServer().once('error', reject);
    probe.listen(0, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => {
        if (typeof address === 'object' && address !== null) resolve(address.port);
        else reject(new Error('The system gave no port.'));
      });
    });
  });
