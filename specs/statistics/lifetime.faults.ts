import { forgotten } from '../breakages/statistics.ts';
import { fault } from '../fault.ts';
import { sides } from '../steps/sides.ts';

for (const [side, stream, counter] of [
  ['offerer', 'outbound-rtp', 'packetsSent'],
  ['answerer', 'inbound-rtp', 'packetsReceived'],
] as const) {
  for (const [name, counts, reason] of [
    ['counts from the beginning', [0, 0], 'is 0, not at least \\d+'],
    ['goes on counting', [1_000_000, 1_000_001], 'is 1000001, not 1000000'],
  ] as const) {
    fault({
      scenario: `statistics/lifetime/${stream}-closed`,
      name: `a closed connection still tells of everything, and ${name}`,
      on: side,
      page: (kit, { member, said }) => {
        let last = new Map<string, Record<string, unknown>>();
        let isClosed = false;
        let nth = -1;
        kit.wrap(RTCPeerConnection.prototype, 'close', (_, args: unknown[], call) => {
          isClosed = true;
          return call(...args);
        });
        kit.changeStatistics((report) => {
          if (!isClosed) {
            last = report;
            return report;
          }
          nth += 1;
          kit.bit();
          const entries = [...last].map(([id, entry]) => [
            id,
            member in entry ? { ...entry, [member]: said[nth] ?? said.at(-1) } : entry,
          ]);
          return new Map(entries as [string, Record<string, unknown>][]);
        });
      },
      arg: { member: counter, said: [...counts] },
      expect: { status: 'fail', phase: 'assert', reason: new RegExp(`${stream}\\.${counter} ${reason}`) },
    });
  }
}

for (const side of sides) {
  fault({
    scenario: `statistics/lifetime/asked-early-by-${side}`,
    name: 'the certificate of this side is forgotten',
    on: side,
    page: forgotten,
    arg: { types: ['transport'], members: ['localCertificateId'] },
    expect: { status: 'fail', phase: 'assert', reason: /transport\.localCertificateId is absent/ },
  });
}
