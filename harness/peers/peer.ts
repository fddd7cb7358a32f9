import { createBirpc } from 'birpc';
import { parse, stringify } from 'devalue';
import type { Admission, Member, SignalingServer } from '../../fixtures/signaling/server.ts';
import type { PeerHandle } from '../matrix/scenario.ts';
import { ConsoleLines } from '../console-lines.ts';
import { HarnessError, messageOf, PeerGoneError } from '../errors.ts';
import type {
  AgentFunctions,
  Collected,
  ConsoleEntry,
  HarnessFunctions,
  PageError,
  ProbeAnswer,
} from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import {
  frameOf,
  readCollected,
  readConsoleEntry,
  readPageError,
  readProbeAnswer,
  readRunOutcome,
} from './answers.ts';
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

/** A page says that it cannot start, e.g. because an injected script threw. */
export class PageNotReadyError extends HarnessError {
  readonly console: readonly ConsoleEntry[];
  /** How the page looked; undefined if the driver could take no picture. */
  readonly screenshot: Buffer | undefined;
  /** What the page should have loaded; undefined if only the page is known. */
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

/** How much one page may send over rpc, in characters: a page serves one cell, which needs a few megabytes. */
const mostHeard = 256 * 1024 * 1024;
/** https://www.rfc-editor.org/rfc/rfc6455#section-7.4.1 lets applications use 1000 or private codes. */
const protocolError = 4002;

/** A ticket for one page, and the peer that the page becomes. */
export function admitPeer(server: SignalingServer, label: string): Admission & { peer: Promise<Peer> } {
  const early: string[] = [];
  const admission = server.admit({ label, onRpc: (data) => void early.push(data) });
  const peer = admission.joined.then((member) => new Peer(member, early, label));
  // its waiters get the rejection
  peer.catch(() => undefined);
  return Object.assign(admission, { peer });
}

/** One page that has joined and said that it is ready: it is a peer until its socket closes. */
export class Peer {
  readonly member: Member;
  /** Called when a connection of the page fails while nothing there waits for it. */
  onConnectionFailed: ((error: PageError) => void) | undefined;
  /** Resolves when the agent says that it is ready; rejects if the page cannot start, or goes first. */
  readonly ready: Promise<void>;
  /** Resolves, with the cause, when the page is gone. */
  readonly gone: Promise<PeerGoneError>;
  readonly #rpc;
  readonly #name: string;
  readonly #console = new ConsoleLines<ConsoleEntry['level']>('warn');
  #heardBytes = 0;
  #broke: PeerGoneError | undefined;

  /**
   * @param early what the page said before anyone listened: it may say at once that it is ready
   * @param name its name in errors
   */
  constructor(member: Member, early: readonly string[], name: string) {
    this.member = member;
    this.#name = name;
    let resolveReady = (): void => undefined;
    let rejectReady: (cause: Error) => void = () => undefined;
    this.ready = new Promise((resolve, reject) => {
      resolveReady = resolve;
      rejectReady = reject;
    });
    const local: HarnessFunctions = {
      ready: () => resolveReady(),
      failed: (error) =>
        this.#told(() => {
          const { code, message } = readPageError(error);
          const said = `the page could not start: ${message}`;
          rejectReady(new PageNotReadyError(code, said, { console: this.console }));
        }),
      log: (entry) => this.#told(() => this.#console.add(readConsoleEntry(entry))),
      connectionFailed: (error) => this.#told(() => this.onConnectionFailed?.(readPageError(error))),
    };
    this.#rpc = createBirpc<AgentFunctions, HarnessFunctions, false>(
      Object.assign(Object.create(null), local),
      {
        post: (data: string) => member.send({ type: 'rpc', data }),
        on: (listener) => {
          const hear = (text: string): void => {
            const frame = this.#read(text);
            if (frame !== undefined) listener(frame);
          };
          member.onRpc = hear;
          for (const text of early) hear(text);
        },
        serialize: (message) => stringify(message),
        // Cells have the deadlines; a dead socket rejects pending calls.
        timeout: -1,
        proxify: false,
        // An answer to a page that is gone meanwhile reaches nobody. A call of ours that fails rejects.
        onGeneralError: (_, answered) => answered !== undefined,
      },
    );
    this.gone = member.closed.then((cause) => {
      const gone =
        this.#broke ??
        (cause instanceof PeerGoneError ? cause : new PeerGoneError('peer-gone', cause.message, { cause }));
      this.#rpc.$close(gone);
      rejectReady(gone);
      return gone;
    });
    // Those who wait for readiness get the failure; a page that nobody waits for may fail silently.
    this.ready.catch(() => undefined);
  }

  /** What it wrote to its console, within bounds; the last line says how much was left out. */
  get console(): readonly ConsoleEntry[] {
    return this.#console.entries();
  }

  /** One frame of the page; undefined if it cannot be read, which ends the page: nothing that it says can be trusted then. */
  #read(text: string): ReturnType<typeof frameOf> | undefined {
    if (this.#broke !== undefined) return undefined;
    this.#heardBytes += text.length;
    if (this.#heardBytes > mostHeard) {
      this.#end('too-much-said', `said more than ${String(mostHeard)} characters over rpc`);
      return undefined;
    }
    try {
      return frameOf(parse(text, { Error: (message: unknown) => new Error(String(message)) }));
    } catch (error) {
      this.#end('malformed-frame', `said what is no rpc frame: ${messageOf(error)}`);
      return undefined;
    }
  }

  /** Handles what the page sends by itself. As nobody waits for an answer, a frame that cannot be read also ends the page. */
  #told(take: () => void): void {
    try {
      take();
    } catch (error) {
      this.#end('malformed-answer', `said what cannot be read: ${messageOf(error)}`);
    }
  }

  #end(code: string, what: string): void {
    this.#broke = new PeerGoneError(code, `The page of ${this.#name} ${what}. It was closed.`);
    this.member.close(protocolError, code);
  }

  /** Runs a function's source in the page, with what is left of the cell's time. */
  async run(source: string, arg: unknown, budgetMs: number, role: Role, browser: string): Promise<unknown> {
    const outcome = readRunOutcome(await this.#rpc.$call('run', source, arg, budgetMs));
    if (!outcome.ok) throw new PageFailure(outcome.error, role, browser);
    return outcome.value;
  }

  /**
   * Calls any command by name.
   * @throws {HarnessError} `unknown-command` if the page answers that it has none of that name
   */
  async command(name: string): Promise<unknown> {
    try {
      const answer: unknown = await this.#rpc.$callRaw({ method: name, args: [] });
      return answer;
    } catch (error) {
      // the words of birpc in the page
      if (!messageOf(error).includes(`function "${name}" not found`)) throw error;
      throw new HarnessError('unknown-command', messageOf(error), { cause: error });
    }
  }

  /** @throws {HarnessError} `malformed-answer` */
  async collect(): Promise<Collected> {
    return readCollected(await this.#rpc.$call('collect'));
  }

  /** @throws {HarnessError} `malformed-answer` */
  async probe(names: readonly string[]): Promise<ProbeAnswer> {
    return readProbeAnswer(await this.#rpc.$call('probe', [...names]));
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
        // The page returns what the function's type says: it is the same function.
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
