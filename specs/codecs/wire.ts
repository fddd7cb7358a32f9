import { Link, type Conditions } from '../../fixtures/network/link.ts';
import { classes, readStun } from '../../fixtures/network/stun.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { otherSide, sides } from '../steps/sides.ts';
import { openPath, type Side } from '../udp-path.ts';
import { parseRtcp, parseRtp, type RtcpPacket, type RtpPacket } from './rtp.ts';

/** When a packet came out of the path, in milliseconds; null where it did not, or not yet. */
interface Seen {
  cameOutAt: number | null;
}
export type SeenPacket = RtpPacket & Seen;
export type SeenRtcp = RtcpPacket & Seen;

/** What went over the path between the two sides, as it can be seen from outside. */
export interface Wire {
  /** The RTP packets of a side in order, including those that were lost. */
  rtp(from: Side): readonly SeenPacket[];
  /** The RTCP packets of a side in order. */
  rtcp(from: Side): readonly SeenRtcp[];
  /** From now on the offerer's RTP packets are lost where `which` says so. */
  lose(which: (packet: RtpPacket) => boolean): void;
  /** From now on those of the offerer's RTP packets take so much longer; the ones behind them overtake them. */
  delay(which: (packet: SeenPacket) => boolean, ms: number): void;
  /** From now on the packets of a side, or of both by default, travel as over a link with these conditions. */
  change(conditions: Partial<Conditions>, from?: Side): void;
  /** The longest that a packet of a side has taken over the path so far, in milliseconds: on a busy machine longer than set. */
  slowest(from: Side): number;
  /**
   * How long each answered check of a side took, in milliseconds: from when it first came in until its answer came out.
   * https://www.rfc-editor.org/rfc/rfc8445#section-7
   */
  checks(from: Side): readonly number[];
  /** What was lost so far. */
  readonly lost: readonly RtpPacket[];
}

/** How the offerer's offers differ from what its browser made, as offers of another kind of endpoint would. */
export interface OfferEdit {
  /** Names of codecs that are left out, with all that belongs to them. */
  withoutCodecs?: string[];
  /** Lines that are left out. */
  withoutLines?: RegExp;
  /** One more line at the end of the last m-line. */
  withLine?: string;
  /** Other ids of header extensions, by their URIs: the offerer sets them itself, and so has to use them. */
  extensionIds?: Readonly<Record<string, number>>;
  /** Lines of the answer that are hidden from the offerer. */
  answerWithoutLines?: RegExp;
  /** Parameters of VP8 that the offerer reads in the answer. */
  answerParameters?: Readonly<Record<string, string>>;
  /** The encodings that the answer accepts, as the offerer reads it: a server would say so. */
  takesRids?: string[];
  /** The URI of a header extension that the answer accepts, too, as the offerer reads it, if it is in the offer. */
  takesExtension?: string;
}

/**
 * Connects the pair over an observed path, and runs a body, which has to negotiate. What is seen of the path is
 * kept as evidence.
 */
