import { attributeOf, attributes, readStun } from '../../fixtures/network/stun.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { otherSide, sides, type Side } from '../steps/sides.ts';
import { openPath, type UdpPath } from '../udp-path.ts';
import type { Rewrites } from './steps.ts';

/** What went over the paths of a call so far. */
export interface Handshakes {
  /** The sides that have begun a handshake, each once. */
  readonly clients: ReadonlySet<Side>;
  /** How many packets with a ClientHello were sent, by any side over any path. */
  readonly clientHellos: number;
  /** The packets with a ServerHello that were sent, in order. */
  readonly serverHellos: readonly Buffer[];
  /** How many packets a path has delivered to a side, by generation from 0. */
  delivered(generation: number, to: Side): number;
  /** From now on, the path of a generation delivers nothing. */
  cut(generation: number): void;
}

export interface OverHandshake {
  /** Text that is changed in what a side sends. */
  outgoing?: Partial<Record<Side, Rewrites['outgoing']>>;
  /** How many generations of candidates there are, each with a path of its own; default 1. */
  generations?: number;
}

/**
 * Whether a packet begins with a message of the handshake (record type 22): a ClientHello (1) or a ServerHello (2), which
 * are plain text in every version. https://www.rfc-editor.org/rfc/rfc6347#section-4.1
 */
const isHello = (packet: Buffer, type: 1 | 2): boolean => packet[0] === 22 && packet[13] === type;

/**
 * Whether a packet is a check that is sent with one of these username fragments.
 * https://www.rfc-editor.org/rfc/rfc8445#section-7.2.2
 */
function isCheckBy(packet: Buffer, ufrags: readonly string[]): boolean {
  const message = readStun(packet);
  const username = message && attributeOf(message, attributes.username)?.toString();
  return username !== undefined && ufrags.some((ufrag) => username.endsWith(`:${ufrag}`));
}

/**
 * Creates the connections of both sides over paths that are observed, and runs a body, which has to negotiate. The
 * candidates of each generation lead over a path of their own, which no other generation can use.
 * @param body is given what was seen of the handshakes
 */
export async function overHandshake(
  pair: PairContext<Agent>,
  { outgoing = {}, generations = 1 }: OverHandshake,
  body: (seen: Handshakes) => Promise<void>,
): Promise<void> {
  const clients = new Set<Side>();
  const serverHellos: Buffer[] = [];
  let clientHellos = 0;
  const delivered = Array.from({ length: generations }, () => ({ offerer: 0, answerer: 0 }));
  const cut = new Set<number>();
  /** The username fragments of each side, one for each generation. */
  const ufrags: Record<Side, string[]> = { offerer: [], answerer: [] };
  pair.through((message, from) => {
    const sdp = message.type === 'description' ? message.description.sdp : undefined;
    const [, ufrag] = /^a=ice-ufrag:(\S+)/m.exec(sdp ?? '') ?? [];
    if (ufrag !== undefined && !ufrags[from].includes(ufrag)) ufrags[from].push(ufrag);
    return Promise.resolve(message);
  });
  pair.after(() => pair.trace('paths', { clients: [...clients], clientHellos, delivered }));
  const paths: UdpPath[] = [];
  for (const [generation, counts] of delivered.entries()) {
    const path = await openPath(
      pair,
      (packet, from) => {
        if (isHello(packet, 1)) {
          clients.add(from);
          clientHellos += 1;
        }
        if (isHello(packet, 2)) serverHellos.push(packet);
        if (cut.has(generation)) return false;
        counts[otherSide[from]] += 1;
        return true;
      },
      // Chromium checks new candidates from its old ports, too, now and then ahead of the new ones
      (packet, from) => !isCheckBy(packet, ufrags[from].slice(0, generation)),
    );
    paths.push(path);
  }
  for (const side of sides) {
    await pair[side].run(
      (agent, { candidates, rewrite: [text, becomes] }) => {
        const ufrags: string[] = [];
        agent.connect({
          editsMayChangeNothing: true,
          incoming({ type, sdp = '' }) {
            const [ufrag = ''] = /^a=ice-ufrag:.*$/m.exec(sdp) ?? [];
            if (!ufrags.includes(ufrag)) ufrags.push(ufrag);
            const candidate = candidates[ufrags.indexOf(ufrag)];
            if (candidate === undefined) throw new Error(`no path for generation ${String(ufrags.length)}`);
            return { type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) };
          },
          outgoing: ({ type, sdp = '' }) => ({ type, sdp: sdp.replaceAll(text, becomes) }),
        });
      },
      {
        candidates: paths.map(({ candidates }) => candidates[side]),
        rewrite: outgoing[side] ?? ([/^(?!)/g, ''] as const),
      },
    );
  }
  await body({
    clients,
    serverHellos,
    get clientHellos() {
      return clientHellos;
    },
    delivered: (generation, to) => delivered[generation]?.[to] ?? 0,
    cut: (generation) => void cut.add(generation),
  });
}

/** What a server has chosen, as its ServerHello says it in plain text. */
export interface Chosen {
  /** As four upper-case hexadecimal digits: `FEFD` is DTLS 1.2, `FEFC` is DTLS 1.3. */
  version: string;
  /** The code of the cipher suite. https://www.iana.org/assignments/tls-parameters/tls-parameters.xhtml#tls-parameters-4 */
  cipherSuite: number;
  /** The code of the SRTP protection profile; undefined where it is not in plain text, as in DTLS 1.3. */
  srtpProfile: number | undefined;
}

/** Extensions of a ServerHello, by their codes. */
const useSrtp = 0x0e;
const supportedVersions = 0x2b;
/** Bytes of a record's header and of a handshake message's. https://www.rfc-editor.org/rfc/rfc6347#section-4.2.2 */
const headers = 13 + 12;

/** Reads a packet that begins with a ServerHello. https://www.rfc-editor.org/rfc/rfc5246#section-7.4.1.3 */
export function readServerHello(packet: Buffer): Chosen {
  // behind the version and 32 random bytes: the session's id, with its length before it
  const suiteAt = headers + 34 + 1 + packet.readUInt8(headers + 34);
  const extensions = new Map<number, Buffer>();
  // behind the suite, the method of compression and the length of all extensions
  for (let at = suiteAt + 5; at + 4 <= packet.length; at += 4 + packet.readUInt16BE(at + 2))
    extensions.set(packet.readUInt16BE(at), packet.subarray(at + 4, at + 4 + packet.readUInt16BE(at + 2)));
  const version = extensions.get(supportedVersions)?.readUInt16BE() ?? packet.readUInt16BE(headers);
  return {
    version: version.toString(16).toUpperCase(),
    cipherSuite: packet.readUInt16BE(suiteAt),
    // behind the length of the list, which has one profile: https://www.rfc-editor.org/rfc/rfc5764#section-4.1.1
    srtpProfile: extensions.get(useSrtp)?.readUInt16BE(2),
  };
}
