import { expect } from 'chai';
import { allFiles, closuresOf, faultTests, reachedBy, type Closures } from './changed.ts';

describe('the tests that a change can have broken', () => {
  let all: string[];
  let closures: Closures;
  before(async function () {
    this.timeout(60_000);
    all = await allFiles();
    closures = await closuresOf(all);
  });
  const reached = (...changed: string[]) => reachedBy(changed, all, closures);

  it('are the unit tests that import what changed, and no others', () => {
    const { units, pages } = reached('fixtures/signaling/door.ts');
    expect(units).to.include('fixtures/signaling/door.test.ts');
    expect(units).not.to.include('harness/drivers/version.test.ts');
    expect(pages).to.equal(false);
  });

  it('are the faults of one scenario file where only that changed', () => {
    const { faults, browsers } = reached('specs/data-channels/order.spec.ts');
    expect(faults).to.deep.equal(['specs/data-channels/order.faults.ts']);
    expect(browsers).to.include(faultTests);
  });

  it('are the faults of all that share a step', () => {
    const { faults } = reached('specs/data-channels/steps.ts');
    expect(faults).to.include('specs/data-channels/order.faults.ts');
    expect(faults).not.to.include('specs/codecs/video.faults.ts');
  });

  it('are all faults, and all that the command line runs, where the page changed', () => {
    const { faults, browsers } = reached('fixtures/peer-page/wait.ts');
    expect(faults).to.deep.equal(all.filter((path) => path.endsWith('.faults.ts')));
    expect(browsers).to.include('harness/cli/cli.e2e.test.ts');
    expect(browsers).not.to.include('harness/drivers/conformance.alone.e2e.test.ts');
  });

  it('are the pages where their style changed, which no import names', () => {
    expect(reached('harness/report/html/style.css').pages).to.equal(true);
  });

  it('are all where a package changed, and none where only words did', () => {
    const { units, browsers } = reached('package-lock.json');
    expect(units).to.deep.equal(
      all.filter((path) => path.endsWith('.test.ts') && !path.endsWith('.e2e.test.ts')),
    );
    expect(browsers).to.deep.equal(all.filter((path) => path.endsWith('.e2e.test.ts')));
    expect(reached('README.md', 'docs/field-notes.md')).to.deep.equal({
      units: [],
      pages: false,
      browsers: [],
      faults: [],
    });
  });
});
