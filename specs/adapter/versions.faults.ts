import { fault } from '../fault.ts';
import { adapterBreaksRemoveTrack, adapterIsAbsent, faultOfAbsence } from './breakages.ts';
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

for (const version of versions.slice(1)) faultOfAbsence(`adapter/versions/shims-${String(version)}`);

fault({
  scenario: 'adapter/versions/shims-7',
  name: 'that version breaks removeTrack',
  on: 'single',
  timeoutMs: 40_000,
  page: adapterBreaksRemoveTrack,
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /what works without adapter 7 and not with it.*shimAddTrackRemoveTrack/,
  },
});
