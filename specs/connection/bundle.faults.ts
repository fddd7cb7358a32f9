import { swappedChannels } from '../breakages/pictures.ts';
import { fault } from '../fault.ts';

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

  for (const policy of ['balanced', 'max-compat', 'max-bundle']) {
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
