import { swappedChannels } from '../breakages/pictures.ts';
import { fault } from '../fault.ts';
import type { Kit } from '../kit/kit.ts';

/** A configuration that asks for one policy is taken for one that asks for another. */
const takesPolicyFor = (kit: Kit, { policy, taken }: Record<'policy' | 'taken', RTCBundlePolicy>): void =>
  kit.construct('RTCPeerConnection', ([configuration]: [RTCConfiguration?], make) => {
    if (configuration?.bundlePolicy !== policy) return make(configuration);
    kit.bit();
    return make({ ...configuration, bundlePolicy: taken });
  });

// only Firefox offers bundle-only m-lines
for (const [policy, taken] of [
  ['balanced', 'max-compat'],
  ['max-bundle', 'balanced'],
  ['max-compat', 'balanced'],
] as const) {
  fault({
    scenario: `connection/bundle/${policy}-offered`,
    name: 'another policy is in force',
    on: 'single',
    pair: ['firefox', 'firefox'],
    page: takesPolicyFor,
    arg: { policy, taken },
    expect: { status: 'fail', phase: 'assert', reason: /m-lines of the offer/ },
  });
}

fault({
  scenario: 'connection/bundle/max-compat-offered',
  name: 'one is bundle-only, and has a port',
  on: 'single',
  page: (kit) =>
    kit.rewriteSdp({ at: 'made', type: 'offer' }, (sdp) =>
      sdp.replace(/^a=mid:1\r\n/m, '$&a=bundle-only\r\n'),
    ),
  expect: { status: 'fail', phase: 'assert', reason: /video: bundle-only, and a port/ },
});

for (const [side, other] of [
  ['offerer', 'answerer'],
  ['answerer', 'offerer'],
] as const) {
  fault({
    scenario: `connection/bundle/added-by-${side}`,
    name: `the ${other} answers with two roles`,
    on: other,
    page: (kit) =>
      kit.rewriteSdp({ at: 'said', type: 'answer' }, (sdp) =>
        sdp.replace(
          /(^m=video[^]*?^a=setup:)(active|passive)/m,
          (_, head: string, role: string) => `${head}${role === 'active' ? 'passive' : 'active'}`,
        ),
      ),
    expect: { status: 'fail', phase: 'assert', reason: new RegExp(`DTLS roles that the ${other} answers`) },
    timeoutMs: 10_000,
  });

  fault({
    scenario: `connection/bundle/added-by-${side}`,
    name: 'the picture is another one',
    on: side,
    page: swappedChannels,
    arg: { place: 'sent' },
    expect: { status: 'fail', phase: 'assert', reason: /colour error/ },
  });

  for (const [policy, taken, reason] of [
    ['max-bundle', 'max-compat', /before an answer: expected 3 to equal 1/],
    ['max-compat', 'max-bundle', /before an answer: expected 1 to equal 3/],
  ] as const) {
    fault({
      scenario: `connection/bundle/${policy}-at-${side}`,
      name: 'another policy is in force',
      on: side,
      page: takesPolicyFor,
      arg: { policy, taken },
      expect: { status: 'fail', phase: 'assert', reason },
    });
  }

  fault({
    scenario: `connection/bundle/balanced-at-${side}`,
    name: 'another policy is in force',
    on: side,
    pair: ['firefox', 'firefox'],
    page: takesPolicyFor,
    arg: { policy: 'balanced', taken: 'max-bundle' },
    expect: { status: 'fail', phase: 'assert', reason: /before an answer: expected 1 to equal 2/ },
  });

  for (const policy of ['max-compat', 'max-bundle']) {
    fault({
      scenario: `connection/bundle/${policy}-at-${side}`,
      name: 'the answer has no bundle',
      on: 'answerer',
      page: (kit) =>
        kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) =>
          sdp.replaceAll(/^a=group:BUNDLE.*\r\n/gm, ''),
        ),
      expect:
        policy === 'max-bundle'
          ? { status: 'fail', phase: 'sdp', reason: /bundle group/i }
          : { status: 'fail', phase: 'assert', reason: /transports at the offerer/ },
      timeoutMs: 15_000,
    });
  }
}

fault({
  scenario: 'connection/bundle/stripped',
  name: 'the answerer hears of a bundle',
  on: 'answerer',
  page: (kit) =>
    kit.rewriteSdp({ at: 'heard', type: 'offer' }, (sdp) =>
      sdp.replace(/^(?=m=)/m, 'a=group:BUNDLE 0 1\r\n'),
    ),
  expect: { status: 'fail', phase: 'assert', reason: /transports at the offerer/ },
  timeoutMs: 10_000,
});
