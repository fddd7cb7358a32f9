import { createSocket, type RemoteInfo } from 'node:dgram';
import { once } from 'node:events';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import { isIPv6 } from '../fixtures/peer-page/ipv6.ts';
import type { PairContext, PeerHandle } from '../harness/matrix/scenario.ts';
import { otherSide, type Side } from './steps/sides.ts';

export type { Side };

/**
 * A path on this machine between two peers that sees every packet: two UDP sockets, one for each side to send to. It is
 * closed when the cell is over.
 */
export interface UdpPath {
  /**
   * The only candidate that each side is given for the other, as a line of a description; `agent.sdp.withOnlyCandidate`
   * puts it there before the description is set.
   */
  readonly candidates: Readonly<Record<Side, string>>;
  /** Forwards a packet that was held back; `from` is the side that sent it. */
  send(packet: Buffer, from: Side): void;
}

/** DTLS records begin with 20 to 63; other packets are ICE or media. https://www.rfc-editor.org/rfc/rfc7983#section-7 */
export const isDtls = (packet: Buffer): boolean => {
  const first = packet[0] ?? 0;
  return first >= 20 && first <= 63;
};

/** An IPv4 address for which a browser gathers a host candidate: one of the machine that it runs on. */
export const addressOf = (peer: PeerHandle<Agent>): Promise<string> =>
  peer.run(async (agent) => {
    const pc = agent.unobserved(() => new RTCPeerConnection());
    try {
      pc.createDataChannel('address');
      const found = new Promise<string>((resolve, reject) => {
        pc.addEventListener('icecandidate', ({ candidate }) => {
          if (candidate === null) reject(new Error('no IPv4 host candidate to put a path on'));
          // node-datachannel says `UDP`, as the candidate line does
          else if (candidate.address?.includes('.') === true && /^udp$/i.test(candidate.protocol ?? '')) {
            if (!candidate.address.startsWith('127.')) resolve(candidate.address);
          }
        });
      });
      // the offer is created explicitly: not every library's setLocalDescription() creates one by itself
      await pc.setLocalDescription(await pc.createOffer());
      return await found;
    } finally {
      pc.close();
    }
  });

/** An IPv4 address of this machine that a peer can reach: the peer's own if it runs here. */
export const reachedBy = async (peer: PeerHandle<Agent>): Promise<string> =>
  reachedFrom(await addressOf(peer));

/** The address of this machine that is reachable from an address, of the same family: the same one if it belongs to this machine. */
export async function reachedFrom(address: string): Promise<string> {
  const socket = createSocket(isIPv6(address) ? 'udp6' : 'udp4');
  try {
    // sends nothing: the system only says where it would send from
    socket.connect(9, address);
    await once(socket, 'connect');
    return socket.address().address;
  } finally {
    socket.close();
  }
}

/**
 * Opens a path on addresses of this machine that the peers can reach.
 * @param passes is called with each packet as it comes; one that it returns false for is lost, or held back until `send`
 * @param begins whether a packet may be a side's first: the path is for the address that this one comes from
 */
export async function openPath(
  pair: Pick<PairContext<Agent>, Side | 'after'>,
  passes: (packet: Buffer, from: Side) => boolean,
  begins: (packet: Buffer, from: Side) => boolean = () => true,
): Promise<UdpPath> {
  const sockets = { offerer: createSocket('udp4'), answerer: createSocket('udp4') };
  pair.after(() => {
    for (const socket of Object.values(sockets)) socket.close();
  });
  const senders: Partial<Record<Side, RemoteInfo>> = {};
  const send = (packet: Buffer, from: Side): void => {
    const target = senders[otherSide[from]];
    if (target) sockets[otherSide[from]].send(packet, target.port, target.address);
  };
  const relay = (from: Side) => (packet: Buffer, sender: RemoteInfo) => {
    if (!senders[from] && !begins(packet, from)) return;
    // Only the first address that a browser sends from counts: its checks from others come to nothing.
    const known = (senders[from] ??= sender);
    if (known.port !== sender.port || known.address !== sender.address || !senders[otherSide[from]]) return;
    if (passes(packet, from)) send(packet, from);
  };
  sockets.offerer.on('message', relay('offerer'));
  sockets.answerer.on('message', relay('answerer'));
  const open = async (side: Side) => {
    const socket = sockets[side];
    const address = await reachedBy(pair[side]);
    socket.bind(0, address);
    await once(socket, 'listening');
    return `a=candidate:1 1 udp 2113937151 ${address} ${String(socket.address().port)} typ host generation 0`;
  };
  return { candidates: { offerer: await open('offerer'), answerer: await open('answerer') }, send };
}
