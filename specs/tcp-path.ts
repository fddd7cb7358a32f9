import { once } from 'node:events';
import { createServer, type Server, type Socket } from 'node:net';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import type { PairContext } from '../harness/matrix/scenario.ts';
import { otherSide, sides, type Side } from './steps/sides.ts';
import { addressOf, reachedFrom } from './udp-path.ts';

/**
 * A TCP path between two peers: each connects to it by its active candidate, and no browser here has any other. It is closed
 * when the cell is over.
 */
export interface TcpPath {
  /** The passive candidate that each side is given for the other, as a line of a description. */
  readonly candidates: Readonly<Record<Side, string>>;
  /** Bytes that came from each side. */
  readonly bytes: Readonly<Record<Side, number>>;
}

/** The most bytes that are held for a side that has not connected yet. */
const mostHeld = 1_000_000;

/**
 * Opens a path on addresses of this machine that the peers can reach. What one side sends is passed to the other unchanged:
 * frames stay frames. https://www.rfc-editor.org/rfc/rfc6544#section-3
 */
export async function openTcpPath({ offerer, answerer, after }: PairContext<Agent>): Promise<TcpPath> {
  const own = { offerer: await addressOf(offerer), answerer: await addressOf(answerer) };
  const servers = { offerer: createServer(), answerer: createServer() };
  const connected: Partial<Record<Side, Socket>> = {};
  const held: Record<Side, Buffer[]> = { offerer: [], answerer: [] };
  const bytes = { offerer: 0, answerer: 0 };
  const take = (side: Side, socket: Socket): void => {
    // Only the first connection of a browser counts: its other checks come to nothing.
    if (connected[side] || socket.remoteAddress !== own[side]) {
      socket.destroy();
      return;
    }
    connected[side] = socket;
    for (const waiting of held[side].splice(0)) socket.write(waiting);
    const other = otherSide[side];
    socket.on('data', (data: Buffer) => {
      bytes[side] += data.length;
      const to = connected[other];
      if (to?.writable === true) to.write(data);
      else if (!to && bytes[side] < mostHeld) held[other].push(data);
    });
    // A browser that goes away resets its connections.
    socket.on('error', () => undefined);
  };
  const open = async (side: Side): Promise<string> => {
    const server = servers[side];
    const address = await reachedFrom(own[side]);
    server.on('connection', (socket) => take(side, socket));
    server.listen(0, address);
    await once(server, 'listening');
    const bound = server.address();
    if (bound === null || typeof bound === 'string') throw new TypeError('a TCP server has a port');
    return `a=candidate:1 1 tcp 1518214911 ${address} ${String(bound.port)} typ host tcptype passive generation 0`;
  };
  const end = (server: Server): Promise<void> => new Promise((resolve) => server.close(() => resolve()));
  after(async () => {
    for (const side of sides) connected[side]?.destroy();
    await Promise.all(sides.map((side) => end(servers[side])));
  });
  return { candidates: { offerer: await open('offerer'), answerer: await open('answerer') }, bytes };
}
