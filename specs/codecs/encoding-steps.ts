import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import type { Encoding } from './steps.ts';

type Peer = PeerHandle<Agent>;

/** Members of an encoding to set; undefined unsets a member. */
type EncodingChange = {
  [Member in keyof RTCRtpEncodingParameters]?: RTCRtpEncodingParameters[Member] | undefined;
};

/** Changes every encoding of what a side sends, without negotiating. */
export const setEncodings = (sender: Peer, change: EncodingChange): Promise<void> =>
  sender.run(async ({ connection, waitFor }, change) => {
    for (const sender of connection.pc.getSenders()) {
      const parameters = sender.getParameters();
      for (const encoding of parameters.encodings) Object.assign(encoding, change);
      await waitFor({
        name: 'setParameters to settle',
        phase: 'media',
        probe: async () => {
          await sender.setParameters(parameters);
          return true;
        },
        triggers: [],
      });
    }
  }, change);

/** The parameters that a side sends with, as it reports them after negotiating. */
export const parametersOf = (sender: Peer) =>
  sender.run(({ connection }) => {
    const parameters = connection.pc.getSenders()[0]?.getParameters();
    const encodings: Encoding[] = parameters?.encodings ?? [];
    return { encodings, degradationPreference: parameters?.degradationPreference ?? null };
  });

/** The scalability mode of what a side has encoded, as reported by its encoder, which may have left layers out. */
export const modeSent = (sender: Peer) =>
  sender.run(async ({ connection }) => {
    const { scalabilityMode = null } = await connection.stats<RTCOutboundRtpStreamStats>(
      'outbound-rtp',
      ({ kind, framesSent = 0 }) => kind === 'video' && framesSent > 0,
      'outbound-rtp to count a frame',
    );
    return scalabilityMode;
  });

/** Waits until a picture of this size can be read: encoders may begin with a smaller one. */
export const receiveSize = (receiver: Peer, [width, height]: readonly [number, number]): Promise<void> =>
  receiver.run(
    async ({ connection, media }, size) => {
      const watcher = media.watch((await connection.track('video')).track);
      await watcher.until(
        `a readable picture of ${size.width}×${size.height}`,
        ({ last }) => last?.code !== null && last?.width === size.width && last.height === size.height,
      );
      watcher.stop();
    },
    { width, height },
  );

/**
 * Waits until a stretch of received video, by default a second, has a bitrate in a range; returns that bitrate and the number
 * of frames. It gives up after `withinMs`, by default only when the cell's time is over.
 */
export const receiveAtRate = (
  receiver: Peer,
  { above = 0, below = Infinity, seconds = 1, withinMs = Infinity },
) =>
  receiver.run(
    async ({ connection }, { above, below, seconds, withinMs }) => {
      const looks: { timestamp: number; bytes: number; frames: number }[] = [];
      let seen = { bitsPerSecond: 0, frames: 0 };
      await connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, timestamp, bytesReceived: bytes = 0, framesDecoded: frames = 0 }) => {
          if (kind !== 'video') return false;
          looks.push({ timestamp, bytes, frames });
          while (timestamp - (looks[1]?.timestamp ?? timestamp) >= seconds * 1000) looks.shift();
          const [from] = looks;
          if (!from || timestamp - from.timestamp < seconds * 1000) return false;
          seen = {
            bitsPerSecond: Math.round(((bytes - from.bytes) * 8000) / (timestamp - from.timestamp)),
            frames: frames - from.frames,
          };
          return seen.bitsPerSecond > above && seen.bitsPerSecond < below && seen.frames > 0;
        },
        `${seconds} s with more than ${above} and less than ${below} bits a second`,
        'media',
        withinMs,
      );
      return seen;
    },
    { above, below, seconds, withinMs },
  );

/**
 * Frames per second that arrive and that were drawn, by the numbers and the clock that the frames carry, so that reading
 * them late changes nothing. The first two are left out: no rate can be kept to before it is known.
 */
export const receiveRate = (receiver: Peer, frames: number) =>
  receiver.run(async ({ connection, media }, wanted) => {
    const watcher = media.watch((await connection.track('video')).track);
    await watcher.until(`${wanted} new frames`, ({ risen }) => risen >= wanted);
    watcher.stop();
    const codes = new Map(watcher.seen.flatMap(({ code }) => (code ? [[code.number, code.clock]] : [])));
    const [[firstNumber, firstClock] = [0, 0], ...rest] = [...codes].slice(2);
    const [lastNumber, lastClock] = rest.at(-1) ?? [0, 0];
    const perSecond = (count: number) => Math.round((count * 10_000) / (lastClock - firstClock)) / 10;
    return { arrived: perSecond(rest.length), drawn: perSecond(lastNumber - firstNumber) };
  }, frames);

/**
 * Waits until one and a half seconds bring neither another packet nor another frame of video. Returns the milliseconds
 * until the last one came, and how many frames there were.
 */
export const receiveNothing = (receiver: Peer): Promise<{ lastMs: number; frames: number }> =>
  receiver.run(async ({ connection, media, waitFor }) => {
    const watcher = media.watch((await connection.track('video')).track);
    const began = performance.now();
    let [before, lastMs, now] = ['', 0, 0];
    await waitFor({
      name: 'packets and frames to stop',
      phase: 'media',
      probe: async () => {
        const inbound = await connection.inbound('video');
        now = performance.now() - began;
        const seen = `${inbound?.packetsReceived ?? 0} packets, ${watcher.report().risen} frames`;
        if (seen !== before && before !== '') lastMs = now;
        before = seen;
        return now - lastMs >= 1500;
      },
      triggers: [{ everyMs: 60 }],
      seen: () => `${before}, the same for ${Math.round(now - lastMs)} ms`,
    });
    watcher.stop();
    return { lastMs: Math.round(lastMs), frames: watcher.report().risen };
  });

/** The bits per second of the video that a side receives, over two seconds, or as many as are given, from its first packet on. */
export const receivedRate = (receiver: Peer, seconds = 2): Promise<number> =>
  receiver.run(async ({ connection }, seconds) => {
    let first: RTCInboundRtpStreamStats | undefined;
    const last = await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      (now) =>
        now.kind === 'video' &&
        (now.packetsReceived ?? 0) > 0 &&
        now.timestamp - (first ??= now).timestamp >= seconds * 1000,
      `${seconds} s of video`,
    );
    const bytes = (last.bytesReceived ?? 0) - (first?.bytesReceived ?? 0);
    return Math.round((bytes * 8000) / (last.timestamp - (first?.timestamp ?? 0)));
  }, seconds);