export async function overWire(
  pair: PairContext<Agent>,
  {
    withoutCodecs = [],
    withoutLines = /^(?!)/,
    withLine = '',
    extensionIds = {},
    answerWithoutLines = /^(?!)/,
    answerParameters = {},
    takesRids = [],
    takesExtension = '',
  }: OfferEdit,
  body: (wire: Wire) => Promise<void>,
): Promise<void> {
  const rtp: Record<Side, SeenPacket[]> = { offerer: [], answerer: [] };
  const rtcp: Record<Side, SeenRtcp[]> = { offerer: [], answerer: [] };
  const checks: Record<Side, number[]> = { offerer: [], answerer: [] };
  const slowest: Record<Side, number> = { offerer: 0, answerer: 0 };
  const lost: RtpPacket[] = [];
  let isLost: (packet: RtpPacket) => boolean = () => false;
  let isLate: (packet: SeenPacket) => boolean = () => false;
  /** When the unanswered checks of a side came in, by their transactions. */
  const asked: Record<Side, Map<string, number>> = { offerer: new Map(), answerer: new Map() };
  const path = await openPath(pair, (packet, from) => {
    const control = parseRtcp(packet);
    const feedback = control && { ...control, cameOutAt: null };
    if (feedback) rtcp[from].push(feedback);
    const stun = readStun(packet);
    if (stun?.class === classes.request) {
      const transaction = stun.transaction.toString('hex');
      // a check that is not answered soon is sent again
      if (!asked[from].has(transaction)) asked[from].set(transaction, performance.now());
    }
    const parsed = parseRtp(packet);
    const media = parsed && { ...parsed, cameOutAt: null };
    if (media) rtp[from].push(media);
    if (media && from === 'offerer' && isLost(media)) {
      lost.push(media);
      return false;
    }
    const link = media && from === 'offerer' && isLate(media) ? overtaken : links[from];
    link.send({ packet, seen: media ?? feedback, cameInAt: performance.now() });
    return false;
  });
  const linkFrom = (from: Side, seed: number) =>
    new Link<{ packet: Buffer; seen: Seen | null; cameInAt: number }>(
      ({ packet, seen, cameInAt }) => {
        path.send(packet, from);
        const now = performance.now();
        slowest[from] = Math.max(slowest[from], now - cameInAt);
        if (seen) seen.cameOutAt = now;
        const stun = readStun(packet);
        const transaction = stun?.class === classes.success ? stun.transaction.toString('hex') : '';
        const askedAt = asked[otherSide[from]].get(transaction);
        if (askedAt === undefined) return;
        asked[otherSide[from]].delete(transaction);
        checks[otherSide[from]].push(now - askedAt);
      },
      ({ packet }) => packet.length,
      seed,
    );
  const links = { offerer: linkFrom('offerer', 1), answerer: linkFrom('answerer', 2) };
  const overtaken = linkFrom('offerer', 3);
  pair.after(() => {
    for (const link of [...Object.values(links), overtaken]) link.close();
    pair.trace('wire', {
      checks,
      slowest,
      lost: lost.map(({ payloadType, sequenceNumber, ssrc }) => ({ payloadType, sequenceNumber, ssrc })),
      offerer: { rtp: tally(rtp.offerer.map(spellRtp)), rtcp: tally(rtcp.offerer.map(spellRtcp)) },
      answerer: { rtp: tally(rtp.answerer.map(spellRtp)), rtcp: tally(rtcp.answerer.map(spellRtcp)) },
    });
  });
  await pair.answerer.run((agent, candidate) => {
    agent.connect({
      incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
    });
  }, path.candidates.answerer);
  await pair.offerer.run(
    (agent, { candidate, codecs, lines, added, ids, unread, parameters, rids, extension }) => {
      const {
        withOnlyCandidate,
        withoutCodec,
        withParameters,
        withExtensionId,
        without,
        takingExtension,
        takingRids,
      } = agent.sdp;
      const { said } = agent.connect({
        // what the browser does not offer need not be left out
        editsMayChangeNothing: true,
        local: ({ type, sdp = '' }) => ({
          type,
          sdp: type === 'offer' ? ids.reduce((text, [uri, id]) => withExtensionId(text, uri, id), sdp) : sdp,
        }),
        incoming({ type, sdp = '' }) {
          const offer = said.descriptions.at(-1)?.sdp ?? '';
          const taken = rids.length > 0 ? takingRids(sdp, offer, rids) : sdp;
          const extended = extension === '' ? taken : takingExtension(taken, offer, extension);
          const read = without(extended, unread);
          const answer = Object.keys(parameters).length > 0 ? withParameters(read, 'VP8', parameters) : read;
          return { type, sdp: withOnlyCandidate(answer, candidate) };
        },
        outgoing: ({ type, sdp = '' }) => ({
          type,
          sdp: type === 'offer' ? `${without(codecs.reduce(withoutCodec, sdp), lines)}${added}` : sdp,
        }),
      });
    },
    {
      candidate: path.candidates.offerer,
      codecs: withoutCodecs,
      lines: withoutLines,
      added: withLine === '' ? '' : `${withLine}\r\n`,
      ids: Object.entries(extensionIds),
      unread: answerWithoutLines,
      parameters: answerParameters,
      rids: takesRids,
      extension: takesExtension,
    },
  );
  await body({
    rtp: (from) => rtp[from],
    rtcp: (from) => rtcp[from],
    change: (conditions, from) => {
      for (const side of from === undefined ? sides : [from]) links[side].change(conditions);
    },
    checks: (from) => checks[from],
    slowest: (from) => slowest[from],
    lose: (which) => {
      isLost = which;
    },
    delay: (which, ms) => {
      isLate = which;
      overtaken.change({ delayMs: ms });
    },
    lost,
  });
}

const spellRtp = ({ payloadType, ssrc, extensions }: RtpPacket): string =>
  `payload type ${String(payloadType)}, source ${String(ssrc)}, extensions ${[...extensions.keys()].join(' ')}`;

const spellRtcp = ({ type, format }: RtcpPacket): string =>
  `packet type ${String(type)}${type >= 205 ? `, format ${String(format)}` : ''}`;

/** How often each word occurs. */
function tally(words: readonly string[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const word of words) counts[word] = (counts[word] ?? 0) + 1;
  return counts;
}
