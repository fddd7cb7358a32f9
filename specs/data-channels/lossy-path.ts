import { EventEmitter, once } from 'node:events';
import type { Tools } from '../../harness/matrix/scenario.ts';
import { isDtls, openPath } from '../udp-path.ts';
import type { Pair } from '../steps/channels.ts';

/** A path between two peers that loses some of their packets. */
export interface LossyPath {
  /** From now on loses this share of the packets of the connection itself (not of ICE). */
  lose(share: number): void;
  /** Resolves when a packet of at least `bytes` bytes was lost: one with a message, not one that acknowledges another. */
  lost(bytes: number): Promise<void>;
  /** Packets that went through and packets that were lost since `lose`, and the bytes of the largest lost one. */
  readonly counts: { through: number; lost: number; largestLost: number };
}

/** Connects the pair over a lossy path that loses nothing yet, with one channel of the offerer's, and runs a body. */
export async function overLossyPath(
  { offerer, answerer, after }: Pair & Pick<Tools, 'after'>,
  label: string,
  init: RTCDataChannelInit,
  body: (path: LossyPath) => Promise<void>,
): Promise<void> {
  const counts = { through: 0, lost: 0, largestLost: 0 };
  const packets = new EventEmitter();
  let share = 0;
  // Losses follow a fixed series, so that no run is luckier than another; this one soon loses a packet, even of a short burst.
  let seed = 13;
  const isLost = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return seed / 0x8000_0000 < share;
  };
  const path = await openPath({ offerer, answerer, after }, (packet) => {
    if (share === 0 || !isDtls(packet)) return true;
    const lost = isLost();
    counts[lost ? 'lost' : 'through'] += 1;
    if (lost) counts.largestLost = Math.max(counts.largestLost, packet.length);
    packets.emit('packet');
    return !lost;
  });
  await answerer.run(
    (agent, candidate) =>
      void agent.connect({
        keepMessages: false,
        incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
      }),
    path.candidates.answerer,
  );
  await offerer.run(
    async (agent, { candidate, label, init }) => {
      const connection = agent.connect({
        keepMessages: false,
        incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
      });
      connection.createChannel(label, init);
      connection.createChannel('end');
      await connection.negotiate();
      await connection.channel(label);
      await connection.channel('end');
    },
    { candidate: path.candidates.offerer, label, init },
  );
  await answerer.run(async ({ connection }, label) => {
    await connection.channel(label);
    await connection.channel('end');
  }, label);
  await body({
    lose: (wanted) => {
      share = wanted;
    },
    async lost(bytes) {
      // bounded by the cell's own time: the packet of a sent message comes at once
      while (counts.largestLost < bytes) await once(packets, 'packet');
    },
    counts,
  });
}
