/** What evidence files hold, read with care: a file that the page is shown may contain anything. */

const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);
const textOf = (value: unknown): string => (typeof value === 'string' ? value : '');
const numberOf = (value: unknown): number => (typeof value === 'number' ? value : Number.NaN);

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** The objects of a JSON array or of a file of JSON lines; anything else is left out. */
export function recordsIn(text: string): Record<string, unknown>[] {
  const whole = jsonIn(text);
  const found = Array.isArray(whole) ? whole : text.split('\n').map(jsonIn);
  return found.filter(isRecord);
}

/** A line of signaling.jsonl: what the relay heard and what it did with it, in milliseconds since the call began. */
export interface Signal {
  at: number;
  from: string;
  action: string;
  message: {
    type: string;
    description: { type: string; sdp: string } | null;
    candidate: string | null;
    reason: string;
  } | null;
  error: string;
}

export const signalsIn = (text: string): Signal[] =>
  recordsIn(text).map(({ at, from, action, message, error }) => ({
    at: numberOf(at),
    from: textOf(from),
    action: textOf(action),
    message: isRecord(message)
      ? {
          type: textOf(message['type']),
          description: isRecord(message['description'])
            ? { type: textOf(message['description']['type']), sdp: textOf(message['description']['sdp']) }
            : null,
          candidate: isRecord(message['candidate']) ? textOf(message['candidate']['candidate']) : null,
          reason: textOf(message['reason']),
        }
      : null,
    error: textOf(error),
  }));

/** A line of events.jsonl: what one side saw, in milliseconds since the epoch. */
export interface SideEvent {
  side: string;
  connection: number;
  at: number;
  event: string;
  detail: string;
}

export const eventsIn = (text: string): SideEvent[] =>
  recordsIn(text).map(({ side, connection, at, event, detail }) => ({
    side: textOf(side),
    connection: numberOf(connection),
    at: numberOf(at),
    event: textOf(event),
    detail: textOf(detail),
  }));

/** An entry of descriptions.json: a description as it was made, set and sent. */
export interface Described {
  side: string;
  connection: number;
  at: number;
  madeBy: string;
  type: string;
  sdp: string;
  /** What was set, if that is a different text. */
  set: string | null;
  /** What was sent, if that is a different text. */
  sent: string | null;
  outcome: string;
}

export const describedIn = (text: string): Described[] =>
  recordsIn(text).map(({ side, connection, at, madeBy, type, sdp, set, sent, outcome }) => ({
    side: textOf(side),
    connection: numberOf(connection),
    at: numberOf(at),
    madeBy: textOf(madeBy),
    type: textOf(type),
    sdp: textOf(sdp),
    set: set === 'as above' || textOf(set) === '' ? null : textOf(set),
    sent: sent === 'as above' || textOf(sent) === '' ? null : textOf(sent),
    outcome: textOf(outcome),
  }));

/** A line of a console. */
export interface ConsoleLine {
  at: number;
  level: string;
  text: string;
}

export const consoleIn = (text: string): ConsoleLine[] =>
  recordsIn(text).map(({ at, level, text: said }) => ({
    at: numberOf(at),
    level: textOf(level),
    text: textOf(said),
  }));

/** One connection of a side as it stood at the end. */
export interface ClosingState {
  states: [name: string, value: string][];
  stats: Record<string, unknown>[];
}

/** The statistics of one side: those of its connections, or a plain array of statistics. */
export function closingIn(text: string): ClosingState[] {
  const json = jsonIn(text);
  if (Array.isArray(json)) return [{ states: [], stats: json.filter(isRecord) }];
  const connections = isRecord(json) ? json['connections'] : undefined;
  if (!Array.isArray(connections)) return [];
  return connections.filter(isRecord).map(({ stats, ...states }) => ({
    states: Object.entries(states).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name, value]] : [],
    ),
    stats: Array.isArray(stats) ? stats.filter(isRecord) : [],
  }));
}

/** An SDP in its sections: the session's, then one for each `m=` line; each a list of lines. */
export const sectionsOfSdp = (sdp: string): string[][] =>
  sdp
    .trimEnd()
    .split(/\r?\n(?=m=)/)
    .map((section) => section.split(/\r?\n/));
