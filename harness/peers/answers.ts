import { z } from 'zod';
import { HarnessError } from '../errors.ts';
import type {
  CodecCapability,
  Collected,
  ConnectionSnapshot,
  ConsoleEntry,
  PageError,
  PageWait,
  ProbeAnswer,
  RunOutcome,
} from '../protocol/agent.ts';

/** The longest text from a page that goes into a result, in characters. */
const mostText = 100_000;
const text = z.string().transform((value) => value.slice(0, mostText));

/** A list whose length is checked before its items: it may claim four thousand million places and fill none. */
const list = <T extends z.ZodType>(item: T, most = 10_000) =>
  z
    .custom<unknown[]>((value) => Array.isArray(value) && value.length <= most, `a list of at most ${most}`)
    .pipe(z.array(item));

const phase = z.enum(['signaling', 'sdp', 'ice', 'dtls', 'sctp', 'media', 'assert']);

const pageWait = z.object({
  message: text,
  ms: z.number(),
  phase,
  whenUp: phase.nullable(),
  othersTurn: z.boolean(),
}) satisfies z.ZodType<PageWait>;

const maker = z.enum(['this side', 'the other side']);

const pageError = z.object({
  name: text,
  message: text,
  stack: text,
  code: text,
  phase,
  wait: z.exactOptional(pageWait),
  madeBy: z.exactOptional(maker),
}) satisfies z.ZodType<PageError>;

const runOutcome = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown() }),
  z.object({ ok: z.literal(false), error: pageError }),
]) satisfies z.ZodType<RunOutcome>;

const isJsonList = (value: string): boolean => {
  try {
    return Array.isArray(JSON.parse(value));
  } catch {
    return false; // The refinement has checked it.
  }
};

const snapshot = z.object({
  signalingState: text,
  iceGatheringState: text,
  iceConnectionState: text,
  connectionState: text,
  dtlsState: text.nullable(),
  sctpState: text.nullable(),
  phase,
  stats: z.string().refine(isJsonList, 'no JSON text of a list').nullable(),
  statsError: text.nullable(),
  failure: pageError.nullable(),
  failureWasHeard: z.boolean(),
  descriptions: list(
    z.object({
      at: z.number(),
      madeBy: maker,
      type: text,
      sdp: text,
      set: text.nullable(),
      sent: text.nullable(),
      outcome: text.nullable(),
    }),
  ),
  events: list(z.object({ at: z.number(), event: text, detail: text })),
  idleEdits: list(text),
  ofPage: z.exactOptional(z.object({ closedFrom: phase.nullable() })),
}) satisfies z.ZodType<ConnectionSnapshot>;

const collected = z.object({
  connections: list(snapshot),
  leftOut: z.exactOptional(z.number()),
  emissions: z.exactOptional(list(z.object({ at: z.number(), emitter: text, event: text, detail: text }))),
  waits: list(pageWait),
}) satisfies z.ZodType<Collected>;

const codec = z.object({
  mimeType: text,
  clockRate: z.number(),
  channels: z.number().nullable(),
  sdpFmtpLine: text.nullable(),
  scalabilityModes: list(text),
}) satisfies z.ZodType<CodecCapability>;
const ways = z.object({ send: list(codec), receive: list(codec) });

const probeAnswer = z.object({
  userAgent: text,
  has: z.record(z.string(), z.boolean()),
  codecs: z.object({ audio: ways, video: ways }),
  headerExtensions: z.object({ audio: list(text), video: list(text) }),
}) satisfies z.ZodType<ProbeAnswer>;

const consoleEntry = z.object({
  at: z.number(),
  level: z.enum(['debug', 'log', 'info', 'warn', 'error', 'uncaught', 'unhandledrejection']),
  text: z.string(),
}) satisfies z.ZodType<ConsoleEntry>;

/**
 * Reads what a page said, if it has the form of the protocol. A page may say anything: injected scripts can reach the
 * agent's socket.
 * @throws {HarnessError} `malformed-answer`
 */
const reader =
  <T>(what: string, schema: z.ZodType<T>) =>
  (said: unknown): T => {
    const result = schema.safeParse(said);
    if (result.success) return result.data;
    throw new HarnessError(
      'malformed-answer',
      `The page's ${what} has not the form of the protocol: ${whyNot(result.error)}`,
    );
  };

const whyNot = (error: z.ZodError): string => z.prettifyError(error).slice(0, 500);

export const readPageError = reader('error', pageError);
export const readRunOutcome = reader('answer to run', runOutcome);
export const readCollected = reader('answer to collect', collected);
export const readProbeAnswer = reader('answer to probe', probeAnswer);
export const readConsoleEntry = reader('console line', consoleEntry);

/** More than any function of the harness takes. */
const mostArguments = 8;

/** A frame of birpc: a call, or the answer to one of ours. An error in it is an Error. */
const frame = z.discriminatedUnion('t', [
  z.object({
    t: z.literal('q'),
    m: z.string().max(100),
    a: list(z.unknown(), mostArguments),
    i: z.string().max(100).optional(),
    o: z.boolean().optional(),
  }),
  z.object({
    t: z.literal('s'),
    i: z.string().max(100),
    r: z.unknown().optional(),
    e: z
      .instanceof(Error)
      .transform(({ message }) => new Error(message.slice(0, mostText)))
      .optional(),
  }),
]);

/**
 * A decoded message as a frame.
 * @throws {HarnessError} `malformed-frame`
 */
export function frameOf(decoded: unknown): z.output<typeof frame> {
  const result = frame.safeParse(decoded);
  if (result.success) return result.data;
  throw new HarnessError('malformed-frame', `It is neither a call nor an answer: ${whyNot(result.error)}`);
}
