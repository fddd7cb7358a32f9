import type { VNode } from 'preact';
import type { SideEvent, Signal } from './evidence.ts';

type Side = 'offerer' | 'answerer';

/** A row of the diagram: something one side saw, or something that went from one side to the other. */
interface Row {
  /** Milliseconds since the first of them. */
  at: number;
  side: Side;
  kind: 'message' | 'state' | 'good' | 'bad';
  text: string;
  /** Whether a message arrived at the other side. */
  arrived: boolean;
}

const rowsAtMost = 120;
const rowHeight = 22;
const top = 46;
const left = { time: 8, offerer: 250, answerer: 550 };
const width = 800;

const isSide = (name: string): name is Side => name === 'offerer' || name === 'answerer';
const stateEvents = new Set([
  'signalingstatechange',
  'iceconnectionstatechange',
  'connectionstatechange',
  'dtls statechange',
  'sctp statechange',
  'negotiationneeded',
  'channel open',
  'channel close',
  'channel error',
  'datachannel',
  'track',
  'track unmute',
  'track mute',
  'track ended',
  'failure',
  'waiting',
  'left out',
]);

/** Names as short as the diagram has room for. */
const shortNames: Readonly<Record<string, string>> = {
  signalingstatechange: 'signaling',
  iceconnectionstatechange: 'ICE',
  connectionstatechange: 'connection',
  'dtls statechange': 'DTLS',
  'sctp statechange': 'SCTP',
  'track unmute': 'first media:',
};

/**
 * Milliseconds since the epoch at which the relay's clock stood at 0. A candidate is in its page's events no later than it
 * reaches the relay, so the largest difference is nearest to the truth. Both sides and the relay share a machine.
 */
export function epochOfRelay(signals: readonly Signal[], events: readonly SideEvent[]): number | null {
  const found = new Map(
    events.flatMap((event): [string, number][] =>
      event.event === 'icecandidate' ? [[`${event.side} ${event.detail}`, event.at]] : [],
    ),
  );
  let epoch: number | null = null;
  for (const { at, from, action, message } of signals) {
    const candidate = message?.candidate ?? '';
    const seen = action === 'received' && candidate !== '' ? found.get(`${from} ${candidate}`) : undefined;
    if (seen !== undefined) epoch = Math.max(epoch ?? Number.NEGATIVE_INFINITY, seen - at);
  }
  if (epoch !== null) return epoch;
  // Without a candidate the local descriptions tell: the state changes just before the offer is sent.
  const offered = events.find(
    ({ event, detail }) => event === 'signalingstatechange' && detail === 'have-local-offer',
  );
  const sent = signals.find(({ message }) => message?.description?.type === 'offer');
  return offered === undefined || sent === undefined ? null : offered.at - sent.at;
}

function toneOfEvent({ event, detail }: SideEvent): Row['kind'] {
  if (
    event === 'failure' ||
    event === 'waiting' ||
    event === 'channel error' ||
    /\b(?:failed|disconnected)\b/.test(detail)
  )
    return 'bad';
  if (event === 'track unmute' || event === 'channel open' || detail === 'connected') return 'good';
  return 'state';
}

function messageText({ message, error }: Signal): string {
  const refusal = error === '' ? '' : `${error}: `;
  if (message?.description) return `${refusal}${message.description.type}`;
  if (message?.type === 'candidate')
    return `${refusal}${message.candidate === null || message.candidate === '' ? 'end of candidates' : 'candidate'}`;
  return `${refusal}${message?.type ?? ''}${message?.reason ? ` (${message.reason})` : ''}`;
}

/** Everything that both sides saw and said, in the order of one clock; runs of candidates as one row. */
export function rowsOf(signals: readonly Signal[], events: readonly SideEvent[]): Row[] {
  const epoch = epochOfRelay(signals, events) ?? events[0]?.at ?? 0;
  const seen: Row[] = events.flatMap((event): Row[] =>
    isSide(event.side) && stateEvents.has(event.event)
      ? [
          {
            at: event.at - epoch,
            side: event.side,
            kind: toneOfEvent(event),
            text: `${event.connection > 1 ? `#${String(event.connection)} ` : ''}${shortNames[event.event] ?? event.event} ${event.detail}`,
            arrived: true,
          },
        ]
      : [],
  );
  // What arrived is in the log twice, as received and as relayed.
  const said = signals.flatMap((signal): Row[] =>
    isSide(signal.from) && signal.message !== null && signal.action !== 'received'
      ? [
          {
            at: signal.at,
            side: signal.from,
            kind: signal.action === 'relayed' ? 'message' : 'bad',
            text:
              signal.action === 'relayed' ? messageText(signal) : `${signal.action} ${messageText(signal)}`,
            arrived: signal.action === 'relayed',
          },
        ]
      : [],
  );
  const rows = [...seen, ...said]
    .filter(({ at }) => Number.isFinite(at))
    .toSorted((one, other) => one.at - other.at);
  const merged: Row[] = [];
  const runs = new Map<Side, { row: Row; count: number }>();
  for (const row of rows) {
    const run = runs.get(row.side);
    if (row.kind === 'message' && row.text === 'candidate') {
      if (run !== undefined) {
        run.count += 1;
        run.row.text = `${String(run.count)} candidates`;
        continue;
      }
      const first = { ...row };
      runs.set(row.side, { row: first, count: 1 });
      merged.push(first);
      continue;
    }
    if (row.kind === 'message') runs.delete(row.side);
    const former = merged.at(-1);
    const again = /^(?:(?<count>\d+) × )?(?<text>.*)$/s.exec(former?.text ?? '')?.groups;
    if (former?.side === row.side && former.kind === row.kind && again?.['text'] === row.text)
      former.text = `${String(Number(again['count'] ?? 1) + 1)} × ${row.text}`;
    else merged.push({ ...row });
  }
  const start = merged[0]?.at ?? 0;
  return merged.map((row) => ({ ...row, at: row.at - start }));
}

