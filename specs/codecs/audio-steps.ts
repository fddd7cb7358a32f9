import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Edit } from '../../fixtures/peer-page/connection.ts';
import type { PairContext, PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { audioBits, concealed, jitterBuffer, timeToFirstTone } from '../steps/bounds.ts';
import { hold } from '../steps/hold.ts';
import { expectTone, type PlayedTone } from '../steps/sound.ts';
import { bothNegotiate, type Choice } from './steps.ts';

type Peer = PeerHandle<Agent>;

export const hertz = 440;

export const audioSender = ['MediaStreamAudioDestinationNode'] as const;
export const audioReceiver = ['AnalyserNode'] as const;

export interface ToneCall extends Choice {
  /** Hertz; one for each channel. */
  frequencies?: number[];
  /**
   * Parameters that both sides add to the fmtp line of Opus, as applications do: there is no API for them. The scenario
   * writes them itself, in the answer too, so what counts is what arrives then.
   */
  opus?: Record<string, string>;
}

/** The offerer sends a tone with the codecs of its choice. */
export async function offerTone(
  { offerer, answerer }: PairContext<Agent>,
  call: ToneCall = {},
): Promise<void> {
  await answerer.run((agent, { opus }) => {
    const ask: Edit = ({ type, sdp = '' }) => ({
      type,
      sdp: agent.sdp.withParameters(sdp, 'opus', opus ?? {}),
    });
    // Firefox drops what it does not know from its local description, so it is added again; other browsers do not need that.
    agent.connect(opus ? { local: ask, outgoing: ask, editsMayChangeNothing: true } : {});
  }, call);
  const offered = offerer.run(async (agent, { prefer, only, frequencies = [440], opus }) => {
    const ask: Edit = ({ type, sdp = '' }) => ({
      type,
      sdp: agent.sdp.withParameters(sdp, 'opus', opus ?? {}),
    });
    const connection = agent.connect(opus ? { local: ask, outgoing: ask, editsMayChangeNothing: true } : {});
    const { track, stream } = await agent.media.tone({ frequencies });
    const transceiver = connection.pc.addTransceiver(track, { direction: 'sendonly', streams: [stream] });
    if (prefer) agent.codecs.prefer(transceiver, ...prefer);
    if (only) agent.codecs.only(transceiver, ...only);
    await connection.negotiate();
  }, call);
  await bothNegotiate(answerer, offered);
}

/** From here on the offerer sends silence, as a disabled track does. */
export function silence(offerer: Peer): Promise<void> {
  return offerer.run(({ connection }) => {
    for (const { track } of connection.pc.getSenders()) if (track) track.enabled = false;
  });
}

/** From here on the tone has this gain; 0 is silence. */
export const setGain = (offerer: Peer, gain: number): Promise<void> =>
  offerer.run(({ media }, wanted) => media.toneSource.setGain(wanted), gain);

/** Listens until each channel has its tone, then for 1.3 s more; returns what was heard and with which codec. */
export function hearTones(receiver: Peer, frequencies: readonly number[] = [hertz]) {
  return receiver.run(async ({ connection, media, codecs }, wanted) => {
    const { track } = await connection.track('audio');
    const listener = await media.listen(track, wanted.length);
    await listener.until(`a tone of ${wanted.join(' and ')} Hz`, (channels) =>
      wanted.every((frequency, at) => Math.abs((channels[at]?.frequency ?? 0) - frequency) < 5),
    );
    const before = await connection.inbound('audio');
    const began = performance.now();
    // long enough to hear a tone break off after a second
    const heard = await listener.stretch(1300);
    listener.stop();
    const inbound = await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= 20,
      'inbound-rtp to count 20 packets',
    );
    const answer = [...connection.said.descriptions, ...connection.heard.descriptions].findLast(
      ({ type }) => type === 'answer',
    );
    const bytes = (inbound.bytesReceived ?? 0) - (before?.bytesReceived ?? 0);
    return {
      heard,
      firstToneMs: listener.firstToneMs,
      inbound,
      bitsPerSecond: (bytes * 8000) / (performance.now() - began),
      codec: await codecs.used(connection, 'inbound-rtp', 'audio'),
      answer: answer?.sdp ?? '',
    };
  }, frequencies);
}

export type HeardTones = Awaited<ReturnType<typeof hearTones>>;

/** Expects each channel to have the tone that was sent, and nothing else. */
export function expectTones(
  tools: Tools,
  { heard, firstToneMs, inbound, bitsPerSecond }: HeardTones,
  frequencies: readonly number[] = [hertz],
  bounds: Pick<PlayedTone, 'lead' | 'purity'> = {},
): void {
  for (const [at, frequency] of frequencies.entries()) {
    const where = frequencies.length === 1 ? '' : ([' on the left', ' on the right'][at] ?? '');
    expectTone(tools, heard[at], { hertz: frequency, ...bounds }, where);
  }
  const { jitterBufferDelay = 0, jitterBufferEmittedCount, totalSamplesReceived, concealedSamples } = inbound;
  hold(tools, 'time to first tone', firstToneMs, 'ms', timeToFirstTone);
  // Not every browser counts these; one that does has counted some by now.
  if (jitterBufferEmittedCount !== undefined) {
    expect(jitterBufferEmittedCount, 'jitterBufferEmittedCount of inbound-rtp').to.be.above(0);
    const delay = Math.round((jitterBufferDelay * 1000) / jitterBufferEmittedCount);
    hold(tools, 'delay in the jitter buffer', delay, 'ms', jitterBuffer);
  }
  if (totalSamplesReceived !== undefined) {
    expect(totalSamplesReceived, 'totalSamplesReceived of inbound-rtp').to.be.above(0);
    const share = Math.round(((concealedSamples ?? 0) * 100) / totalSamplesReceived);
    hold(tools, 'samples concealed', share, '%', concealed);
  }
  hold(tools, 'bitrate', Math.round(bitsPerSecond), 'bit/s', audioBits);
}

/** What the packets of an audio track amounted to over a second. */
export interface Flow {
  packetsPerSecond: number;
  /** Payload only. */
  bitsPerSecond: number;
  bytesPerPacket: number;
}

/** Measures the received packets second by second until one has at most `mostPackets`; returns that second. */
export function audioFlow(receiver: Peer, mostPackets = Infinity): Promise<Flow> {
  return receiver.run(async ({ connection }, most) => {
    let base: RTCInboundRtpStreamStats | undefined;
    let flow = { packetsPerSecond: 0, bitsPerSecond: 0, bytesPerPacket: 0 };
    await connection.stats<RTCInboundRtpStreamStats>(
      'inbound-rtp',
      (now) => {
        if (now.kind !== 'audio') return false;
        base ??= now;
        const seconds = (now.timestamp - base.timestamp) / 1000;
        if (seconds < 1) return false;
        const packets = (now.packetsReceived ?? 0) - (base.packetsReceived ?? 0);
        const bytes = (now.bytesReceived ?? 0) - (base.bytesReceived ?? 0);
        base = now;
        flow = {
          packetsPerSecond: Math.round(packets / seconds),
          bitsPerSecond: Math.round((bytes * 8) / seconds),
          bytesPerPacket: packets === 0 ? 0 : Math.round(bytes / packets),
        };
        return flow.packetsPerSecond <= most;
      },
      most === Infinity ? 'a second of packets' : `a second with at most ${most} packets`,
    );
    return flow;
  }, mostPackets);
}
