import { swappedChannels } from '../breakages/pictures.ts';
import { rewriteLines } from '../breakages/sdp.ts';
import { fault } from '../fault.ts';
import { sides } from '../steps/sides.ts';

for (const [name, reason] of [
  ['read-host', 'the members'],
  ['read-ipv6', 'the members'],
  ['read-mdns', 'the members'],
  ['read-srflx', 'the members'],
  ['read-prflx', 'the members'],
  ['read-relay', 'the members'],
  ['read-tcp-active', 'the members'],
  ['read-tcp-passive', 'the members'],
  ['found-host', 'the members of'],
  ['found-srflx', 'the members of'],
  ['found-relay-udp', 'the members of'],
  ['found-relay-tcp', 'the members of'],
] as const) {
  fault({
    scenario: `connection/candidate/${name}`,
    name: 'the port is another one',
    on: 'single',
    // Chromium reads IPv6 wrongly even without this fault
    pair: name === 'read-ipv6' ? ['firefox', 'firefox'] : ['chromium', 'chromium'],
    page: (kit) =>
      kit.property(RTCIceCandidate.prototype, 'port', {
        get: (_, port) => {
          kit.bit();
          return typeof port === 'number' ? port + 1 : port;
        },
      }),
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(reason) },
  });
}

for (const name of ['tcp-only', 'ipv6-only'])
  fault({
    scenario: `connection/candidate/${name}`,
    name: 'the picture is another one',
    on: 'offerer',
    page: swappedChannels,
    arg: { place: 'sent' },
    expect: { status: 'fail', phase: 'assert', reason: /colour error/ },
    timeoutMs: 10_000,
  });

fault({
  scenario: 'connection/candidate/ipv6-only',
  name: 'statistics say that the pair in use is of IPv4',
  on: 'answerer',
  page: (kit) =>
    kit.changeStatistics((report) => {
      for (const entry of report.values())
        if (typeof entry['address'] === 'string') {
          kit.bit();
          entry['address'] = '192.0.2.1';
        }
      return report;
    }),
  expect: { status: 'fail', phase: 'assert', reason: /addresses of the pair that the answerer uses/ },
  timeoutMs: 10_000,
});

for (const transport of ['udp', 'tcp']) {
  fault({
    scenario: `connection/candidate/relay-protocol-${transport}`,
    name: 'the protocol is another one',
    on: 'single',
    page: (kit) =>
      Object.defineProperty(RTCIceCandidate.prototype, 'relayProtocol', {
        get: () => {
          kit.bit();
          return 'dtls';
        },
      }),
    expect: { status: 'fail', phase: 'assert', reason: /relayProtocol and url: .*relayProtocol: 'dtls'/ },
  });
}

for (const side of sides) {
  fault({
    scenario: `connection/candidate/mdns-of-${side}`,
    name: 'TCP candidates tell an address',
    on: side,
    // Chromium tells none of them
    pair: ['firefox', 'firefox'],
    page: (kit) =>
      kit.wrap(
        RTCIceCandidate.prototype,
        'toJSON',
        (_, args: unknown[], toJSON: (...args: readonly unknown[]) => RTCIceCandidateInit) => {
          const told = toJSON(...args);
          if (told.candidate?.includes(' TCP ') !== true) return told;
          kit.bit();
          return { ...told, candidate: told.candidate.replace(/\S+\.local/, '192.0.2.1') };
        },
      ),
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`addresses in candidates of the ${side} that are not hidden: .*192\\.0\\.2\\.1`),
    },
    timeoutMs: 15_000,
  });

  fault({
    scenario: `connection/candidate/mdns-of-${side}`,
    name: 'a description tells an address',
    on: side,
    page: rewriteLines,
    arg: { at: 'said', from: '^c=IN IP4 .*\\r$', to: 'c=IN IP4 192.0.2.1\r' },
    expect: {
      status: 'fail',
      phase: 'assert',
      reason: new RegExp(`addresses in descriptions of the ${side} that are not hidden: .*192\\.0\\.2\\.1`),
    },
    timeoutMs: 15_000,
  });
}
