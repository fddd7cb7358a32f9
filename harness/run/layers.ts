import type { Collected, ConnectionSnapshot, PageError, PagePhase } from '../protocol/agent.ts';
import { phases, type Phase } from '../results/schema.ts';

/** The earlier of two phases. */
const earlier = (one: Phase, other: Phase): Phase =>
  phases.indexOf(one) < phases.indexOf(other) ? one : other;

/** Milliseconds without a packet after which a path counts as dead; consent to send is requested every 5 s. */
const quietMs = 2000;

/** The statistics that can prove a layer. */
interface Statistic {
  id?: string;
  type?: string;
  state?: string;
  timestamp?: number;
  selected?: boolean;
  nominated?: boolean;
  selectedCandidatePairId?: string;
  lastPacketReceivedTimestamp?: number;
  packetsReceived?: number;
  messagesReceived?: number;
}

// The page's own getStats(), whose shape is the platform's.
// oxlint-disable-next-line typescript/no-unsafe-type-assertion
const statisticsOf = ({ stats }: ConnectionSnapshot): Statistic[] => JSON.parse(stats ?? '[]') as Statistic[];

/** Whether packets come in on the selected pair; Firefox may say `disconnected` for good while they do. */
function packetsComeIn(snapshot: ConnectionSnapshot): boolean {
  const statistics = statisticsOf(snapshot);
  const chosen = statistics.map(({ selectedCandidatePairId }) => selectedCandidatePairId);
  const pair = statistics.find(
    ({ id, type, selected }) => type === 'candidate-pair' && (selected === true || chosen.includes(id ?? '')),
  );
  const { timestamp = 0, lastPacketReceivedTimestamp = 0 } = pair ?? {};
  return lastPacketReceivedTimestamp > 0 && timestamp - lastPacketReceivedTimestamp < quietMs;
}

const iceIsUp = (snapshot: ConnectionSnapshot): boolean =>
  ['connected', 'completed'].includes(snapshot.iceConnectionState) ||
  (snapshot.iceConnectionState === 'disconnected' && packetsComeIn(snapshot));

/** Whether RTP or a message was decrypted: both sides had finished their handshake then. */
const hasReceived = (snapshot: ConnectionSnapshot): boolean =>
  statisticsOf(snapshot).some(
    ({ type, packetsReceived = 0, messagesReceived = 0 }) =>
      (type === 'inbound-rtp' && packetsReceived > 0) || (type === 'data-channel' && messagesReceived > 0),
  );

const dtlsIsUp = ({ dtlsState, connectionState, iceConnectionState }: ConnectionSnapshot): boolean =>
  dtlsState === null
    ? connectionState === 'connected' || iceConnectionState === 'disconnected'
    : dtlsState === 'connected';

const sctpIsUp = (snapshot: ConnectionSnapshot): boolean =>
  snapshot.sctpState === null ||
  snapshot.sctpState === 'connected' ||
  statisticsOf(snapshot).some(({ type, state }) => type === 'data-channel' && state === 'open');

/**
 * The earliest layer of a call that is not up, judged by both sides: what failed at one side may look well at the other,
 * or like a failure of the layer above. `assert` if everything is up, or if there is no connection.
 */
export function layerOf(sides: readonly (Collected | undefined)[]): Phase {
  // a side that started again is judged by its last connection
  const snapshots = sides.flatMap((side) => side?.connections.slice(-1) ?? []);
  const closed = snapshots.filter(({ signalingState }) => signalingState === 'closed').map(closedFrom);
  // where a side has closed what was up, what goes down at the other is no cause
  if (closed.includes('assert')) return 'assert';
  const open = snapshots.filter(({ signalingState }) => signalingState !== 'closed');
  return closed.reduce<Phase>(earlier, layerOfOpen(open));
}

/** A library closes a connection that it gives up: it was stuck at that layer. What a scenario closes is fine. */
function closedFrom(snapshot: ConnectionSnapshot): PagePhase {
  const from = snapshot.ofPage?.closedFrom ?? 'assert';
  const wasUp = (from === 'ice' && packetsComeIn(snapshot)) || (from === 'dtls' && hasReceived(snapshot));
  return wasUp ? 'assert' : from;
}

function layerOfOpen(snapshots: readonly ConnectionSnapshot[]): Phase {
  // if nothing was agreed on, nothing comes up
  if (snapshots.some(({ phase }) => phase === 'sdp')) return 'sdp';
  if (snapshots.some(nothingAgreed)) return 'assert';
  // a handshake that failed had a path
  if (snapshots.some(({ dtlsState }) => dtlsState === 'failed')) return 'dtls';
  if (!snapshots.every(iceIsUp)) return 'ice';
  if (!snapshots.every(dtlsIsUp) && !snapshots.some(hasReceived)) return 'dtls';
  if (!snapshots.every(sctpIsUp)) return 'sctp';
  return 'assert';
}

/** Whether the last answer refused every m-line. https://www.rfc-editor.org/rfc/rfc3264#section-6 */
function nothingAgreed({ descriptions }: ConnectionSnapshot): boolean {
  const answer = descriptions.findLast(({ type }) => type === 'answer');
  const media = answer?.sdp.match(/^m=\S+ \d+/gm) ?? [];
  return media.length > 0 && media.every((line) => line.endsWith(' 0'));
}

/** The phase of an error from a page: a wait that depends on the connection is stuck at the earliest layer that is not up. */
export function phaseOfError({ phase, wait }: PageError, sides: readonly (Collected | undefined)[]): Phase {
  if (wait === undefined) return phase;
  const layer = layerOf(sides);
  if (wait.whenUp !== null) return earlier(layer, wait.whenUp);
  // what is made before a negotiation, e.g. sound, does not depend on it
  const standsOnConnection = (phase === 'media' || phase === 'sctp') && layer !== 'sdp';
  return standsOnConnection ? earlier(layer, phase) : phase;
}
