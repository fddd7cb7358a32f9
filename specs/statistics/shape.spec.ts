import { expect } from 'chai';
import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { connect, report, send, soundAndPicture, type Entry } from './steps.ts';

const webrtc = 'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats';
const statsModel = 'https://www.w3.org/TR/webrtc-stats/#guidelines-for-design-of-stats-objects';

/** Members that name another dictionary, and the types that it may have. */
const references: Readonly<Record<string, readonly string[]>> = {
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

/** Counters and sums, which never fall. */
const rising =
  /^(?:packets(?:Sent|Received)|(?:header)?[bB]ytes(?:Sent|Received)|frames(?:Sent|Encoded|Received|Decoded)|total[A-Z]\w+|(?:nack|pli|fir)Count|jitterBufferEmittedCount|(?:requests|responses)(?:Sent|Received))$/;

const name = (entry: Entry, member: string) => `${String(entry['type'])}.${member}`;

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/shape/references',
    title: 'Statistics that lead to others',
    asks: 'Does every member that names other statistics name some of the right type, and does an id of a report stay what it was?',
    specs: [webrtc, statsModel],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    for (const side of sides) {
      const first = await report(pair[side]);
      await pair[side].run(
        ({ connection }, before) =>
          connection.stats('transport', ({ timestamp }) => timestamp > before, 'statistics of a later time'),
        Math.max(...first.map(({ timestamp }) => Number(timestamp))),
      );
      const second = await report(pair[side]);
      const types = new Map(second.map(({ id, type }) => [id, String(type)]));
      const lost = second.flatMap((entry) =>
        Object.entries(references).flatMap(([member, due]) =>
          member in entry && !due.includes(types.get(entry[member]) ?? 'nothing')
            ? [name(entry, member)]
            : [],
        ),
      );
      expect([...new Set(lost)], `references that lead nowhere at the ${side}`).to.deep.equal([]);
      const renamed = first.filter(({ id, type }) => type !== 'codec' && types.get(id) !== type);
      expect(
        renamed.map(({ type }) => type),
        `statistics whose id is gone at the ${side}`,
      ).to.deep.equal([]);
    }
  },
);

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/shape/rising',
    title: 'Statistics as time goes by',
    asks: 'Is the timestamp of statistics the time of the clock in milliseconds, and does no counter and no sum fall?',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcstats-timestamp', statsModel],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    for (const side of sides) {
      const { reports, late } = await pair[side].run(async ({ connection, waitFor }) => {
        const reports: Entry[][] = [];
        const late: number[] = [];
        await waitFor({
          name: 'ten reports',
          phase: 'media',
          probe: async () => {
            const asked = performance.timeOrigin + performance.now();
            const all: Entry[] = [...(await connection.pc.getStats()).values()];
            for (const { type, timestamp } of all) {
              // those that the other side has told are of its time
              if (!String(type).startsWith('remote-')) late.push(Number(timestamp) - asked);
            }
            reports.push(all);
            return reports.length === 10;
          },
          triggers: [{ everyMs: 60 }],
        });
        return { reports, late };
      });
      const [least, most] = [Math.min(...late), Math.max(...late)];
      expect(least, `milliseconds from the clock to the earliest timestamp at the ${side}`).to.be.above(
        -1000,
      );
      expect(most, `milliseconds from the clock to the latest timestamp at the ${side}`).to.be.below(1000);
      const fallen = reports.slice(1).flatMap((all, at) =>
        all.flatMap((entry) => {
          const before = reports[at]?.find(({ id }) => id === entry['id']) ?? {};
          return Object.entries(entry).flatMap(([member, value]) =>
            rising.test(member) && Number(value) < Number(before[member]) ? [name(entry, member)] : [],
          );
        }),
      );
      expect([...new Set(fallen)], `counters that have fallen at the ${side}`).to.deep.equal([]);
    }
  },
);

