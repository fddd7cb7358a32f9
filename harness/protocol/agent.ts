/**
 * The calls that the harness and the agent in a peer page make to each other over the page's socket
 * (birpc, serialised by devalue: undefined, NaN, bigint, Map, Set, Date and typed arrays survive).
 */

/** Where a scenario was when it stopped; the names of the contract. */
export type PagePhase = 'signaling' | 'sdp' | 'ice' | 'dtls' | 'sctp' | 'media' | 'assert';

/** Something thrown in a page, as plain data. */
export interface PageError {
  /** The constructor's or DOMException's name, e.g. `OperationError`. */
  name: string;
  message: string;
  stack: string;
  /** `wait-timeout` for a named wait that ran out, `page-exception` for everything else, or the agent's own code. */
  code: string;
  phase: PagePhase;
  /** Set if a wait ran out. */
  wait?: PageWait;
  /** Set if a description was refused: the side that made it. */
  madeBy?: 'this side' | 'the other side';
}

/** Something that a page waits for, or did wait for until its time ran out. */
export interface PageWait {
  /** `waited 5000 ms for …; last seen: …` */
  message: string;
  /** Milliseconds since it began. */
  ms: number;
  phase: PagePhase;
  /** The phase of the wait if the connection turns out to be up after all; null if no connection matters. */
  whenUp: PagePhase | null;
  /** `true`: only the other side can end it, by an offer, an answer, a message or a track. */
  othersTurn: boolean;
}

/** The outcome of a function that ran in a page. */
export type RunOutcome = { ok: true; value: unknown } | { ok: false; error: PageError };

/** The state of one RTCPeerConnection at one moment. */
export interface ConnectionSnapshot {
  signalingState: string;
  iceGatheringState: string;
  iceConnectionState: string;
  connectionState: string;
  dtlsState: string | null;
  sctpState: string | null;
  /** The lowest layer that is not up; `assert` if all are. */
  phase: PagePhase;
  /** `getStats()` as JSON text: an array of RTCStats dictionaries; or null with `statsError`. */
  stats: string | null;
  statsError: string | null;
  /** What failed while nothing waited for it, e.g. a received description that could not be set. */
  failure: PageError | null;
  /** `false`: no wait of this side has thrown the failure, so the scenario has not heard of it. */
  failureWasHeard: boolean;
  /** Every description that it made or received, in order. */
  descriptions: DescriptionRecord[];
  /** Its events, in order. */
  events: ConnectionEvent[];
  /** The edits of the scenario that saw descriptions and changed none, though they had to: `local`, `outgoing`, `incoming`. */
  idleEdits: string[];
  /** Set if the page's own code made the connection, not the scenario. */
  ofPage?: {
    /** The layer that was not up when it was closed, `assert` if all were; null while it is open. */
    closedFrom: PagePhase | null;
  };
}

/** A description and what became of it at one side. */
export interface DescriptionRecord {
  /** When it was made or received, in milliseconds since the epoch. */
  at: number;
  madeBy: 'this side' | 'the other side';
  type: string;
  /** As the browser made it, or as it came from the other side. */
  sdp: string;
  /** What `setLocalDescription` or `setRemoteDescription` was given, or `as above`; null if it was never set. */
  set: string | null;
  /** What was sent to the other side, or `as above`; null if nothing was. */
  sent: string | null;
  /** `taken`, or the words in which the browser refused it; null if it was never set, or never decided. */
  outcome: string | null;
}

/** An event of a connection, or of one of its transports or channels. */
export interface ConnectionEvent {
  /** Milliseconds since the epoch. */
  at: number;
  /** The event's name, e.g. `iceconnectionstatechange`. */
  event: string;
  /** The new state, the candidate, the channel…; empty if there is nothing to add. */
  detail: string;
}

/** An event of an object in the page that the scenario watches. */
export interface Emission extends ConnectionEvent {
  /** What the scenario calls that object. */
  emitter: string;
}

/** What the agent hands over at the end of a cell. */
export interface Collected {
  /**
   * The last is the one to judge by: the scenario's, else the newest of the page's own that was given a description.
   */
  connections: ConnectionSnapshot[];
  /** How many connections the page made that are not among them, because there were too many; absent if none. */
  leftOut?: number;
  /** Events of watched objects; absent if none is watched. */
  emissions?: Emission[];
  /** What the page waits for now, and the waits that ran out since the harness last called. */
  waits: PageWait[];
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
  /** For each name that was asked about, whether the page has it. See `has` in fixtures/peer-page/probe.ts. */
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
  /** Goes to another address, to start afresh; the socket closes. */
  leave(url: string): void;
}

/** What a page may tell the harness. */
export interface HarnessFunctions {
  /** The agent is there and every script that it was to load has run. Being connected is not enough. */
  ready(page: { userAgent: string; scripts: number }): void;
  /** The page could not become ready. */
  failed(error: PageError): void;
  log(entry: ConsoleEntry): void;
  /** A connection of this page failed while nothing here waited for it: waits elsewhere cannot succeed. */
  connectionFailed(error: PageError): void;
}
