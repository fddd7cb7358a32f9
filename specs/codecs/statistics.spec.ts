import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const vp8 = 'video/VP8';
const stats = (name: string) => `https://www.w3.org/TR/webrtc-stats/#${name}-dict*`;

scenario(
  {
    id: 'codecs/statistics/video',
    title: 'Statistics of a video hang together',
    asks: 'Do the statistics of both sides tell of the stream, its source, its transport and the candidate pair in use, and do they count on while the picture goes on?',
    level: 'must',
    specs: [
      'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats',
      ...['inboundrtpstats', 'outboundrtpstats', 'transportstats', 'candidatepair'].map(stats),
    ],
    needs: {
      offerer: [`codec:${vp8}:send`, ...videoSender],
      answerer: [`codec:${vp8}:receive`, ...videoReceiver],
    },
  },
  async (pair) => {
    await offerVideo(pair, { prefer: [vp8] });
    await receiveVideo(pair.answerer, { stretchMs: 0 });
    await pair.offerer.run(({ connection }) =>
      connection.stats(
        'remote-inbound-rtp',
        (entry) => 'roundTripTime' in entry,
        'remote-inbound-rtp to have a round-trip time',
      ),
    );
    const before = {
      sent: await look(pair.offerer, 'outbound-rtp'),
      got: await look(pair.answerer, 'inbound-rtp'),
    };
    await receiveVideo(pair.answerer);
    const sent = await look(pair.offerer, 'outbound-rtp');
    const got = await look(pair.answerer, 'inbound-rtp');

    for (const [role, { all, rtp, transport, pairInUse }] of [
      ['offerer', sent],
      ['answerer', got],
    ] as const) {
      expect(rtp['mid'], `mid of the stream at the ${role}`).to.equal('0');
      expect(transport['dtlsState'], `dtlsState of its transport at the ${role}`).to.equal('connected');
      expect(pairInUse['state'], `state of the candidate pair in use at the ${role}`).to.equal('succeeded');
      expect(all, `statistics at the ${role}`).to.include('peer-connection');
    }
    expect(sent.source, 'the media source of the stream').to.include({ width: 320, height: 240 });
    expect(sent.remote['ssrc'], 'the stream that remote-inbound-rtp is about').to.equal(sent.rtp['ssrc']);
    expect(got.rtp, 'inbound-rtp').to.include.keys('jitter', 'packetsLost');
    expect(got.rtp['framesPerSecond'], 'framesPerSecond of inbound-rtp').to.be.above(0);

    const rise = (now: Look, then: Look, where: 'rtp' | 'pairInUse', name: string) =>
      Number(now[where][name]) - Number(then[where][name]);
    const bytesSent = rise(sent, before.sent, 'rtp', 'bytesSent');
    const bytesReceived = rise(got, before.got, 'rtp', 'bytesReceived');
    expect(bytesSent, 'bytesSent of outbound-rtp in a second').to.be.above(0);
    expect(bytesReceived, 'bytesReceived of inbound-rtp in a second').to.be.above(0);
    expect(
      rise(got, before.got, 'rtp', 'headerBytesReceived'),
      'headerBytesReceived of inbound-rtp in a second',
    ).to.be.above(0);
    // half, as the two may be of different moments
    expect(
      rise(sent, before.sent, 'pairInUse', 'bytesSent'),
      'bytesSent of the candidate pair in a second',
    ).to.be.at.least(bytesSent / 2);
    expect(
      rise(got, before.got, 'pairInUse', 'bytesReceived'),
      'bytesReceived of the candidate pair in a second',
    ).to.be.at.least(bytesReceived / 2);
  },
);

type Look = Awaited<ReturnType<typeof look>>;

/** The stream of video in a side's statistics, and what its references lead to; empty where they lead nowhere. */
const look = (peer: PeerHandle<Agent>, wanted: 'inbound-rtp' | 'outbound-rtp') =>
  peer.run(async ({ connection }, type) => {
    const report = await connection.pc.getStats();
    const entries: Record<string, unknown>[] = [...report.values()];
    const find = (holds: (entry: Record<string, unknown>) => boolean) => entries.find(holds) ?? {};
    const byId = (id: unknown) => find((entry) => entry['id'] === id);
    const rtp = find((entry) => entry['type'] === type && entry['kind'] === 'video');
    const transport = byId(rtp['transportId']);
    return {
      all: entries.map((entry) => entry['type']),
      rtp,
      transport,
      pairInUse: byId(transport['selectedCandidatePairId']),
      source: find((entry) => entry['type'] === 'media-source' && entry['kind'] === 'video'),
      remote: find((entry) => entry['type'] === 'remote-inbound-rtp' && entry['localId'] === rtp['id']),
    };
  }, wanted);
