import { AssertionError } from 'chai';
import { expect } from 'chai';
import { HarnessError, PeerGoneError } from '../errors.ts';
import type { Check } from '../results/schema.ts';
import { PageFailure } from '../peers/peer.ts';
import type { PagePhase } from '../protocol/agent.ts';
import { ScenarioTimeoutError } from './body.ts';
import { classify, verdictOf, type SideState } from './classify.ts';
import { newSnapshot } from './snapshot.example.ts';

const side = (role: 'offerer' | 'answerer', more: Partial<SideState> = {}): SideState => ({
  role,
  browser: role === 'offerer' ? 'chromium' : 'firefox',
  exit: undefined,
  gone: undefined,
  unreadable: undefined,
  collected: { connections: [], waits: [] },
  ...more,
});
const both = [side('offerer'), side('answerer')];
const thrown = (code: string, phase: PagePhase): PageFailure =>
  new PageFailure(
    { name: 'Error', message: 'it did not come', stack: '', code, phase },
    'answerer',
    'firefox',
  );
const outOfTime = new ScenarioTimeoutError('scenario-timeout', 'it ran out');
const brief = (error: unknown, sides: readonly SideState[] = both): string => {
  const { status, phase, reason } = classify(error, sides, 5000);
  return `${status}@${String(phase)} ${reason?.code ?? ''} ${String(reason?.peer)}: ${reason?.message ?? ''}`;
};

