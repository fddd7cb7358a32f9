import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { ClaimMade, PairContext, PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { bothNegotiate, videoReceiver, videoSender } from '../codecs/steps.ts';
import type { Side } from '../steps/sides.ts';

type Peer = PeerHandle<Agent>;
type Pair = Pick<PairContext<Agent>, 'offerer' | 'answerer'>;

/** A dictionary of statistics, whatever its type. */
export type Entry = Readonly<Record<string, unknown>>;

/** https://www.w3.org/TR/webrtc-stats/, the dictionary of a name. */
export const dictionary = (name: string): string => `https://www.w3.org/TR/webrtc-stats/#${name}-dict*`;

export const hertz = 440;
/** The amplitude of the tone that is sent, 0 to 1. */
export const amplitude = 0.25;

export const sound = {
  level: 'must',
  needs: { offerer: ['MediaStreamAudioDestinationNode'], answerer: ['AnalyserNode'] },
  timeoutMs: 15_000,
} as const;

export const soundAndPicture = {
  level: 'must',
  needs: {
    offerer: [...sound.needs.offerer, ...videoSender, 'codec:video/VP8:send'],
    answerer: [...sound.needs.answerer, ...videoReceiver, 'codec:video/VP8:receive'],
  },
  timeoutMs: 15_000,
} as const;

/**
 * Over the existing connections, the offerer sends a tone and, where they are asked for, numbered pictures by VP8, with or
 * without noise that needs more than 300 kbit/s; the answerer plays what it receives. Resolves once both have come.
 */
export async function send({ offerer, answerer }: Pair, kinds: 'sound' | 'both' | 'noise'): Promise<void> {
  const offered = offerer.run(
    async ({ connection, media, codecs }, { gain, withPicture, noise }) => {
      const { track, stream } = await media.tone({ gain });
      connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
      if (withPicture) {
        const video = media.video(noise ? { width: 640, height: 480, noise } : {});
        const transceiver = connection.pc.addTransceiver(video.track, {
          direction: 'sendonly',
          streams: [video.stream],
        });
        codecs.prefer(transceiver, 'video/VP8');
      }
      await connection.negotiate();
    },
    { gain: amplitude, withPicture: kinds !== 'sound', noise: kinds === 'noise' },
  );
  await bothNegotiate(answerer, offered);
  await answerer.run(
    async ({ connection, media }, { wanted, withPicture }) => {
      const listener = await media.listen((await connection.track('audio')).track);
      await listener.untilTone(wanted);
      if (!withPicture) return;
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until('10 new frames', ({ risen }) => risen >= 10);
    },
    { wanted: hertz, withPicture: kinds !== 'sound' },
  );
}

/** Makes the connections of both sides. */
export async function connect({ offerer, answerer }: Pair): Promise<void> {
  await answerer.run((agent) => void agent.connect());
  await offerer.run((agent) => void agent.connect());
}

/** All statistics that a side's connection reports. */
export const report = (peer: Peer): Promise<Entry[]> =>
  peer.run(async ({ connection }): Promise<Entry[]> => [...(await connection.pc.getStats()).values()]);

/** The only dictionary of a type, and of a kind where one is given; empty where there is none. */
export function find(entries: readonly Entry[], type: string, kind?: string): Entry {
  return (
    entries.find((entry) => entry['type'] === type && (kind === undefined || entry['kind'] === kind)) ?? {}
  );
}

/** Members that name another dictionary, and the types that it may have. */
export const references: Readonly<Record<string, readonly string[]>> = {
  transportId: ['transport'],
  codecId: ['codec'],
  remoteId: ['remote-inbound-rtp', 'remote-outbound-rtp'],
  localId: ['inbound-rtp', 'outbound-rtp'],
  mediaSourceId: ['media-source'],
  playoutId: ['media-playout'],
  localCandidateId: ['local-candidate'],
  remoteCandidateId: ['remote-candidate'],
  selectedCandidatePairId: ['candidate-pair'],
  localCertificateId: ['certificate'],
  remoteCertificateId: ['certificate'],
};

/** By how much numbers of a dictionary have risen; any other value is the later one. */
export function risen(before: Entry, behind: Entry, members: readonly string[]): Entry {
  const rise = (member: string): unknown => {
    const [from, to] = [before[member], behind[member]];
    return typeof from === 'number' && typeof to === 'number' ? to - from : to;
  };
  return Object.fromEntries(members.map((member) => [member, rise(member)]));
}

type Held = Pick<ClaimMade, 'holds' | 'unit' | 'of' | 'optional' | 'paced'>;

/** Checks members of one of a side's dictionaries against what is known of them; see `Tools.claim`. */
export const claimsOf =
  ({ claim }: Pick<Tools, 'claim'>, peer: Side, dictionary: string, entry: Entry) =>
  (member: string, expected: ClaimMade['expected'], held: Held = {}): void =>
    claim({ peer, dictionary, member, actual: entry[member], expected, ...held });

/** Resolves when a side's statistics are so many milliseconds newer. */
export const later = (peer: Peer, ms: number): Promise<void> =>
  peer.run(async ({ connection, waitFor }, most) => {
    const timeOf = async () => {
      for (const { type, timestamp } of (await connection.pc.getStats()).values() as Iterable<RTCStats>)
        if (type === 'peer-connection') return timestamp;
      return undefined;
    };
    const began = await timeOf();
    await waitFor({
      name: `statistics that are ${String(most)} ms later`,
      phase: 'media',
      probe: async () => Number(await timeOf()) - Number(began) >= most,
      triggers: [{ everyMs: 100 }],
    });
  }, ms);
