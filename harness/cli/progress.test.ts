import { expect } from 'chai';
import { PassThrough } from 'node:stream';
import { stripVTControlCharacters } from 'node:util';
import { LaunchError } from '../errors.ts';
import { Expectations, noExpectations } from '../results/expectations.ts';
import type { Cell } from '../results/schema.ts';
import { showProgress } from './progress.ts';

const pair = { scenario: 'codecs/video/vp8', offerer: 'chromium', answerer: 'firefox' };
const cell = (changes: Partial<Cell> = {}): Cell => ({
  ...pair,
  status: 'pass',
  phase: null,
  reason: null,
  signature: null,
  startedAt: '2026-11-24T00:00:00.000Z',
  durationMs: 1234,
  flaky: false,
  attempts: [],
  checks: [],
  measurements: {},
  evidence: [],
  repro: '',
  ...changes,
});
const because = (code: string, message: string): Pick<Cell, 'reason'> => ({
  reason: { code, message, peer: null },
});

/** Progress on a stream, and what the stream was told, without colours. */
function shown(live: boolean, planned = 2, expectations = noExpectations) {
  const stream = Object.assign(new PassThrough(), { isTTY: live, columns: 31 });
  const progress = showProgress(planned, expectations, stream, live);
  const text = (): string => stripVTControlCharacters(String(stream.read() ?? ''));
  return { progress, text };
}

describe('progress', () => {
  it('is a plain line for each failure where there is no terminal, and none for a pass', () => {
    const { progress, text } = shown(false);
    progress.cellStarted?.(pair);
    progress.cellFinished?.(cell());
    progress.cellFinished?.(cell({ status: 'fail', phase: 'assert', ...because('assertion', 'a check') }));
    expect(text()).to.equal(
      'fail        codecs/video/vp8  chromium → firefox  1.2 s\n            assert: a check\n',
    );
  });

  it('says on a terminal what runs now, how much is done and how much time is left, no wider than it', () => {
    const { progress, text } = shown(true);
    expect(text()).to.match(/the browsers start\n0 of 2 cells\n/);
    progress.cellStarted?.(pair);
    expect(text()).to.match(/ {2}▸ codecs\/video\/vp8 {2}chromium\n/);
    progress.cellFinished?.(cell());
    expect(text()).to.match(/1 of 2 cells, about \d+ s left/);
    progress.cellFinished?.(cell({ status: 'fail', phase: 'assert', ...because('assertion', 'a check') }));
    expect(text()).to.match(/fail +codecs[^]*assert: a check\n[^]*2 of 2 cells, 1 unexpected/);
  });

  it('says once why a browser will not start, however many cells wait for it', () => {
    const { progress, text } = shown(false);
    const error = new LaunchError('launch-failed', 'gone: it did not start.\nIts last words');
    const missing = cell({ status: 'notrun', phase: 'launch', ...because(error.code, error.message) });
    progress.browserFailed?.('gone', error);
    progress.cellFinished?.(missing);
    progress.cellFinished?.(missing);
    const said = text();
    expect(said.match(/Its last words/g)).to.have.length(1);
    expect(said.match(/^notrun/gm)).to.equal(null);
  });

  it('says once of a pair that lost its support so, and takes none of its cells for the pace', () => {
    const lacks = {
      reason: { code: 'lacks-capability', message: 'offerer a has no B, says its probe', peer: null },
    };
    const known = new Expectations(
      { expectations: [], lacks: [{ browser: 'chromium', names: [], why: 'It has all.' }] },
      [{ id: 'chromium', kind: 'chromium' }],
    );
    const { progress, text } = shown(true, 5, known);
    const standsFor = ['a/b/one', 'a/b/two', 'a/b/three'];
    text();
    for (const scenario of standsFor)
      progress.cellFinished?.(
        cell({ scenario, status: 'unsupported', phase: 'launch', ...lacks, standsFor }),
      );
    const said = text();
    expect(said.match(/^unsupported a\/b\/one and others, 3 in all {2}chromium → firefox/gm)).to.have.length(
      1,
    );
    expect(said).not.to.match(/a\/b\/two/);
    progress.cellStarted?.(pair);
    expect(text()).to.match(/3 of 5 cells, 3 unexpected\n/);
    progress.cellFinished?.(cell());
    expect(text()).to.match(/4 of 5 cells, 3 unexpected, abo/);
  });

  it('does not list what an interrupted run did not reach', () => {
    const { progress, text } = shown(false);
    progress.cellFinished?.(cell({ status: 'notrun', ...because('interrupted', 'the run was interrupted') }));
    expect(text()).to.equal('');
  });

  it('tells a canary that is as it has to be from a failure', () => {
    const { progress, text } = shown(false);
    const scenario = 'canary/agent/unknown-command';
    progress.cellFinished?.(cell({ scenario, status: 'error', ...because('unknown-command', 'no such') }));
    expect(text()).to.equal('');
    progress.cellFinished?.(cell({ scenario, status: 'pass' }));
    expect(text()).to.match(/^pass .*unknown-command/);
  });

  it('is not driven by escape sequences in a message', () => {
    const { progress, text } = shown(false);
    progress.cellFinished?.(cell({ status: 'fail', ...because('assertion', 'a\u001B[2J\r\nb') }));
    expect(text()).to.match(/ a \[2J b\n$/);
  });
});
