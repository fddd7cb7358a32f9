import { expect } from 'chai';
import {
  Expectations,
  expectationFile,
  type Expectation,
  type ExpectationFile,
} from '../results/expectations.ts';
import type { Cell, Results } from '../results/schema.ts';
import { isUnexpected } from '../results/totals.ts';
import { browser, cell, runOf } from './example.ts';
import { updateExpectations } from './update-expectations.ts';

const fails = cell({ status: 'fail' });
const known: Expectation = {
  scenarios: 'a/**',
  offerer: '*',
  answerer: 'gecko',
  status: 'fail',
  says: 'it did not hold',
  why: 'Written by hand.',
  bug: 'https://example.org/1',
};
const none: ExpectationFile = { expectations: [], lacks: [] };
const update = (file: ExpectationFile, ...runs: Cell[][]) =>
  updateExpectations(
    file,
    runs.map((cells) => runOf(cells)),
  );

describe('an expectation file brought up to date', () => {
  it('gets what all runs agree on, which then excuses these cells', () => {
    const { file, added } = update(none, [fails], [fails]);
    expect(added).to.have.length(1);
    expect(file.expectations).to.deep.equal([
      {
        scenarios: 'a/b/c',
        offerer: 'chromium',
        answerer: 'firefox',
        status: 'fail',
        says: fails.signature,
        why: 'It fails so (2 times of 2).',
      },
    ]);
    expect(isUnexpected(fails, new Expectations(file, runOf([]).browsers))).to.equal(false);
    expect(expectationFile.parse(file)).to.deep.equal(file);
  });

  it('says sometimes of what does not come every time', () => {
    for (const runs of [
      [[fails], [cell()], [fails]],
      [[fails, cell()]],
      [[fails], [cell({ status: 'fail' }, 'for another reason')]],
      [[fails], [cell({ flaky: true, attempts: [{ ...fails }, cell()] })]],
    ]) {
      const { file } = update(none, ...runs);
      expect(file.expectations.map(({ sometimes }) => sometimes)).to.satisfy(
        (all: unknown[]) => all.length > 0 && all.every((each) => each === true),
      );
    }
  });

  it('does not excuse what was run once', () => {
    const { file, seenOnce } = update(none, [fails]);
    expect(file.expectations).to.deep.equal([]);
    expect(seenOnce).to.have.length(1);
  });

  it('never excuses an error of the harness, nor a canary', () => {
    const error = cell({ status: 'error' });
    const canary = cell({ scenario: 'canary/agent/unknown-command', status: 'fail' });
    expect(update(none, [error, canary], [error, canary]).file.expectations).to.deep.equal([]);
  });

  it('keeps what is written by hand where it holds, or nothing was run of it', () => {
    const file = { ...none, expectations: [known, { ...known, scenarios: 'not/run/**' }] };
    expect(update(file, [fails], [fails]).file.expectations).to.deep.equal(file.expectations);
  });

  it('drops what holds no longer, unless it comes sometimes', () => {
    const rare: Expectation = { ...known, sometimes: true };
    const { file, dropped } = update({ ...none, expectations: [known, rare] }, [cell()], [cell()]);
    expect(file.expectations).to.deep.equal([rare]);
    expect(dropped).to.deep.equal([known]);
  });

  it('adds sometimes to what comes now and then', () => {
    const { file, nowSometimes } = update({ ...none, expectations: [known] }, [fails], [cell()]);
    expect(file.expectations).to.deep.equal([{ ...known, sometimes: true }]);
    expect(nowSometimes).to.deep.equal([known]);
  });

  it('tells versions of a browser apart that do different things', () => {
    const older = runOf([fails, fails]);
    const newer = runOf([cell(), cell()], {
      browsers: [browser('chromium'), browser('firefox', '154.0a1', 'firefox')],
    });
    const { file } = updateExpectations(none, [older, newer]);
    expect(
      file.expectations.map(({ offerer, answerer, sometimes }) => [offerer, answerer, sometimes]),
    ).to.deep.equal([['chromium =1.0', 'firefox =153.7.0', undefined]]);
    expect(isUnexpected(fails, new Expectations(file, older.browsers))).to.equal(false);
    expect(isUnexpected(fails, new Expectations(file, newer.browsers))).to.equal(true);
  });

  it('goes by cells of the newest version of a scenario', () => {
    const old = runOf([cell()]);
    const now = runOf([fails, fails], { versions: { 'a/b/c': 2 } });
    expect(updateExpectations(none, [old, now]).file.expectations[0]).not.to.have.property('sometimes');
  });

  describe('lists what browsers lack', () => {
    const probed = (has: Record<string, boolean>, cells: Cell[]): Results => ({
      ...runOf(cells),
      browsers: [browser('chromium'), { ...browser('firefox', '153', 'firefox'), capabilities: { has } }],
    });
    const lacking = (...names: string[]): Cell =>
      cell({ status: 'unsupported' }, `answerer firefox has no ${names.join(', ')}, says its probe`);
    const cells = [
      lacking('RTCPeerConnection', 'H264'),
      lacking('RTCPeerConnection', 'VP8'),
      lacking('WebGL'),
    ];

    it('in as few names as explain every cell, and an entry for each browser', () => {
      const { file, newLacks } = updateExpectations(none, [probed({}, cells)]);
      expect(file.lacks.map(({ browser: id, names }) => [id, names])).to.deep.equal([
        ['chromium', []],
        ['firefox', ['RTCPeerConnection', 'WebGL']],
      ]);
      expect(newLacks).to.deep.equal([{ browser: 'firefox', names: ['RTCPeerConnection', 'WebGL'] }]);
      const now = new Expectations(file, probed({}, []).browsers);
      expect(cells.filter((each) => isUnexpected(each, now))).to.deep.equal([]);
      expect(isUnexpected(lacking('VP8'), now)).to.equal(true);
    });

    it('and not what is there in another run', () => {
      const runs = [probed({ WebGL: false }, [lacking('WebGL')]), probed({ WebGL: true }, [])];
      expect(updateExpectations(none, runs).newLacks).to.deep.equal([]);
    });

    it('keeps what is written by hand, drops what is there, and leaves an installation its own', () => {
      const lacks = [
        { browser: 'gecko', names: ['H264', 'WebGL'], why: 'By hand.' },
        { browser: 'gecko', names: ['WebGL'], why: 'No graphics card.', installation: true as const },
      ];
      const { file, noLongerLacking } = updateExpectations({ ...none, lacks }, [
        probed({ H264: false, WebGL: true }, [lacking('H264')]),
      ]);
      expect(file.lacks.filter(({ browser: id }) => id === 'gecko')).to.deep.equal([
        { ...lacks[0], names: ['H264'] },
        lacks[1],
      ]);
      expect(noLongerLacking).to.deep.equal([{ browser: 'gecko', names: ['WebGL'] }]);
    });
  });
});
