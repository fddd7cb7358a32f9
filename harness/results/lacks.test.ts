import { expect } from 'chai';
import { Expectations, type Expectation } from './expectations.ts';
import type { Lack } from './lacks.ts';
import { missingIn } from './lacks.ts';
import type { Cell } from './schema.ts';
import { exitCodeOf, isUnexpected } from './totals.ts';

const browsers = [
  { id: 'edge', kind: 'edge', version: '156.0' },
  { id: 'nightly', kind: 'firefox', version: '154.0a1' },
];
const lack: Lack = {
  browser: 'gecko',
  names: ['codec:video/H264:send'],
  why: 'No plug-in.',
  installation: true,
};
const chromiumHasAll: Lack = { browser: 'chromium', names: [], why: 'It has all that is asked.' };
const knowing = (...lacks: Lack[]): Expectations => new Expectations({ expectations: [], lacks }, browsers);

const cell = (message: string, changes: Partial<Cell> = {}): Cell => ({
  scenario: 'codecs/video/h264',
  offerer: 'nightly',
  answerer: 'edge',
  status: 'unsupported',
  phase: 'launch',
  reason: { code: 'lacks-capability', message: `${message}, says its probe`, peer: 'offerer' },
  signature: '',
  startedAt: '2026-11-24T00:00:00.000Z',
  durationMs: 1,
  flaky: false,
  attempts: [],
  checks: [],
  measurements: {},
  evidence: [],
  repro: '',
  ...changes,
});

describe('what browsers are known to lack', () => {
  it('is read from the reason, side by side, with names that have commas and semicolons in them', () => {
    const both = cell(
      'offerer nightly has no codec:video/H264;profile-id=1:send, records:video/webm;codecs=vp8,opus; answerer edge has no RTCError',
    );
    expect(missingIn(both)).to.deep.equal([
      {
        browser: 'nightly',
        names: ['codec:video/H264;profile-id=1:send', 'records:video/webm;codecs=vp8,opus'],
      },
      { browser: 'edge', names: ['RTCError'] },
    ]);
  });

  it('makes an unsupported cell expected', () => {
    expect(isUnexpected(cell('offerer nightly has no codec:video/H264:send'), knowing(lack))).to.equal(false);
  });

  it('makes it expected whatever is missing beside that', () => {
    const more = cell(
      'offerer nightly has no codec:video/H264:send, RTCError; answerer edge has no RTCError',
    );
    expect(isUnexpected(more, knowing(lack, chromiumHasAll))).to.equal(false);
  });

  it('makes a cell unexpected that lacks something else: a pass that became unsupported', () => {
    const lost = cell('offerer nightly has no codec:video/VP8:send');
    expect(isUnexpected(lost, knowing(lack))).to.equal(true);
    expect(knowing(lack).lost(lost)).to.equal('nightly is not known to lack codec:video/VP8:send');
    const run = { interrupted: false, complete: true } as Parameters<typeof exitCodeOf>[0]['run'];
    expect(exitCodeOf({ run, cells: [lost] }, knowing(lack))).to.equal(1);
    expect(exitCodeOf({ run, cells: [lost] })).to.equal(0);
  });

  it('is any name that begins as one with a star', () => {
    const interfaces = knowing({ browser: 'gecko', names: ['interface:*'], why: 'They are told elsewhere.' });
    expect(isUnexpected(cell('single nightly has no interface:CropTarget'), interfaces)).to.equal(false);
    expect(isUnexpected(cell('single nightly has no CropTarget'), interfaces)).to.equal(true);
  });

  it('says nothing of browsers that are not named, by versions either', () => {
    const lost = cell('answerer edge has no codec:video/VP8:send');
    expect(isUnexpected(lost, knowing(lack))).to.equal(false);
    expect(isUnexpected(lost, knowing(lack, chromiumHasAll))).to.equal(true);
    expect(isUnexpected(lost, knowing({ ...chromiumHasAll, browser: 'chromium >=157' }))).to.equal(false);
  });

  it('does not explain a cell that does not say what is missing', () => {
    const other = cell('', { reason: { code: 'lacks-capability', message: 'no idea', peer: null } });
    expect(isUnexpected(other, knowing(lack, chromiumHasAll))).to.equal(true);
    expect(isUnexpected(other, knowing(lack))).to.equal(false);
  });
});

describe('an expectation with versions', () => {
  const known: Expectation = {
    scenarios: '**',
    offerer: 'gecko <154',
    answerer: '*',
    status: 'fail',
    says: 'words',
    why: 'It was mended in 154.',
  };
  const failed = cell('', { status: 'fail', signature: 'fail: words' });

  it('excuses these versions only', () => {
    const old = [{ id: 'nightly', kind: 'firefox', version: '153.7.0' }];
    expect(isUnexpected(failed, new Expectations({ expectations: [known] }, old))).to.equal(false);
    expect(isUnexpected(failed, new Expectations({ expectations: [known] }, browsers))).to.equal(true);
  });

  it('excuses a browser once its version is known', () => {
    const unknown = new Expectations({ expectations: [known] }, [{ id: 'nightly', kind: 'firefox' }]);
    expect(isUnexpected(failed, unknown)).to.equal(true);
    unknown.learn({ id: 'nightly', version: '153.7.0', engine: 'gecko' });
    expect(isUnexpected(failed, unknown)).to.equal(false);
  });
});

describe('a pass that needed a further attempt', () => {
  const flaky = cell('', { status: 'pass', phase: null, reason: null, signature: null, flaky: true });

  it('is unexpected with --fail-on-flaky only, and decides the exit code', () => {
    const run = { interrupted: false, complete: true } as Parameters<typeof exitCodeOf>[0]['run'];
    const failing = new Expectations({ expectations: [] }, browsers, { failOnFlaky: true });
    expect(exitCodeOf({ run, cells: [flaky] })).to.equal(0);
    expect(exitCodeOf({ run, cells: [flaky] }, failing)).to.equal(1);
    expect(exitCodeOf({ run, cells: [{ ...flaky, flaky: false }] }, failing)).to.equal(0);
  });
});
