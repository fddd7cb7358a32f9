import { expect } from 'chai';
import { violations, type Attack } from './judge.ts';
import { kindOf } from './processes.ts';

const at = Date.parse('2026-01-01T00:00:10Z');
const killed: Attack = {
  at,
  pid: 7,
  browser: 'firefox',
  kind: 'firefox main',
  signal: 'SIGKILL',
  continuedAt: null,
};
const cell = {
  scenario: 'a/b/c',
  offerer: 'chromium',
  answerer: 'firefox',
  status: 'crash',
  phase: 'media',
  reason: { code: 'browser-died', message: 'it died', peer: 'answerer' },
  startedAt: '2026-01-01T00:00:09Z',
  durationMs: 2000,
} as const;
const judge = (changed: object, attacks: Attack[] = [killed], exitCode = 1): string =>
  violations({ run: { plannedCells: 1, complete: true }, cells: [{ ...cell, ...changed }] }, attacks, {
    timeoutMs: 8000,
    exitCode,
  }).join('; ');

describe('the judge of a run under attack', () => {
  it('takes a crash of the side that was killed, during the cell', () => {
    expect(judge({})).to.equal('');
  });

  it('finds a cell that was hit by nothing, lost, told wrongly, or blamed on the other side', () => {
    expect(judge({ startedAt: '2026-01-01T00:01:09Z' })).to.include('hit by nothing');
    expect(judge({ status: 'notrun' })).to.include('neither crash nor timeout');
    expect(judge({ status: 'fail' })).to.include('neither crash nor timeout');
    expect(judge({ status: 'error' })).to.include('not told what it was');
    expect(judge({ reason: { ...cell.reason, peer: 'offerer' } })).to.include('blames the other side');
    expect(judge({}, [killed], 0)).to.include('the exit code is 0');
    expect(judge({ status: 'pass' }, [killed], 0)).to.equal('');
  });

  it('finds a planned cell that has no outcome', () => {
    const options = { timeoutMs: 8000, exitCode: 0 };
    expect(violations({ run: { plannedCells: 1, complete: false }, cells: [] }, [], options)).to.deep.equal([
      '0 of 1 planned cells have an outcome',
      'the run is incomplete',
    ]);
  });

  it('takes a machine that is too slow, unless a process of the browser is still stopped', () => {
    const slow = { status: 'error', reason: { code: 'machine-too-slow', message: 'full', peer: null } };
    const before = { ...killed, at: at - 60_000, signal: 'SIGSTOP' } as const;
    expect(judge(slow, [{ ...before, continuedAt: at - 58_000 }])).to.equal('');
    expect(judge(slow, [before])).to.include('hit by nothing');
    expect(judge(slow, [{ ...before, at: at + 60_000 }])).to.equal('');
    const helper = { ...before, kind: 'Xvfb' };
    expect(judge(slow, [helper]), 'a helper that was replaced long ago').to.equal('');
    expect(judge(slow, [{ ...helper, at: at - 12_000 }])).to.include('hit by nothing');
    expect(judge(slow, [killed])).to.include('not told what it was');
  });

  it('takes a canary as it must be, and as any other cell where it was hit', () => {
    const canary = { scenario: 'canary/agent/unknown-command' };
    const due = {
      status: 'error',
      reason: { code: 'unknown-command', message: 'no such command', peer: null },
    };
    expect(judge({ ...canary, ...due }, [], 0)).to.equal('');
    expect(judge(canary, [killed], 1)).to.equal('');
    expect(judge(canary, [], 1)).to.include('hit by nothing');
    expect(judge({ ...canary, status: 'pass' }, [], 0)).to.include('no canary may pass');
  });

  it('takes one late cell for a process that was stopped long before, where it names the process', () => {
    const stopped: Attack = { ...killed, at: at - 60_000, signal: 'SIGSTOP' };
    const hangs = (message: string) => ({
      status: 'timeout',
      reason: { code: 'browser-hangs', message, peer: 'answerer' },
    });
    expect(judge(hangs('it hangs: RDD Process (process 7) is stopped'), [stopped])).to.equal('');
    expect(judge(hangs('it hangs: RDD Process (process 8) is stopped'), [stopped])).to.include(
      'hit by nothing',
    );
    expect(judge({ status: 'timeout' }, [stopped])).to.include('hit by nothing');
    const helper = { ...stopped, kind: 'PulseAudio' };
    const died = (message: string) => ({
      status: 'error',
      reason: { code: 'helper-died', message, peer: null },
    });
    expect(judge(died('PulseAudio (process 7) did not answer'), [helper])).to.equal('');
    expect(judge(died('PulseAudio (process 8) did not answer'), [helper])).to.include('hit by nothing');
  });

  it('takes the loss of a helper for the machine’s, where a helper was hit', () => {
    const helper = { ...killed, kind: 'PulseAudio' };
    const lost = { status: 'error', reason: { ...cell.reason, code: 'helper-died' } };
    expect(judge(lost, [helper])).to.equal('');
    expect(judge(lost, [killed])).to.include('not told what it was');
  });
});

describe('the processes of a run', () => {
  it('are told by their command lines', () => {
    const kinds = [
      '/usr/lib/chromium/chromium --headless',
      '/usr/lib/chromium/chromium --type=renderer --x',
      '/usr/lib/chromium/chromium --type=utility --utility-sub-type=network.mojom.NetworkService',
      '/usr/lib/firefox-esr/firefox-esr -contentproc -isForBrowser 3 tab ',
      'firefox-esr --headless',
      '/usr/lib/webkit/WebKitWebProcess 7',
      'Xvfb -displayfd 1',
      '/bin/sh -c trap webrtc-interop-reaper 1-',
      '/usr/bin/node x.js',
    ].map((command) => kindOf(command)?.kind);
    expect(kinds).to.deep.equal([
      'chromium main',
      'chromium renderer',
      'chromium network',
      'firefox tab',
      'firefox main',
      'WebKitWebProcess',
      'Xvfb',
      'reaper',
      undefined,
    ]);
  });
});
