import { execa } from 'execa';
import { connect, createServer } from 'node:net';
import { Family, familyMember } from '../drivers/family.ts';
import { settlesWithin, until } from '../drivers/deadline.ts';
import { HarnessError, messageOf } from '../errors.ts';
import type { Service, ServiceAddress, Services } from '../matrix/service.ts';
import { within } from '../within.ts';
import type { EvidenceBag } from './evidence.ts';
import { ServiceLog } from './service-log.ts';

const defaultReadyMs = 20_000;
/** From SIGTERM to SIGKILL. */
const graceMs = 1000;

interface Running {
  name: string;
  address: ServiceAddress;
  log: ServiceLog;
  /** How it ended, in words. */
  ended: Promise<string>;
  stop(): Promise<void>;
}

/** The services of a cell, or of a run. They end when they are stopped, or with the harness, however that ends. */
export class RunningServices {
  readonly #running: readonly Running[];

  private constructor(running: readonly Running[]) {
    this.#running = running;
  }

  static readonly none = new RunningServices([]);

  /**
   * Starts them side by side and waits until each is ready.
   * @param folder where their commands run
   * @throws {HarnessError} `service-failed`, with its output
   */
  static async start(services: Services, folder: string): Promise<RunningServices> {
    const started = await Promise.allSettled(
      Object.entries(services).map(([name, service]) => start(name, service, folder)),
    );
    const running = started.flatMap((result) => (result.status === 'fulfilled' ? [result.value] : []));
    const failed = started.find((result) => result.status === 'rejected');
    const all = new RunningServices(running);
    if (!failed) return all;
    await all.stop();
    throw failed.reason;
  }

  get addresses(): Record<string, ServiceAddress> {
    return Object.fromEntries(this.#running.map(({ name, address }) => [name, address]));
  }

  /** Rejects when one of them ends by itself: waits for it cannot succeed. */
  ended(): Promise<never> {
    const ends = this.#running.map(async ({ name, ended, log }): Promise<never> => {
      throw new HarnessError('service-ended', `The service ${name} ${await ended}.${log.lastWords}`);
    });
    return ends.length === 0 ? new Promise(() => undefined) : Promise.race(ends);
  }

  /** The output of each since then. @param since milliseconds since the epoch */
  evidence(since: number): EvidenceBag {
    return this.#running.map(({ name, log }) => ({
      kind: 'trace',
      peer: null,
      name: `${name}.log`,
      content: log.textSince(since),
    }));
  }

  /** Ends them all; no process of theirs is left. May be called again. */
  async stop(): Promise<void> {
    await Promise.all(this.#running.map((service) => service.stop()));
  }
}

async function start(
  name: string,
  { command, ready, readyMs, env = {} }: Service,
  folder: string,
): Promise<Running> {
  const port = await freePort();
  const withPort = (text: string): string => text.replaceAll('{port}', () => String(port));
  const [file, ...args] = command.map(withPort);
  const family = await Family.create();
  const log = new ServiceLog();
  try {
    if (file === undefined) throw new Error('it has no command');
    const environment = Object.fromEntries(Object.entries(env).map(([key, value]) => [key, withPort(value)]));
    const child = execa(file, args, {
      cwd: folder,
      preferLocal: true,
      localDir: folder,
      env: family.env(environment),
      ...familyMember,
    });
    if (child.pid !== undefined) family.adopt(child.pid);
    const said = ready && log.match(ready);
    log.follow(child.stdout);
    log.follow(child.stderr);
    const ended = child.then(({ exitCode, signal, shortMessage }) => {
      if (signal !== undefined) return `was ended by ${signal}`;
      return exitCode === undefined
        ? `did not start: ${shortMessage ?? ''}`
        : `ended with exit code ${String(exitCode)}`;
    });
    const early = ended.then((how): never => {
      throw new Error(`it ${how}`);
    });
    const limit = readyMs ?? defaultReadyMs;
    await within(limit, 'it to be ready', Promise.race([early, said ?? takesConnections(port, limit)]));
    early.catch(() => undefined); // From here on `ended` reports it.
    return {
      name,
      address: { port, origin: `http://127.0.0.1:${String(port)}` },
      log,
      ended,
      async stop() {
        child.kill('SIGTERM');
        await settlesWithin(graceMs, ended);
        await family.end();
      },
    };
  } catch (error) {
    await family.end();
    throw new HarnessError(
      'service-failed',
      `The service ${name} (${command.join(' ')}) did not start: ${messageOf(error)}.${log.lastWords}`,
      { cause: error },
    );
  }
}

/** A port that was free a moment ago: a service whose port was taken meanwhile ends, and says so. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen({ host: '127.0.0.1', port: 0 }, resolve);
  });
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (address === null || typeof address === 'string')
    throw new HarnessError('no-port', 'there is no free port');
  return address.port;
}

async function takesConnections(port: number, ms: number): Promise<void> {
  const tries = (): Promise<boolean> =>
    new Promise((resolve) => {
      const socket = connect({ host: '127.0.0.1', port });
      socket.once('connect', () => {
        socket.destroy();
        resolve(true);
      });
      socket.once('error', () => resolve(false));
    });
  if (!(await until(tries, { ms }))) throw new Error(`nothing takes connections at port ${String(port)}`);
}
