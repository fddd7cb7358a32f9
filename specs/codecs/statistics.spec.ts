import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import { parametersOf } from '../../fixtures/peer-page/codec-match.ts';
import type { PairContext, PeerHandle } from '../../harness/matrix/scenario.ts';
import { scenario } from '../scenario.ts';
import { sides } from '../steps/sides.ts';
import { audioReceiver, audioSender, hearTones, offerTone } from './audio-steps.ts';
import { offerVideo, receiveVideo, videoReceiver, videoSender } from './steps.ts';

const vp8 = 'video/VP8';
const stats = (name: string) => `https://www.w3.org/TR/webrtc-stats/#${name}-dict*`;
const mandatory = 'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats';

scenario(
  {
    id: 'codecs/statistics/video',
    title: 'Statistics of a video stream hang together',
    asks: 'Do the statistics of both sides report the stream, its source, its transport and the candidate pair in use, and do they keep counting while the picture goes on?',
    level: 'must',
    specs: [
      mandatory,
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
    const before = await lookAtBoth(pair, 'video');
    await receiveVideo(pair.answerer);
    const now = await lookAtBoth(pair, 'video');
    const { offerer: sent, answerer: got } = now;

    expectToHangTogether(now);
    expect(sent.source, 'the media source of the stream, in statistics').to.include({
      width: 320,
      height: 240,
    });
    expect(sent.remote['ssrc'], 'the stream that remote-inbound-rtp is about').to.equal(sent.rtp['ssrc']);
    expect(got.rtp['framesPerSecond'], 'framesPerSecond of inbound-rtp').to.be.above(0);
    expectToCount(before, now);
  },
);

scenario(
  {
    id: 'codecs/statistics/audio',
    title: 'Statistics of an audio stream hang together',
    asks: 'Do the statistics of both sides report the stream, its codec as it was agreed on, its transport and the candidate pair in use, and do they keep counting while the sound goes on?',
    level: 'must',
    specs: [
      mandatory,
      ...['inboundrtpstats', 'outboundrtpstats', 'codec', 'transportstats', 'candidatepair'].map(stats),
    ],
    needs: {
      offerer: ['codec:audio/opus:send', ...audioSender],
      answerer: ['codec:audio/opus:receive', ...audioReceiver],
    },
  },
  async (pair) => {
    await offerTone(pair, { prefer: ['audio/opus'] });
    await pair.answerer.run(({ connection }) =>
      connection.stats<RTCInboundRtpStreamStats>(
        'inbound-rtp',
        ({ kind, packetsReceived = 0 }) => kind === 'audio' && packetsReceived >= 1,
        'inbound-rtp to count a packet',
      ),
    );
    const before = await lookAtBoth(pair, 'audio');
    await hearTones(pair.answerer);
    const now = await lookAtBoth(pair, 'audio');

    expectToHangTogether(now);
    expectToCount(before, now);
    for (const role of sides) {
      const line = now[role].codec['sdpFmtpLine'];
      const named = [...parametersOf(typeof line === 'string' ? line : null)].map(
        ([name, value]) => `${name}=${value}`,
      );
      // both sides say it of their own accord: codecs/audio/opus-fec-negotiated
      expect(named, `parameters of Opus that codec names at the ${role}`).to.include('useinbandfec=1');
    }
  },
);

scenario(
  {
    id: 'codecs/statistics/certificates',
    title: 'Certificates in statistics',
    asks: 'Do the statistics of each transport lead to the certificates of both sides, with the fingerprints in the descriptions?',
    level: 'must',
    specs: [mandatory, stats('certificatestats'), stats('transportstats')],
    needs: [],
  },
  async (pair) => {
    await pair.answerer.run((agent) => void agent.connect());
    await pair.offerer.run(async (agent) => {
      const connection = agent.connect();
      connection.createChannel('certified');
      await connection.negotiate();
    });
    for (const role of sides) {
      const { own, other, local, remote } = await pair[role].run(async ({ connection }) => {
        await connection.channel('certified');
        const report = await connection.report();
        const entries: Record<string, unknown>[] = [...report.values()];
        const transport = entries.find(({ type }) => type === 'transport') ?? {};
        const fingerprintOf = (id: unknown): unknown =>
          entries.find((entry) => entry['type'] === 'certificate' && entry['id'] === id)?.['fingerprint'];
        const saidIn = ({ descriptions: [first] }: typeof connection.said) =>
          [...(first?.sdp ?? '').matchAll(/^a=fingerprint:\S+ (\S+)/gm)].map(([, print = '']) =>
            print.toUpperCase(),
          );
        return {
          own: saidIn(connection.said),
          other: saidIn(connection.heard),
          local: fingerprintOf(transport['localCertificateId']),
          remote: fingerprintOf(transport['remoteCertificateId']),
        };
      });
      expect(own, `the fingerprint of the local certificate at the ${role}, in statistics`).to.include(local);
      expect(other, `the fingerprint of the remote certificate at the ${role}, in statistics`).to.include(
        remote,
      );
    }
  },
);

type Look = Awaited<ReturnType<typeof look>>;
type Looks = Record<(typeof sides)[number], Look>;

const lookAtBoth = async (
  { offerer, answerer }: PairContext<Agent>,
  kind: 'audio' | 'video',
): Promise<Looks> => ({
  offerer: await look(offerer, 'outbound-rtp', kind),
  answerer: await look(answerer, 'inbound-rtp', kind),
});

/** The stream of a kind in a side's statistics, and what its references lead to; empty where they lead nowhere. */
const look = (peer: PeerHandle<Agent>, type: 'inbound-rtp' | 'outbound-rtp', kind: 'audio' | 'video') =>
  peer.run(
    async ({ connection }, wanted) => {
      const report = await connection.report();
      const entries: Record<string, unknown>[] = [...report.values()];
      const find = (holds: (entry: Record<string, unknown>) => boolean) => entries.find(holds) ?? {};
      const byId = (id: unknown) => find((entry) => entry['id'] === id);
      const rtp = find((entry) => entry['type'] === wanted.type && entry['kind'] === wanted.kind);
      const transport = byId(rtp['transportId']);
      // summed over all pairs: Chromium goes over to another while it sends
      const overPairs = (member: string) =>
        entries.reduce(
          (sum, entry) => sum + (entry['type'] === 'candidate-pair' ? Number(entry[member] ?? 0) : 0),
          0,
        );
      return {
        all: entries.map((entry) => entry['type']),
        rtp,
        codec: byId(rtp['codecId']),
        transport,
        pairInUse: byId(transport['selectedCandidatePairId']),
        source: find((entry) => entry['type'] === 'media-source' && entry['kind'] === wanted.kind),
        remote: find((entry) => entry['type'] === 'remote-inbound-rtp' && entry['localId'] === rtp['id']),
        pairs: { bytesSent: overPairs('bytesSent'), bytesReceived: overPairs('bytesReceived') },
      };
    },
    { type, kind },
  );

/** Expects the references of a stream to lead to something, on both sides. */
function expectToHangTogether(now: Looks): void {
  for (const role of sides) {
    const { all, rtp, transport, pairInUse } = now[role];
    expect(rtp['mid'], `mid of the stream in the statistics at the ${role}`).to.equal('0');
    expect(transport['dtlsState'], `dtlsState of its transport, in statistics at the ${role}`).to.equal(
      'connected',
    );
    expect(pairInUse['state'], `state of the candidate pair in use, in statistics at the ${role}`).to.equal(
      'succeeded',
    );
    expect(all, `statistics at the ${role}`).to.include('peer-connection');
  }
  for (const member of ['jitter', 'packetsLost'])
    expect(now.answerer.rtp[member], `${member} of inbound-rtp`).to.be.a('number');
}

/** Expects what was sent and received between two looks to be counted, by the streams and by the pairs that carried it. */
function expectToCount(before: Looks, now: Looks): void {
  const rise = (role: (typeof sides)[number], name: string) =>
    Number(now[role].rtp[name]) - Number(before[role].rtp[name]);
  const bytesSent = rise('offerer', 'bytesSent');
  const bytesReceived = rise('answerer', 'bytesReceived');
  expect(bytesSent, 'bytesSent of outbound-rtp in a second').to.be.above(0);
  expect(bytesReceived, 'bytesReceived of inbound-rtp in a second').to.be.above(0);
  expect(
    rise('answerer', 'headerBytesReceived'),
    'headerBytesReceived of inbound-rtp in a second',
  ).to.be.above(0);
  // half, because the two counts may be from different moments
  expect(
    now.offerer.pairs.bytesSent - before.offerer.pairs.bytesSent,
    'bytesSent of the candidate pairs in a second',
  ).to.be.at.least(bytesSent / 2);
  expect(
    now.answerer.pairs.bytesReceived - before.answerer.pairs.bytesReceived,
    'bytesReceived of the candidate pairs in a second',
  ).to.be.at.least(bytesReceived / 2);
}
