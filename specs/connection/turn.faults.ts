import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

/** A connection that is told to keep to relays does not. */
const onAllPaths = (kit: Kit) =>
  kit.construct('RTCPeerConnection', ([configuration]: [RTCConfiguration?], make) => {
    if (configuration?.iceTransportPolicy !== 'relay') return make(configuration);
    kit.bit();
    return make({ ...configuration, iceTransportPolicy: 'all' });
  });

for (const offers of ['udp', 'tcp', 'tls', 'none']) {
  for (const answers of ['udp', 'tcp', 'tls', 'none']) {
    if (offers === 'none' && answers === 'none') continue;
    // TLS is asked about with itself and alone
    if ([offers, answers].includes('tls') && ![offers, answers].every((way) => ['tls', 'none'].includes(way)))
      continue;
    const on = offers === 'none' ? 'answerer' : 'offerer';
    fault({
      scenario: `connection/turn/${offers}-with-${answers}`,
      name: 'the call does not keep to the relay',
      on,
      page: onAllPaths,
      expect: {
        status: 'fail',
        phase: 'assert',
        reason: new RegExp(`the type of the candidate that the ${on} uses`),
      },
      timeoutMs: 10_000,
    });
  }
}

for (const transport of ['udp', 'tcp'])
  fault({
    scenario: `connection/turn/${transport}-over-ipv6`,
    name: 'the call does not keep to the relay',
    on: 'offerer',
    page: onAllPaths,
    expect: { status: 'fail', phase: 'assert', reason: /the type of the candidate that the offerer uses/ },
    timeoutMs: 10_000,
  });

for (const transport of ['udp', 'tcp']) {
  fault({
    scenario: `connection/turn/${transport}-dies`,
    name: 'what is sent without a relay comes changed',
    on: 'offerer',
    page: (kit) => kit.changeSent((data) => (data === 'into the void' ? 'into thin air' : data)),
    expect: { status: 'fail', phase: 'assert', reason: /what the answerer received: .*into thin air/ },
    timeoutMs: 15_000,
  });
}

for (const name of [
  'wrong-password',
  'forbidden',
  'mismatch',
  'stale',
  'no-such-transport',
  'quota',
  'full',
  'gone',
  'untrusted',
]) {
  fault({
    scenario: `connection/turn/${name}`,
    name: 'nobody is told',
    on: 'single',
    page: (kit) => kit.dropEvent({ on: 'RTCPeerConnection', type: 'icecandidateerror' }),
    expect: { status: 'fail', phase: 'assert', reason: /codes of icecandidateerror/ },
    timeoutMs: 15_000,
  });
}

for (const [name, browser] of [
  ['alternate-udp', 'chromium'],
  ['alternate-tcp', 'chromium'],
  ['alternate-after-login', 'firefox'],
] as const) {
  fault({
    scenario: `connection/turn/${name}`,
    name: 'the relay is not told',
    on: 'single',
    pair: [browser, browser],
    page: (kit) =>
      kit.onEvent({ on: 'RTCPeerConnection', type: 'icecandidate' }, ({ event, deliver }) => {
        if (event instanceof RTCPeerConnectionIceEvent && event.candidate?.type === 'relay') kit.bit();
        else deliver();
      }),
    expect: { status: 'fail', phase: 'assert', reason: /types of the candidates/ },
  });
}

fault({
  scenario: 'connection/turn/stale-in-call',
  name: 'what is sent comes changed',
  on: 'offerer',
  page: (kit) => kit.changeSent((data) => (typeof data === 'string' ? `${data}?` : data)),
  expect: { status: 'fail', phase: 'assert', reason: /what the answerer received/ },
});

fault({
  scenario: 'connection/turn/stale-once',
  name: 'the server is not asked',
  on: 'single',
  page: (kit) =>
    kit.construct('RTCPeerConnection', ([configuration]: [RTCConfiguration?], make) => {
      kit.bit();
      return make({ ...configuration, iceServers: [] });
    }),
  expect: { status: 'fail', phase: 'assert', reason: /what the server answered: expected \[\]/ },
});

fault({
  scenario: 'connection/turn/reason-text',
  name: 'nobody is told',
  on: 'single',
  page: (kit) => kit.dropEvent({ on: 'RTCPeerConnection', type: 'icecandidateerror' }),
  expect: { status: 'fail', phase: 'assert', reason: /texts of icecandidateerror: expected \[\]/ },
});
