import { createBirpc } from 'birpc';
import { parse, stringify } from 'devalue';
import type { Admission, Member, SignalingServer } from '../../fixtures/signaling/server.ts';
import type { PeerHandle } from '../matrix/scenario.ts';
import { HarnessError, PeerGoneError } from '../errors.ts';
import type {
  AgentFunctions,
  Collected,
  ConsoleEntry,
  HarnessFunctions,
  PageError,
  ProbeAnswer,
} from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import type { PageSetup } from './page-server.ts';

/** What a scenario's function threw in a page. */
export class PageFailure extends HarnessError {
  readonly page: PageError;
  /** The side it was thrown on. */
  readonly role: Role;

  constructor(page: PageError, role: Role, browser: string) {
    super(page.code, page.code === 'page-exception' ? `${page.name}: ${page.message}` : page.message);
    this.page = page;
    this.role = role;
    this.stack = `${this.name} in ${role} ${browser}: ${page.stack || this.message}`;
  }
}

/** A page says that it cannot start, e.g. because a script that it was to load ahead of everything threw. */
export class PageNotReadyError extends HarnessError {
  readonly console: readonly ConsoleEntry[];
  /** How the page looked; undefined where the driver could take no picture. */
  readonly screenshot: Buffer | undefined;
  /** What the page was to load; undefined where the page alone is known. */
  readonly setup: PageSetup | undefined;

  constructor(
    code: string,
    message: string,
    left: { console: readonly ConsoleEntry[]; screenshot?: Buffer | undefined; setup?: PageSetup },
  ) {
    super(code, message);
    this.console = left.console;
    this.screenshot = left.screenshot;
    this.setup = left.setup;
  }
}

/** A ticket for one page, and the peer that the page becomes. */
export function admitPeer(server: SignalingServer, label: string): Admission & { peer: Promise<Peer> } {
  const early: string[] = [];
  const admission = server.admit({ label, onRpc: (data) => void early.push(data) });
  const peer = admission.joined.then((member) => new Peer(member, early));
  // whoever waits for it hears of it
  peer.catch(() => undefined);
  return Object.assign(admission, { peer });
}

/** One page that has joined and said that it is ready: a peer, until its socket goes. */
export class Peer {
  readonly member: Member;
  readonly console: ConsoleEntry[] = [];
  /** Told when a connection of the page fails while nothing there waits for it. */
  onConnectionFailed: ((error: PageError) => void) | undefined;
  /** Resolves when the agent says that it is ready; rejects when the page cannot be, or goes first. */
  readonly ready: Promise<void>;
  /** Resolves, with the cause, when the page is gone. */
  readonly gone: Promise<PeerGoneError>;
  readonly #rpc;

  /** @param early what the page said before anybody listened: it may say that it is ready with its first breath */
  constructor(member: Member, early: readonly string[]) {
    this.member = member;
    let resolveReady = (): void => undefined;
    let rejectReady: (cause: Error) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      resolveReady = resolve;
      rejectReady = reject;
    });
    const local: HarnessFunctions = {
      ready: () => resolveReady(),
      failed: ({ code, message }) => {
        const said = `the page could not start: ${message}`;
        rejectReady(new PageNotReadyError(code, said, { console: this.console }));
      },
      log: (entry) => void this.console.push(entry),
      connectionFailed: (error) => this.onConnectionFailed?.(error),
    };
    this.#rpc = createBirpc<AgentFunctions, HarnessFunctions, false>(local, {
      post: (data: string) => member.send({ type: 'rpc', data }),
      on: (listener) => {
        member.onRpc = listener;
        for (const data of early) listener(data);
      },
      serialize: (message) => stringify(message),
      deserialize: (text: string) => parse(text, { Error: (message: string) => new Error(message) }),
      // Deadlines are the cells'; a dead socket rejects what is pending.
      timeout: -1,
      proxify: false,
      // An answer to a page that is gone meanwhile: nobody is there to hear it. A call of ours that fails rejects.
      onGeneralError: (_, answered) => answered !== undefined,
    });
    this.gone = member.closed.then((cause) => {
      const gone =
        cause instanceof PeerGoneError ? cause : new PeerGoneError('peer-gone', cause.message, { cause });
      this.#rpc.$close(gone);
      rejectReady(gone);
      return gone;
    });
    // Whoever waits for readiness hears of a failure; a page that nobody waits for may fail unheard.
    this.ready.catch(() => undefined);
  }

  /** Runs a function's source in the page, with what is left of the cell's time. */
  async run(source: string, arg: unknown, budgetMs: number, role: Role, browser: string): Promise<unknown> {
    const outcome = await this.#rpc.$call('run', source, arg, budgetMs);
    if (!outcome.ok) throw new PageFailure(outcome.error, role, browser);
    return outcome.value;
  }

  /** Asks for any command by name. */
  async command(name: string): Promise<unknown> {
    const answer: unknown = await this.#rpc.$callRaw({ method: name, args: [] });
    return answer;
  }

  collect(): Promise<Collected> {
    return this.#rpc.$call('collect');
  }

  probe(names: readonly string[]): Promise<ProbeAnswer> {
    return this.#rpc.$call('probe', [...names]);
  }

  ping(): Promise<string> {
    return this.#rpc.$call('ping');
  }

  /** Tells the page to go to another address; its socket closes then. */
  async leave(url: string): Promise<void> {
    await this.#rpc.$callEvent('leave', url);
  }

  /** This peer in one role of one cell. */
  as(
    role: Role,
    browser: string,
    { engine, version }: Pick<PeerHandle<never>, 'engine' | 'version'>,
    timeLeft: () => number,
  ): PeerHandle<never> {
    return {
      browser,
      engine,
      version,
      run: async (page: (agent: never, arg: never) => unknown, arg?: unknown) => {
        // What the page returns is what the function's type says: it is the same function.
        const value = await this.run(page.toString(), arg, timeLeft(), role, browser);
        // oxlint-disable-next-line typescript/no-unsafe-type-assertion
        return value as never;
      },
      within: (share) => {
        const later = timeLeft() * (1 - share);
        return this.as(role, browser, { engine, version }, () => timeLeft() - later);
      },
      command: (name) => this.command(name),
    };
  }
}