const clipped = (text: string, most: number): string =>
  text.length <= most ? text : `${text.slice(0, most - 1)}…`;
const time = (ms: number): string => (ms < 10_000 ? `${ms.toFixed(0)} ms` : `${(ms / 1000).toFixed(1)} s`);

function RowMark({ row, y }: { row: Row; y: number }): VNode {
  const from = left[row.side];
  const to = left[row.side === 'offerer' ? 'answerer' : 'offerer'];
  const way = Math.sign(to - from);
  if (row.kind === 'message' || !row.arrived) {
    const end = row.arrived ? to - way * 8 : (from + to) / 2;
    return (
      <g class={row.arrived ? 'message' : 'bad'}>
        <line x1={from + way * 8} y1={y} x2={end} y2={y} />
        {row.arrived ? (
          <path d={`M${String(end)} ${String(y)} l${String(-way * 8)} -4 v8 z`} />
        ) : (
          <text x={end} y={y + 4} text-anchor="middle">
            ✗
          </text>
        )}
        <text class="said" x={(from + to) / 2} y={y - 5} text-anchor="middle">
          {clipped(row.text, 34)}
        </text>
      </g>
    );
  }
  const outward = -way;
  return (
    <g class={row.kind}>
      <circle cx={from} cy={y} r={4} />
      <text x={from + outward * 12} y={y + 4} text-anchor={outward < 0 ? 'end' : 'start'}>
        {row.kind === 'bad' ? '✗ ' : ''}
        {clipped(row.text, row.side === 'offerer' ? 26 : 36)}
        <title>{row.text}</title>
      </text>
    </g>
  );
}

/** What went between both sides and what each saw, downwards on one clock; as a list for readers who cannot see it. */
export function Sequence({
  signals,
  events,
  names,
}: {
  signals: readonly Signal[];
  events: readonly SideEvent[];
  names: { offerer: string; answerer: string };
}): VNode {
  const all = rowsOf(signals, events);
  if (all.length === 0) return <p class="soft">Nothing was said, and no state changed.</p>;
  const rows = all.slice(0, rowsAtMost);
  const height = top + rows.length * rowHeight + 16;
  return (
    <>
      <div class="scroll" role="region" aria-label="Sequence diagram" tabIndex={0}>
        <svg
          class="sequence"
          viewBox={`0 0 ${String(width)} ${String(height)}`}
          role="img"
          aria-label="Sequence of the call; the list below says the same"
        >
          {(['offerer', 'answerer'] as const).map((side) => (
            <g class="life">
              <text class="name" x={left[side]} y={18} text-anchor="middle">
                {clipped(names[side], 34)}
              </text>
              <text class="role" x={left[side]} y={33} text-anchor="middle">
                {side}
              </text>
              <line x1={left[side]} y1={40} x2={left[side]} y2={height - 8} />
            </g>
          ))}
          {rows.map((row, at) => {
            const y = top + (at + 0.6) * rowHeight;
            const gap = row.at - (rows[at - 1]?.at ?? 0);
            return (
              <>
                <text class={gap >= 500 ? 'time long' : 'time'} x={left.time} y={y + 4}>
                  {time(row.at)}
                </text>
                <RowMark row={row} y={y} />
              </>
            );
          })}
        </svg>
      </div>
      <details>
        <summary>The same as a list</summary>
        <ol class="plain">
          {all.map(({ at, side, kind, text, arrived }) => (
            <li>
              {time(at)}: {names[side]} ({side}){' '}
              {kind === 'message'
                ? `sends ${text}`
                : arrived
                  ? `sees ${text}`
                  : `sends what does not arrive: ${text}`}
            </li>
          ))}
        </ol>
      </details>
      {all.length > rows.length && <p class="soft">The list has {all.length - rows.length} more.</p>}
    </>
  );
}