describe('the verdict', () => {
  it('names every claim that does not hold, with its side, what it says and what is due', () => {
    const claimed = (peer: 'offerer' | 'answerer', member: string, more: Partial<Check>): Check => ({
      name: member,
      ok: false,
      expected: 46,
      actual: 92,
      claim: { peer, dictionary: 'outbound-rtp', member, verdict: 'wrong', unit: '1' },
      ...more,
    });
    const range = { expected: { least: 0.19, most: 0.32 }, actual: 200 };
    const inSeconds = { dictionary: 'candidate-pair', member: 'rtt', verdict: 'wrong', unit: 's' } as const;
    const absent = { dictionary: 'codec', member: 'sdpFmtpLine', verdict: 'absent', unit: '1' } as const;
    const checks = [
      claimed('offerer', 'packetsSent', {}),
      claimed('answerer', 'rtt', { ...range, claim: { peer: 'answerer', ...inSeconds } }),
      claimed('answerer', 'held', { ok: true }),
      claimed('answerer', 'sdpFmtpLine', { claim: { peer: 'answerer', ...absent } }),
    ];
    const outcome = verdictOf(undefined, checks, both, 5000);
    expect(outcome).to.deep.equal({
      status: 'fail',
      phase: 'assert',
      reason: {
        code: 'wrong-claim',
        message:
          'offerer chromium: outbound-rtp.packetsSent is 92, not 46; ' +
          'answerer firefox: candidate-pair.rtt is 200, not 0.19 to 0.32 s, codec.sdpFmtpLine is absent',
        peer: null,
      },
    });
    expect(verdictOf(undefined, checks.slice(0, 1), both, 5000).reason?.peer).to.equal('offerer');
  });

  it('is fail for a check that did not hold', () => {
    expect(brief(new AssertionError('expected 1 to equal 2'))).to.equal(
      'fail@assert assertion null: expected 1 to equal 2',
    );
  });

  it('is error for an assertion library that is not ours, which keeps no checks', () => {
    const foreign = Object.assign(new Error('1 == 2'), { name: 'AssertionError' });
    expect(brief(foreign)).to.match(/^error@assert foreign-assertion null: an assertion library .*1 == 2$/);
  });

  it('is timeout for a wait in a page that ran out, at the phase that the page names', () => {
    expect(brief(thrown('wait-timeout', 'ice'))).to.equal(
      'timeout@ice wait-timeout answerer: seen at the answerer (firefox): it did not come',
    );
  });

  it('is fail for what a page threw', () => {
    expect(brief(thrown('step-failed', 'sdp'))).to.match(
      /^fail@sdp step-failed answerer: seen at the answerer \(firefox\)/,
    );
  });

  it('is crash when a browser died, whatever was thrown', () => {
    const exit = { code: null, signal: 'SIGKILL', description: 'firefox was ended by SIGKILL' };
    expect(brief(new AssertionError('x'), [side('offerer'), side('answerer', { exit })])).to.equal(
      'crash@assert browser-died answerer: answerer firefox: firefox was ended by SIGKILL',
    );
  });

  it('tells a page that left from one that was lost and one that hangs', () => {
    const gone = (code: string) => new PeerGoneError(code, 'gone');
    const outcome = (code: string) =>
      brief(gone(code), [side('offerer', { gone: gone(code) }), side('answerer')]);
    expect(outcome('page-closed')).to.match(/^fail@assert page-closed offerer/);
    expect(outcome('page-lost')).to.match(/^crash@assert page-lost offerer/);
    expect(outcome('heartbeat-missed')).to.match(/^timeout@assert heartbeat-missed offerer/);
    expect(outcome('message-too-large')).to.match(/^error@assert message-too-large offerer/);
    expect(outcome('server-closed')).to.match(/^error@assert server-closed offerer/);
  });

  it('is crash where the process of a page alone died, however its socket was closed', () => {
    const gone = new PeerGoneError('page-closed', 'gone');
    const exit = {
      code: 11,
      signal: null,
      description: 'its process died.',
      of: 'page',
      lastWords: 'oh',
    } as const;
    expect(brief(gone, [side('offerer', { gone, exit }), side('answerer')])).to.equal(
      'crash@assert page-died offerer: offerer chromium: its process died. It said last: oh',
    );
    expect(
      brief(gone, [side('offerer', { gone, exit: { ...exit, of: 'helper' } }), side('answerer')]),
    ).to.match(/^error@assert helper-died offerer/);
  });

  describe('of a body that ended well', () => {
    const held = [{ name: 'a check', ok: true, expected: 1, actual: 1 }];
    const atEnd = (more: Partial<SideState>): string => {
      const sides = [side('offerer'), side('answerer', { collected: undefined, ...more })];
      const { status, phase, reason } = verdictOf(undefined, held, sides, 5000);
      return `${status}@${String(phase)} ${reason?.code ?? ''} ${String(reason?.peer)}`;
    };

    it('is pass where every side says how it stood at the end', () => {
      expect(verdictOf(undefined, held, both, 5000).status).to.equal('pass');
    });

    it('is no pass without the closing state of a side', () => {
      expect(atEnd({})).to.equal('timeout@teardown not-answering answerer');
      expect(atEnd({ unreadable: 'it is a number' })).to.equal('error@teardown unreadable-answer answerer');
      expect(atEnd({ gone: new PeerGoneError('page-closed', 'gone') })).to.equal(
        'fail@teardown page-closed answerer',
      );
      const exit = { code: null, signal: 'SIGKILL', description: 'ended by SIGKILL' };
      expect(atEnd({ exit })).to.equal('crash@teardown browser-died answerer');
    });

    it('is no pass where nothing was checked, or a check did not hold', () => {
      expect(verdictOf(undefined, [], both, 5000).reason?.code).to.equal('nothing-checked');
      const broken = [{ name: 'a check', ok: false, expected: 1, actual: 2 }];
      expect(verdictOf(undefined, broken, both, 5000).status).to.equal('fail');
    });
  });

  it('names the side that stopped answering when the scenario’s time ran out', () => {
    expect(brief(outOfTime, [side('offerer'), side('answerer', { collected: undefined })])).to.match(
      /^timeout@assert not-answering answerer: answerer firefox stopped answering; .*--timeout/,
    );
  });

  it('takes the earliest layer that is not up on any side for the phase', () => {
    const sides = [
      side('offerer', { collected: { connections: [newSnapshot('dtls')], waits: [] } }),
      side('answerer', { collected: { connections: [newSnapshot('ice')], waits: [] } }),
    ];
    expect(brief(outOfTime, sides)).to.match(/^timeout@ice scenario-timeout null/);
  });

  it('is error for anything else: the harness’s fault until something proves otherwise', () => {
    expect(brief(new TypeError('oops'))).to.equal('error@assert harness-error null: oops');
    expect(brief(new HarnessError('own-code', 'oops'))).to.equal('error@assert own-code null: oops');
  });
});