/** What webrtc-pc has every browser tell of a call with sound and picture, by side, type and type of the member. */
const mandatory: Record<Side, Record<string, Record<'string' | 'number', string[]>>> = {
  offerer: {
    'outbound-rtp': {
      string: ['kind', 'transportId', 'codecId', 'mediaSourceId', 'remoteId'],
      number: ['ssrc', 'packetsSent', 'bytesSent', 'nackCount', 'pliCount', 'firCount', 'framesEncoded'],
    },
    'media-source': {
      string: ['kind', 'trackIdentifier'],
      number: [
        'width',
        'height',
        'framesPerSecond',
        'audioLevel',
        'totalAudioEnergy',
        'totalSamplesDuration',
      ],
    },
    'remote-inbound-rtp': {
      string: ['kind', 'localId', 'transportId', 'codecId'],
      number: ['ssrc', 'packetsLost', 'jitter', 'roundTripTime', 'fractionLost'],
    },
  },
  answerer: {
    'inbound-rtp': {
      string: ['kind', 'transportId', 'codecId', 'trackIdentifier', 'remoteId'],
      number: [
        'ssrc',
        'packetsReceived',
        'packetsLost',
        'jitter',
        'bytesReceived',
        'packetsDiscarded',
        'framesDecoded',
        'nackCount',
        'pliCount',
        'firCount',
        'audioLevel',
        'totalAudioEnergy',
        'totalSamplesDuration',
      ],
    },
    'remote-outbound-rtp': {
      string: ['kind', 'localId', 'transportId', 'codecId'],
      number: ['ssrc', 'packetsSent', 'bytesSent', 'remoteTimestamp'],
    },
    codec: { string: ['mimeType'], number: ['payloadType', 'clockRate', 'channels'] },
    transport: {
      string: ['selectedCandidatePairId', 'localCertificateId', 'remoteCertificateId'],
      number: ['bytesSent', 'bytesReceived'],
    },
    'candidate-pair': {
      string: ['transportId', 'localCandidateId', 'remoteCandidateId', 'state'],
      number: [
        'bytesSent',
        'bytesReceived',
        'totalRoundTripTime',
        'responsesReceived',
        'currentRoundTripTime',
      ],
    },
    'local-candidate': { string: ['address', 'protocol', 'candidateType'], number: ['port'] },
    'remote-candidate': { string: ['address', 'protocol', 'candidateType'], number: ['port'] },
    certificate: { string: ['fingerprint', 'fingerprintAlgorithm', 'base64Certificate'], number: [] },
    'peer-connection': { string: [], number: ['dataChannelsOpened', 'dataChannelsClosed'] },
  },
};

for (const side of sides) {
  for (const [type, members] of Object.entries(mandatory[side])) {
    scenario(
      {
        ...soundAndPicture,
        id: `statistics/members/${type}`,
        title: `The members of ${type}`,
        asks: `Does ${type} have the members that every browser has to tell, each of its type?`,
        specs: [webrtc],
      },
      async (pair) => {
        await connect(pair);
        await send(pair, 'both');
        const asked = Object.entries(members).flatMap(([due, names]) =>
          names.map((member) => ({ member, due })),
        );
        // the first reports of RTCP come after seconds
        const missing = await pair[side].run(
          async ({ connection, waitFor }, { wanted, all }) => {
            const began = performance.now();
            return waitFor({
              name: `statistics of ${wanted}`,
              phase: 'media',
              probe: async () => {
                const entries: Record<string, unknown>[] = [...(await connection.pc.getStats()).values()];
                const own = entries.filter(({ type }) => type === wanted);
                const left = all.flatMap(({ member, due }) =>
                  own.some((entry) => typeof entry[member] === due) ? [] : [`${wanted}.${member}`],
                );
                return (left.length === 0 || performance.now() - began > 4000) && left;
              },
              triggers: [{ everyMs: 100 }],
            });
          },
          { wanted: type, all: asked },
        );
        expect(missing, `members that are not there, or of another type, at the ${side}`).to.deep.equal([]);
      },
    );
  }
}
