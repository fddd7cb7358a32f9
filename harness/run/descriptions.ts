import type { ConnectionSnapshot } from '../protocol/agent.ts';
import type { SignalingLogEntry } from '../protocol/signaling.ts';
import type { SideState } from './classify.ts';
import type { EvidenceBag } from './evidence.ts';

type Maker = 'offerer' | 'answerer';

const lines = (entries: readonly unknown[]): string =>
  entries.map((entry) => `${JSON.stringify(entry)}\n`).join('');

/** A description that was sent, and its position in the call. */
interface Sent {
  from: Maker;
  type: 'offer' | 'answer' | 'pranswer';
  sdp: string;
  /** The number, within the call, of the offer that it is or that it answers. */
  exchange: number;
}

/** The descriptions that went over signaling, each answer with the offer of the other side that it answers. */
function sentIn(log: readonly SignalingLogEntry[]): Sent[] {
  const latest = { offerer: 0, answerer: 0 };
  let exchanges = 0;
  return log.flatMap(({ from, action, message }): Sent[] => {
    if (action !== 'received' || message?.type !== 'description' || from === 'fixture') return [];
    const { type, sdp = '' } = message.description;
    if (type === 'rollback') return [];
    if (type === 'offer') latest[from] = exchanges += 1;
    const exchange = type === 'offer' ? exchanges : latest[from === 'offerer' ? 'answerer' : 'offerer'];
    return [{ from, type, sdp, exchange }];
  });
}

/**
 * The descriptions as they went over signaling: `1-offer.sdp` and the `1-answer.sdp` that answers it. A provisional answer
 * is not an answer but a trace.
 */
export function sentDescriptions(log: readonly SignalingLogEntry[]): EvidenceBag {
  return sentIn(log).map(({ from, type, sdp, exchange }) => ({
    kind: type === 'pranswer' ? 'trace' : type,
    peer: from,
    name: `${String(exchange)}-${type}.sdp`,
    content: sdp,
  }));
}

/**
 * What connections of the page's own code made and set, if none of it went over signaling as a description, because a
 * library wrapped it in its own messages.
 */
export function ownDescriptions(states: readonly SideState[]): EvidenceBag {
  return states.flatMap(({ role, collected }) =>
    (collected?.connections ?? [])
      .filter(({ ofPage }) => ofPage !== undefined)
      .flatMap(({ descriptions }) => descriptions)
      .filter(({ madeBy, outcome }) => madeBy === 'this side' && outcome === 'taken')
      .flatMap(({ type, sdp, set }, at): EvidenceBag => {
        if (type !== 'offer' && type !== 'answer') return [];
        const content = set === null || set === 'as above' ? sdp : set;
        return [{ kind: type, peer: role, name: `${String(at + 1)}-${type}.sdp`, content }];
      }),
  );
}

/** What each connection of a cell recorded, with its side and its number on that side. */
function perConnection<T extends object>(
  states: readonly SideState[],
  of: (connection: ConnectionSnapshot) => readonly T[],
) {
  return states.flatMap(({ role, collected }) =>
    (collected?.connections ?? []).flatMap((connection, at) =>
      of(connection).map((entry) => ({ side: role, connection: at + 1, ...entry })),
    ),
  );
}

/**
 * What the pages recorded of their connections: every description with its maker and its fate, including refused and edited
 * ones; every state event in order of time; what the pages wait for at the end.
 */
export function connectionTraces(states: readonly SideState[]): EvidenceBag {
  const bag: EvidenceBag = [];
  const descriptions = perConnection(states, (connection) => connection.descriptions);
  const content = `${JSON.stringify(
    descriptions.toSorted((one, other) => one.at - other.at),
    null,
    1,
  )}\n`;
  if (descriptions.length > 0) bag.push({ kind: 'trace', peer: null, name: 'descriptions.json', content });
  const events = [
    ...perConnection(states, (connection) => connection.events),
    ...states.flatMap(({ role, collected }) =>
      (collected?.emissions ?? []).map((emission) => ({ side: role, ...emission })),
    ),
  ];
  const waits = states.flatMap(({ role, collected }) =>
    (collected?.waits ?? []).map(({ message, phase }) => ({
      side: role,
      event: 'waiting',
      phase,
      detail: message,
    })),
  );
  const log = lines([...events.toSorted((one, other) => one.at - other.at), ...waits]);
  if (log !== '') bag.push({ kind: 'trace', peer: null, name: 'events.jsonl', content: log });
  return bag;
}
