import { expect } from 'chai';
import { statuses, type Cell, type Phase, type Run, type Status } from './schema.ts';
import { exampleHeader } from '../report/example.ts';
import { exitCodeOf, isAsDue, isUnexpected } from './totals.ts';

const codes: Readonly<Record<string, string>> = {
  'canary/probe/nonsense-capability': 'lacks-capability',
  'canary/agent/unknown-command': 'unknown-command',
};
const cell = (status: Status, scenario = 'codecs/video/vp8', phase: Phase | null = null): Cell => ({
  scenario,
  offerer: 'chromium',
  answerer: 'firefox',
  status,
  phase,
  reason: status === 'pass' ? null : { code: codes[scenario] ?? 'some-code', message: '', peer: null },
  signature: null,
  startedAt: '2026-11-22T15:00:00.000Z',
  durationMs: 1,
  flaky: false,
  attempts: [],
  checks: [],
  measurements: {},
  evidence: [],
  repro: '',
});
const exit = (cells: Cell[], run: Partial<Pick<Run, 'complete' | 'interrupted' | 'problems'>> = {}): number =>
  exitCodeOf({ run: { ...exampleHeader().run, ...run }, cells });

describe('isUnexpected', () => {
  it('holds for fail, timeout, crash and error, and for nothing else', () => {
    expect(statuses.filter((status) => isUnexpected(cell(status)))).to.deep.equal([
      'fail',
      'timeout',
      'crash',
      'error',
    ]);
  });

  it('holds for a canary that is anything but what it must be, unless it was not run', () => {
    const odd = (scenario: string): Status[] =>
      statuses.filter((status) => !isUnexpected(cell(status, scenario)));
    expect(odd('canary/probe/nonsense-capability')).to.deep.equal(['unsupported', 'notrun']);
    expect(odd('canary/agent/unknown-command')).to.deep.equal(['error', 'notrun']);
  });
});

describe('a canary', () => {
  it('is as due by its reason, not by its status alone', () => {
    const unreachable = { code: 'deadline', message: 'the page did not join', peer: null };
    const canary = cell('error', 'canary/agent/unknown-command');
    expect(isAsDue(canary)).to.equal(true);
    expect(isAsDue({ ...canary, reason: unreachable })).to.equal(false);
    expect(isUnexpected({ ...canary, reason: unreachable })).to.equal(true);
  });
});

describe('exitCodeOf', () => {
  it('is 0 when every cell was reported and nothing is unexpected', () => {
    expect(
      exit([
        cell('pass'),
        cell('unsupported'),
        cell('skipped'),
        cell('error', 'canary/agent/unknown-command'),
      ]),
    ).to.equal(0);
  });

  it('is 1 when something is unexpected, a canary that passes included', () => {
    expect(exit([cell('pass'), cell('fail')])).to.equal(1);
    expect(exit([cell('pass', 'canary/probe/nonsense-capability')])).to.equal(1);
  });

  it('is 1 when an error came that no cell has, although every cell is as it should be', () => {
    expect(exit([cell('pass')], { problems: [{ message: 'it came late', incomplete: false }] })).to.equal(1);
  });

  it('is 3 when the run is incomplete, whatever else happened', () => {
    expect(exit([cell('pass'), cell('fail')], { complete: false })).to.equal(3);
    expect(exit([cell('pass'), cell('notrun')])).to.equal(3);
    expect(exit([cell('pass'), cell('notrun', 'canary/agent/unknown-command')])).to.equal(3);
    expect(exit([cell('pass'), cell('error', 'codecs/video/vp8', 'launch')])).to.equal(3);
  });

  it('is never 0 for a run without cells', () => {
    expect(exit([])).to.equal(3);
  });

  it('is 130 when the run was interrupted', () => {
    expect(exit([cell('fail'), cell('notrun')], { interrupted: true, complete: false })).to.equal(130);
  });
});
