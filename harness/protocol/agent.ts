/**
 * The calls that the harness and the agent in a peer page make to each other over the page's socket
 * (birpc, serialised by devalue: undefined, NaN, bigint, Map, Set, Date and typed arrays survive).
 */

/** Where a scenario was when it stopped; the names of the contract. */
export type PagePhase = 'signaling' | 'sdp' | 'ice' | 'dtls' | 'sctp' | 'media' | 'assert';

/** Something thrown in a page, made plain. */
export interface PageError {
  /** The constructor's or DOMException's name, e.g. `OperationError`. */
  name: string;
  message: string;
  stack: string;
  /** `wait-timeout` for a named wait that ran out, `page-exception` for everything else, or the agent's own code. */
  code: string;
  phase: PagePhase;
}

/** What came of a function that ran in a page. */
export type RunOutcome = { ok: true; value: unknown } | { ok: false; error: PageError };

/** How one RTCPeerConnection stood when it was looked at. */
export interface ConnectionSnapshot {
  signalingState: string;
  iceGatheringState: string;
  iceConnectionState: string;
  connectionState: string;
  dtlsState: string | null;
  sctpState: string | null;
  /** The lowest layer that is not up; `assert` where all are. */
  phase: PagePhase;
  /** `getStats()` as JSON text: an array of RTCStats dictionaries; or null with `statsError`. */
  stats: string | null;
  statsError: string | null;
}

/** What the agent brings home at the end of a cell. */
export interface Collected {
  connections: ConnectionSnapshot[];
}

/** Codecs as `getCapabilities` names them, parameters included. */
export interface CodecCapability {
  mimeType: string;
  clockRate: number;
  channels: number | null;
  sdpFmtpLine: string | null;
  scalabilityModes: string[];
}

/** What a browser says that it has. */
export interface ProbeAnswer {
  userAgent: string;
  /** For each name that was asked, whether the page has it. See `has` in fixtures/peer-page/probe.ts. */
  has: Record<string, boolean>;
  codecs: Record<'audio' | 'video', Record<'send' | 'receive', CodecCapability[]>>;
  headerExtensions: Record<'audio' | 'video', string[]>;
}

/** A line of a page's console, or an uncaught error in it. */
export interface ConsoleEntry {
  /** Milliseconds since the epoch. */
  at: number;
  level: 'debug' | 'log' | 'info' | 'warn' | 'error' | 'uncaught' | 'unhandledrejection';
  text: string;
}

/** What the harness may ask of a page. */
export interface AgentFunctions {
  /** Runs `(source)(agent, arg)`; waits in it give up `budgetMs` from now. */
  run(source: string, arg: unknown, budgetMs: number): Promise<RunOutcome>;
  collect(): Promise<Collected>;
  probe(names: string[]): Promise<ProbeAnswer>;
  /** Goes to another address, for a fresh start; the socket closes. */
  leave(url: string): void;
}

/** What a page may tell the harness. */
export interface HarnessFunctions {
  /** The agent is there and every script that it was to load has run. Connected is not ready. */
  ready(page: { userAgent: string; scripts: number }): void;
  /** The page could not become ready. */
  failed(error: PageError): void;
  log(entry: ConsoleEntry): void;
}
