import { z } from 'zod';
import { jsonIn } from '../results/validate.ts';

/** One line of the signaling log, as a page shows it; the shape is that of harness/protocol/signaling.ts. */
const logEntry = z.object({
  at: z.number(),
  from: z.string(),
  action: z.string(),
  message: z
    .union([
      z.object({
        type: z.literal('description'),
        description: z.object({ type: z.string(), sdp: z.string().optional() }),
      }),
      z.object({
        type: z.literal('candidate'),
        candidate: z.object({ candidate: z.string().optional() }).nullable(),
      }),
      z.object({ type: z.literal('bye'), reason: z.string().optional() }),
    ])
    .optional(),
  error: z.string().optional(),
});
export type LogEntry = z.infer<typeof logEntry>;

/** One line of a console; the shape is that of harness/drivers/driver.ts. */
const consoleEntry = z.object({ at: z.number(), level: z.string(), text: z.string() });
export type ConsoleLine = z.infer<typeof consoleEntry>;

const statistic = z.looseObject({ type: z.string() });
export type Statistic = z.infer<typeof statistic>;

/** One RTCPeerConnection as it stood at the end: its states by name, and its statistics. */
export interface ConnectionStats {
  states: Record<string, unknown>;
  stats: Statistic[];
}

const connections = z.object({
  connections: z.array(z.looseObject({ stats: z.array(statistic).nullable() })),
});

/** The entries of a JSON array or of a file of JSON lines; null where any whole line is something else. */
function linesOf<T>(schema: z.ZodType<T>, text: string, cut: boolean): T[] | null {
  const whole = z.array(schema).safeParse(jsonIn(text));
  if (whole.success) return whole.data;
  const lines = text.split('\n');
  if (cut) lines.pop();
  const parsed = lines.filter((line) => line !== '').map((line) => schema.safeParse(jsonIn(line)));
  return parsed.every((line) => line.success) ? parsed.map((line) => line.data) : null;
}

/** A signaling log, or null where the text is none. */
export const parseLog = (text: string, cut: boolean): LogEntry[] | null => linesOf(logEntry, text, cut);

/** A console, or null where the text is none. */
export const parseConsole = (text: string, cut: boolean): ConsoleLine[] | null =>
  linesOf(consoleEntry, text, cut);

/** The statistics of one side: those of its connections, or a plain array of statistics; null where the text is neither. */
export function parseStats(text: string): ConnectionStats[] | null {
  const json = jsonIn(text);
  const plain = z.array(statistic).safeParse(json);
  if (plain.success) return [{ states: {}, stats: plain.data }];
  const parsed = connections.safeParse(json);
  if (!parsed.success) return null;
  return parsed.data.connections.map(({ stats, ...states }) => ({ states, stats: stats ?? [] }));
}

/** The SDP in a file: the text itself, or that of a JSON description. */
export function parseSdp(text: string): string {
  const described = z.object({ sdp: z.string() }).safeParse(jsonIn(text));
  return described.success ? described.data.sdp : text;
}

/** An SDP in its sections: the session's, then one for each `m=` line; each a list of lines. */
export const sectionsOf = (sdp: string): string[][] =>
  sdp
    .trimEnd()
    .split(/\r?\n(?=m=)/)
    .map((section) => section.split(/\r?\n/));
