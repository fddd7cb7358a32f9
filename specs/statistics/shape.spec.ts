import { scenario } from '../scenario.ts';
import { sides, type Side } from '../steps/sides.ts';
import { connect, references, report, send, soundAndPicture, type Entry } from './steps.ts';

const webrtc = 'https://www.w3.org/TR/webrtc/#mandatory-to-implement-stats';
const statsModel = 'https://www.w3.org/TR/webrtc-stats/#guidelines-for-design-of-stats-objects';

/** Counters and sums, which never fall. */
const rising =
  /^(?:packets(?:Sent|Received)|(?:header)?[bB]ytes(?:Sent|Received)|frames(?:Sent|Encoded|Received|Decoded)|total[A-Z]\w+|(?:nack|pli|fir)Count|jitterBufferEmittedCount|(?:requests|responses)(?:Sent|Received))$/;

/** The members of those dictionaries, by type, with everything that was found of each. */
function byMember<Found>(
  entries: readonly Entry[],
  look: (member: string, value: unknown, entry: Entry) => Found | undefined,
): { type: string; member: string; found: Found[] }[] {
  const all = new Map<string, { type: string; member: string; found: Found[] }>();
  for (const entry of entries) {
    for (const [member, value] of Object.entries(entry)) {
      const found = look(member, value, entry);
      if (found === undefined) continue;
      const type = String(entry['type']);
      const key = `${type}.${member}`;
      const known = all.get(key) ?? { type, member, found: [] };
      all.set(key, { ...known, found: [...known.found, found] });
    }
  }
  return [...all.values()];
}

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/shape/references',
    title: 'Statistics that refer to others',
    asks: 'Does every member that refers to other statistics refer to some of the right type, and does an id keep its type in a later report?',
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
      for (const { type, member, found } of byMember(second, (member, value) =>
        member in references ? (types.get(value) ?? 'nothing') : undefined,
      )) {
        const due = references[member] ?? [];
        const lost = found.find((of) => !due.includes(of));
        pair.claim({
          peer: side,
          dictionary: type,
          member,
          actual: lost ?? found[0],
          expected: due.join(' or '),
          holds: lost === undefined,
          of: 'what it leads to',
        });
      }
      // a codec disappears with what uses it
      const lasting = first.filter(({ type }) => type !== 'codec');
      for (const { type, found } of byMember(lasting, (member, value) =>
        member === 'id' ? (types.get(value) ?? 'gone') : undefined,
      )) {
        const other = found.find((of) => of !== type);
        pair.claim({
          peer: side,
          dictionary: type,
          member: 'id',
          actual: other ?? type,
          expected: type,
          of: 'what it leads to in the next report',
        });
      }
    }
  },
);

scenario(
  {
    ...soundAndPicture,
    id: 'statistics/shape/rising',
    title: 'Timestamps and counters over time',
    asks: 'Is the timestamp of statistics the time of the clock, in milliseconds, and does no counter or sum ever fall?',
    specs: ['https://www.w3.org/TR/webrtc/#dom-rtcstats-timestamp', statsModel],
  },
  async (pair) => {
    await connect(pair);
    await send(pair, 'both');
    for (const side of sides) {
      const reports = await pair[side].run(async ({ connection, waitFor }) => {
        const all: { askedAt: number; entries: Entry[] }[] = [];
        return waitFor({
          name: 'ten reports',
          phase: 'media',
          probe: async () => {
            const askedAt = performance.timeOrigin + performance.now();
            all.push({ askedAt, entries: [...(await connection.pc.getStats()).values()] });
            return all.length === 10 && all;
          },
          triggers: [{ everyMs: 60 }],
        });
      });
      const late = reports.flatMap(({ askedAt, entries }) =>
        entries.map((entry) => ({ ...entry, timestamp: Number(entry['timestamp']) - askedAt })),
      );
      for (const { type, found } of byMember(late, (member, value) =>
        member === 'timestamp' ? Number(value) : undefined,
      )) {
        // those reported by the other side carry that side's time
        if (type.startsWith('remote-')) continue;
        pair.claim({
          peer: side,
          dictionary: type,
          member: 'timestamp',
          actual: found.toSorted((one, other) => Math.abs(other) - Math.abs(one))[0],
          expected: { least: -1000, most: 1000 },
          unit: 'ms',
          of: 'the clock when it was asked for',
          paced: true,
        });
      }
      const last = new Map<string, number>();
      const steps = reports.flatMap(({ entries }) => entries);
      for (const { type, member, found } of byMember(steps, (member, value, { id }) => {
        if (!rising.test(member) || typeof value !== 'number') return undefined;
        const place = `${String(id)} ${member}`;
        const before = last.get(place) ?? value;
        last.set(place, value);
        return value - before;
      })) {
        const fall = found.find((step) => step < 0);
        pair.claim({
          peer: side,
          dictionary: type,
          member,
          actual: fall ?? found.reduce((sum, step) => sum + step, 0),
          expected: { least: 0 },
          of: 'how it rises in ten reports',
        });
      }
    }
  },
);

/** What webrtc-pc requires every browser to report of a call with sound and picture, by side, type and type of the member. */
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
        title: `Members of ${type}`,
        asks: `Does ${type} have the members that every browser must report, each of the right type?`,
        specs: [webrtc],
      },
      async (pair) => {
        await connect(pair);
        await send(pair, 'both');
        const asked = Object.entries(members).flatMap(([due, names]) =>
          names.map((member) => ({ member, due })),
        );
        // what the other side tells comes by RTCP, some seconds later; all else is there within one
        const reported = asked.filter(({ member }) => type.startsWith('remote-') || member === 'remoteId');
        const entries = await pair[side].run(
          async ({ connection, waitFor }, { wanted, all, late }) => {
            const began = performance.now();
            return waitFor({
              name: `statistics of ${wanted}`,
              phase: 'media',
              probe: async () => {
                const found: Entry[] = [...(await connection.pc.getStats()).values()];
                const own = found.filter(({ type }) => type === wanted);
                const has = ({ member, due }: { member: string; due: string }) =>
                  own.some((entry) => typeof entry[member] === due);
                const mostMs = late.every(has) ? 1000 : 4000;
                return (all.every(has) || performance.now() - began > mostMs) && own;
              },
              triggers: [{ everyMs: 100 }],
            });
          },
          { wanted: type, all: asked, late: reported },
        );
        for (const { member, due } of asked) {
          const types = entries.flatMap(({ [member]: value }) =>
            value === undefined ? [] : [value === null ? 'null' : typeof value],
          );
          pair.claim({
            peer: side,
            dictionary: type,
            member,
            actual: types.find((of) => of === due) ?? types[0],
            expected: due,
            of: 'what it is',
          });
        }
      },
    );
  }
}
