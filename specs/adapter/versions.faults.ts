import { fault } from '../fault.ts';
import { adapterBreaksRemoveTrack, adapterIsAbsent, faultOfAbsence } from './breakages.ts';
import { versions } from './steps.ts';

const builds = [...versions, 'given'] as const;

for (const build of builds) {
  fault({
    scenario: `adapter/versions/call-${String(build)}`,
    name: 'adapter did not load on the answerer',
    on: 'answerer',
    timeoutMs: 20_000,
    page: adapterIsAbsent,
    expect: { status: 'fail', phase: 'assert', reason: /adapter on the answerer/ },
  });
}

for (const build of builds.slice(1)) faultOfAbsence(`adapter/versions/shims-${String(build)}`);

fault({
  scenario: 'adapter/versions/shims-7',
  name: 'that version breaks removeTrack',
  on: 'single',
  timeoutMs: 40_000,
  afterAdapter: true,
  page: adapterBreaksRemoveTrack,
  expect: {
    status: 'fail',
    phase: 'assert',
    reason: /works without adapter 7 and not with it:.*shimAddTrackRemoveTrack: remove-track/,
  },
});
