import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { overWire, type SeenPacket, type SeenRtcp, type Wire } from '../codecs/wire.ts';
import { scenario } from '../scenario.ts';
import { timeToReport, timeToTell } from '../steps/bounds.ts';
import { expectPace, hold } from '../steps/hold.ts';
import type { Side } from '../steps/sides.ts';
import { claimsOf, dictionary, find, later, report, type Entry } from './steps.ts';
import { loadsOf, overPath, pictureOverPath, start, untilShown, type Kind } from './wire-steps.ts';

type Pair = PairContext<Agent>;
type Remote = 'remote-inbound-rtp' | 'remote-outbound-rtp';

/**
 * Reports about the offerer's stream on the wire, of those that one type of statistics tells of. What a receiver's report is
 * about is hidden, but there is only one stream. https://www.rfc-editor.org/rfc/rfc3550#section-6.4
 */
const reportsOn = (wire: Wire, remote: Remote): readonly SeenRtcp[] =>
  remote === 'remote-inbound-rtp'
    ? wire.rtcp('answerer').filter(({ type, format }) => type === 201 && format > 0)
    : wire.rtcp('offerer').filter(({ type, ssrc }) => type === 200 && ssrc === sourceOn(wire));

const sourceOn = (wire: Wire): number => wire.rtp('offerer')[0]?.ssrc ?? -1;

/** What the offerer had sent when a report came. */
const sentBefore = (wire: Wire, { cameOutAt: at }: SeenRtcp): readonly SeenPacket[] =>
  wire.rtp('offerer').filter(({ cameOutAt }) => cameOutAt !== null && at !== null && cameOutAt <= at);

/** Waits until a side tells of a report; returns when it did, in milliseconds. */
async function firstTold(peer: PeerHandle<Agent>, remote: Remote): Promise<number> {
  await peer.run(
    ({ connection }, type) => connection.stats(type, () => true, `${type}, of what the other side reports`),
    remote,
  );
  return performance.now();
}

/** It is not told of before a report has come, and soon after the first. */
function expectInTime(pair: Pair, wire: Wire, remote: Remote, toldAt: number): void {
  const [first] = reportsOn(wire, remote).filter(
    ({ cameOutAt }) => cameOutAt !== null && cameOutAt <= toldAt,
  );
  expect(first, `a report on the wire ahead of ${remote}`).to.be.an('object');
  const reportedAt = first?.cameOutAt ?? Number.NaN;
  const beganAt = wire.rtp('offerer')[0]?.cameOutAt ?? Number.NaN;
  hold(
    pair,
    `from the first packet to the first report for ${remote}`,
    reportedAt - beganAt,
    'ms',
    timeToReport,
  );
  hold(pair, `from the first report to ${remote}`, toldAt - reportedAt, 'ms', timeToTell);
}

/** Packets that are under way while a sender makes a report. */
const slack = 3;

/** What a side tells of the other's reports, held against the wire, and that its stream and that name each other. */
function claimTold(
  pair: Pair,
  wire: Wire,
  side: Side,
  entries: readonly Entry[],
  {
    kind,
    remote,
    first,
    least,
    most,
  }: { kind: Kind; remote: Remote } & Record<'first' | 'least' | 'most', SeenRtcp>,
): void {
  const stream = remote === 'remote-inbound-rtp' ? 'outbound-rtp' : 'inbound-rtp';
  const told = find(entries, remote, kind);
  const own = find(entries, stream, kind);
  const linked = entries.find(({ id }) => id === told['localId']) ?? {};
  const claimRemote = claimsOf(pair, side, remote, {
    ...told,
    localId:
      told['localId'] === undefined ? undefined : `${String(linked['type'])} ${String(linked['ssrc'])}`,
  });
  const ssrc = sourceOn(wire);
  claimRemote('ssrc', ssrc, { of: 'the packets on the wire' });
  claimRemote('localId', `${stream} ${String(ssrc)}`, { of: 'what it leads to' });
  claimsOf(pair, side, stream, own)('remoteId', String(told['id']), { of: 'what the other side reports' });
  const packets = {
    least: sentBefore(wire, least).length - slack,
    most: sentBefore(wire, most).length + slack,
  };
  const ofWire = { of: 'what was on the wire when a report came', paced: true };
  if (remote === 'remote-inbound-rtp') {
    claimRemote('packetsLost', 0, { of: 'what was lost on the wire' });
    claimRemote('fractionLost', 0, { of: 'what was lost on the wire' });
    // a receiver whose thread has to wait reports what came some time before, but more than when it first reported
    const sinceFirst = { least: sentBefore(wire, first).length + 1, most: packets.most };
    claimRemote('packetsReceived', sinceFirst, { ...ofWire, optional: true });
    return;
  }
  claimRemote('packetsSent', packets, ofWire);
  const all = wire.rtp('offerer');
  claimRemote('bytesSent', loadsOf(all.slice(0, packets.least), all.slice(0, packets.most)), {
    ...ofWire,
    unit: 'bytes',
  });
  const reports = reportsOn(wire, remote);
  claimRemote(
    'reportsSent',
    { least: reports.indexOf(least) + 1, most: reports.indexOf(most) + 1 },
    { of: 'those on the wire', optional: true },
  );
}

for (const { id, kind, base } of [
  // its reports are 5 s apart
  { id: 'sound', kind: 'audio', base: { ...overPath, load: 'idle' } },
  { id: 'picture', kind: 'video', base: pictureOverPath },
] as const) {
  scenario(
    {
      ...base,
      id: `statistics/reports/${id}`,
      title: `What each side is told of a ${id} by the other`,
      asks: 'Does each side tell what the other reports of a stream soon after the first report is on the wire, not before, with the source and the stream that it is about, and does it keep up with the next report?',
      specs: [
        'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats',
        dictionary('remoteinboundrtpstats'),
        dictionary('remoteoutboundrtpstats'),
        'https://www.rfc-editor.org/rfc/rfc3550#section-6.2',
      ],
      // two reports are up to 7.5 s apart
      timeoutMs: 25_000,
    },
    (pair) =>
      overWire(pair, { withoutCodecs: ['rtx', 'red', 'ulpfec'] }, async (wire) => {
        await start(pair, kind);
        const sides = [
          ['offerer', 'remote-inbound-rtp'],
          ['answerer', 'remote-outbound-rtp'],
        ] as const;
        const told = await Promise.all(
          sides.map(async ([side, remote]) => ({
            remote,
            toldAt: await firstTold(pair[side], remote),
            reports: reportsOn(wire, remote).length,
          })),
        );
        for (const { remote, toldAt } of told) expectInTime(pair, wire, remote, toldAt);
        const next = () => told.map(({ remote, reports }) => reportsOn(wire, remote)[reports]);
        await untilShown(pair, () => next().every((each) => each !== undefined));
        expectPace(next().includes(undefined), 'that a side reports nothing more').to.equal(false);
        await later(pair.offerer, 300);
        for (const [at, [side, remote]] of sides.entries()) {
          const entries = await report(pair[side]);
          const reports = reportsOn(wire, remote);
          const [first, least, most] = [reports[0], next()[at], reports.at(-1)];
          if (first && least && most)
            claimTold(pair, wire, side, entries, { kind, remote, first, least, most });
        }
      }),
  );
}
