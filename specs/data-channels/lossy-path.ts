import { createSocket, type RemoteInfo, type Socket } from 'node:dgram';
import { once } from 'node:events';
import type { Pair } from './steps.ts';

/** A path between two peers that loses packets of theirs, on this machine: two UDP sockets, one for each to send to. */
export interface LossyPath {
  /** Where the offerer finds the answerer, and the other way about. */
  readonly ports: { offerer: number; answerer: number };
  /** The share of packets of the connection itself (not of ICE) that is lost from now on. */
  lose(share: number): void;
  /** Packets that went through, and packets that were lost, since `lose`. */
  readonly counts: { through: number; lost: number };
  close(): void;
}

/** DTLS records begin with 20 to 63; what begins otherwise is ICE, whose loss is another question: RFC 7983. */
const isDtls = (packet: Buffer): boolean => {
  const first = packet[0] ?? 0;
  return first >= 20 && first <= 63;
};

/** Opens the path on an address of this machine that both browsers offer candidates for. */
async function openPath(address: string): Promise<LossyPath> {
  const counts = { through: 0, lost: 0 };
  let share = 0;
  // Lost by a fixed series, so that no run is luckier than another; this one soon loses a packet, of a short burst too.
  let seed = 13;
  const isLost = () => {
    seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fff_ffff;
    return seed / 0x8000_0000 < share;
  };
  const sides = [createSocket('udp4'), createSocket('udp4')] as const;
  const senders: [RemoteInfo | undefined, RemoteInfo | undefined] = [undefined, undefined];
  const relay = (from: 0 | 1, to: 0 | 1) => (packet: Buffer, sender: RemoteInfo) => {
    // The first address that a browser sends from is the only one: its other checks come to nothing.
    const known = (senders[from] ??= sender);
    const target = senders[to];
    if (known.port !== sender.port || known.address !== sender.address || !target) return;
    if (share > 0 && isDtls(packet)) {
      if (isLost()) {
        counts.lost += 1;
        return;
      }
      counts.through += 1;
    }
    sides[to].send(packet, target.port, target.address);
  };
  sides[0].on('message', relay(0, 1));
  sides[1].on('message', relay(1, 0));
  const bind = async (socket: Socket) => {
    socket.bind(0, address);
    await once(socket, 'listening');
    return socket.address().port;
  };
  return {
    ports: { offerer: await bind(sides[0]), answerer: await bind(sides[1]) },
    lose: (wanted) => {
      share = wanted;
    },
    counts,
    close: () => {
      for (const socket of sides) socket.close();
    },
  };
}

/**
 * Connects the pair over a lossy path, with one channel of the offerer's that loses nothing yet, and runs a body.
 * Each side's description is given one candidate in place of its own: the path's.
 */
export async function overLossyPath(
  { offerer, answerer }: Pair,
  label: string,
  init: RTCDataChannelInit,
  body: (path: LossyPath) => Promise<void>,
): Promise<void> {
  const address = await offerer.run(async () => {
    const pc = new RTCPeerConnection();
    try {
      pc.createDataChannel('address');
      const found = new Promise<string>((resolve, reject) => {
        pc.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate === null) reject(new Error('no IPv4 host candidate to put a lossy path on'));
          else if (candidate.address?.includes('.') === true && candidate.protocol === 'udp') {
            if (!candidate.address.startsWith('127.')) resolve(candidate.address);
          }
        });
      });
      await pc.setLocalDescription();
      return await found;
    } finally {
      pc.close();
    }
  });
  const path = await openPath(address);
  try {
    const via = (port: number) =>
      `a=candidate:1 1 udp 2113937151 ${address} ${String(port)} typ host generation 0\r\n`;
    await answerer.run(
      (agent, candidate) =>
        void agent.connect({
          keepMessages: false,
          incoming: ({ type, sdp = '' }) => ({
            type,
            sdp: `${sdp.replaceAll(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, '')}${candidate}`,
          }),
        }),
      via(path.ports.answerer),
    );
    await offerer.run(
      async (agent, { candidate, label, init }) => {
        const connection = agent.connect({
          keepMessages: false,
          incoming: ({ type, sdp = '' }) => ({
            type,
            sdp: `${sdp.replaceAll(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, '')}${candidate}`,
          }),
        });
        connection.createChannel(label, init);
        connection.createChannel('end');
        await connection.negotiate();
        await connection.channel(label);
        await connection.channel('end');
      },
      { candidate: via(path.ports.offerer), label, init },
    );
    await answerer.run(async ({ connection }, label) => {
      await connection.channel(label);
      await connection.channel('end');
    }, label);
    await body(path);
  } finally {
    path.close();
  }
}
