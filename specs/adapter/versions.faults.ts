import { fault } from '../fault.ts';
import { adapterIsAbsent } from './absent.ts';
import { versions } from './steps.ts';

for (const version of versions) {
  fault({
    scenario: `adapter/versions/call-${String(version)}`,
    name: 'adapter did not load on the answerer',
    on: 'answerer',
    timeoutMs: 20_000,
    page: adapterIsAbsent,
    expect: { status: 'fail', phase: 'assert', reason: /adapter on the answerer/ },
  });
}

for (const version of versions.slice(1)) {
  fault({
    scenario: `adapter/versions/shims-${String(version)}`,
    name: 'adapter did not load',
    on: 'single',
    timeoutMs: 20_000,
    page: adapterIsAbsent,
    expect: { status: 'fail', phase: 'assert', reason: /the browser that adapter detected/ },
  });
}

fault({
  scenario: 'adapter/versions/shims-7',
  name: 'that version breaks removeTrack',
  on: 'single',
  timeoutMs: 40_000,
  page: () => {
    document.addEventListener(
      'load',
      ({ target }) => {
        if (!(target instanceof HTMLScriptElement) || !target.src.includes('/adapter/')) return;
        RTCPeerConnection.prototype.removeTrack = () => undefined;
      },
      true,
    );
  },
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /what works without adapter 7 and not with it.*shimAddTrackRemoveTrack/,
  },
});
