/**
 * What travels between a page and the signaling fixture: one JSON object per WebSocket message.
 *
 * A page joins with `GET <origin>/signal?token=TOKEN` (WebSocket). It receives `welcome`, then what the other
 * side of its call sends, then `bye` when the other side leaves. The shapes of descriptions and candidates
 * are those of webrtc-pc: https://www.w3.org/TR/webrtc/#rtcsessiondescription-class and
 * https://www.w3.org/TR/webrtc/#rtcicecandidate-interface
 */

/** Offerer and answerer in the sense of JSEP (https://www.rfc-editor.org/rfc/rfc8829); `single` has no other side. */
export type Role = 'offerer' | 'answerer' | 'single';

/** `RTCSessionDescriptionInit`, without the DOM's types. */
export interface DescriptionInit {
  type: 'offer' | 'answer' | 'pranswer' | 'rollback';
  sdp?: string | undefined;
}

/** `RTCIceCandidateInit`, without the DOM's types. An empty `candidate` says that a generation ended. */
export interface CandidateInit {
  candidate?: string | undefined;
  sdpMid?: string | null | undefined;
  sdpMLineIndex?: number | null | undefined;
  usernameFragment?: string | null | undefined;
}

/**
 * What the two sides of a call say to each other; the fixture relays and logs it. `call`, if given,
 * is the id from `welcome`: a message meant for an earlier call is then refused, not taken for one of this call.
 */
export type CallMessage = { call?: string | undefined } & (
  | { type: 'description'; description: DescriptionInit }
  /** `null` is the end of candidates. */
  | { type: 'candidate'; candidate: CandidateInit | null }
  /** What a library sends to itself at the other side: any JSON, nested 100 deep at most. */
  | { type: 'message'; message: unknown }
  | { type: 'bye'; reason?: string | undefined }
);

/** What sets a connection up: everything but `bye` and what a library sends to itself. */
export type Signal = Exclude<CallMessage, { type: 'bye' | 'message' }>;

/**
 * Harness peers only: an opaque remote-procedure payload, never relayed to the other side and never logged.
 * With `type` as its first member, as written here, it is free of the limits of call messages.
 */
export interface RpcMessage {
  type: 'rpc';
  data: string;
}

/** Codes of the errors with which the fixture answers the sender of a message. */
const signalingErrorCodes = [
  'malformed-message',
  'unknown-message-type',
  'message-too-large',
  'too-many-messages',
  'not-in-a-call',
  'trickle-is-off',
  'unauthorised-message',
] as const;
export type SignalingErrorCode = (typeof signalingErrorCodes)[number];

/** Everything that a page may receive. */
export type ServerMessage =
  | CallMessage
  | RpcMessage
  /** Sent when the page has been put into a call: who it is, and whether candidates may be trickled. */
  | { type: 'welcome'; call: string; role: Role; trickle: boolean }
  | { type: 'error'; code: SignalingErrorCode; message: string };

/** How the fixture disturbs one call. By default it relays each message at once, in order, once. */
export interface Impairments {
  /** `false`: candidate messages are refused with `trickle-is-off`; the description has to carry them. */
  trickle?: boolean;
  /** How long candidates are held back, in milliseconds. */
  delayCandidatesMs?: number;
  /** Candidates of one side are relayed in reverse order: all are held until the end of candidates (`null`). */
  reorderCandidates?: boolean;
  /** Every candidate is relayed this many times (1 is once). */
  duplicateCandidates?: number;
  /** Candidates that contain one of these strings are dropped; `''` drops all but the end of candidates. */
  dropCandidates?: readonly string[];
  /** A side's description is held back until its first candidate has been relayed. */
  candidatesBeforeDescription?: boolean;
  /** How long free-form messages are held back, in milliseconds. */
  delayMessagesMs?: number;
  /** Every free-form message is relayed this many times (1 is once). */
  duplicateMessages?: number;
  /** Free-form messages whose JSON contains one of these strings are dropped; `''` drops all. */
  dropMessages?: readonly string[];
}

/** One line of the signaling log, which is evidence. Times are milliseconds since the call began. */
export interface SignalingLogEntry {
  /** Milliseconds since the call began, from a monotonic clock. */
  at: number;
  from: 'offerer' | 'answerer' | 'fixture';
  /** What the fixture did with it. `received` is logged as it comes in, before it is relayed. */
  action: 'received' | 'relayed' | 'held' | 'dropped' | 'refused' | 'joined' | 'left';
  message?: CallMessage;
  /** Set with `refused`. */
  error?: SignalingErrorCode;
  /** Only in the last entry of a log that is full: how many came after it. */
  leftOut?: number;
}
