import { expect } from 'chai';
import { PageFailure } from '../peers/peer.ts';
import type { ConnectionSnapshot, PageError, PageWait } from '../protocol/agent.ts';
import { causeOf, idleEdit, unheardFailure } from './cause.ts';
import type { SideState } from './classify.ts';
import { connectedSnapshot } from './snapshot.example.ts';

const wait = (message: string, more: Partial<PageWait> = {}): PageWait => ({
  message,
  ms: 5000,
  phase: 'sdp',
  whenUp: null,
  othersTurn: false,
  ...more,
});
const failure = (message: string): PageError => ({
  name: 'StepFailed',
  message,
  stack: '',
  code: 'step-failed',
  phase: 'sdp',
});
const side = (
  role: 'offerer' | 'answerer',
  more: Partial<ConnectionSnapshot> = {},
  waits: PageWait[] = [],
): SideState => ({
  role,
  browser: 'chromium',
  exit: undefined,
  gone: undefined,
  unreadable: undefined,
  collected: { connections: [{ ...connectedSnapshot, ...more }], waits },
});
const ranOut = (role: 'offerer' | 'answerer', of: PageWait): PageFailure =>
  new PageFailure(
    { name: 'WaitTimeout', message: of.message, stack: '', code: 'wait-timeout', phase: of.phase, wait: of },
    role,
    'chromium',
  );
const words = (error: unknown): string =>
  error instanceof PageFailure ? `${error.role}: ${error.message}` : String(error);

describe('what was behind a wait that ran out', () => {
  const forOffer = wait('for an offer', { othersTurn: true });
  const forAudio = wait('for the AudioContext', { phase: 'media', ms: 3000 });

  it('is the side that hangs on something of its own, whichever side was heard first', () => {
    const sides = [side('offerer', {}, [forAudio]), side('answerer', {}, [forOffer])];
    expect(words(causeOf(ranOut('answerer', forOffer), sides))).to.equal('offerer: for the AudioContext');
    expect(words(causeOf(ranOut('offerer', forAudio), sides))).to.equal('offerer: for the AudioContext');
  });

  it('is the earlier layer where both sides hang on something of their own', () => {
    const ice = wait('for ICE gathering', { phase: 'ice', ms: 2000 });
    const sides = [side('offerer', {}, [forAudio]), side('answerer', {}, [ice])];
    expect(words(causeOf(ranOut('offerer', forAudio), sides))).to.equal('answerer: for ICE gathering');
  });

  it('is what the other side kept to itself', () => {
    const sides = [side('offerer'), side('answerer', { failure: failure('refused') })];
    expect(words(causeOf(ranOut('offerer', wait('for the answer')), sides))).to.equal('answerer: refused');
  });

  it('is nothing else where a check did not hold', () => {
    const error = new Error('a check');
    expect(causeOf(error, [side('offerer', { failure: failure('refused') })])).to.equal(error);
  });
});

describe('what a body that ended well did not hear of', () => {
  it('is a failure that no wait has thrown', () => {
    const secret = { failure: failure('refused'), failureWasHeard: false };
    expect(words(unheardFailure([side('offerer'), side('answerer', secret)]))).to.equal('answerer: refused');
    expect(unheardFailure([side('offerer', { failure: failure('refused') })])).to.equal(undefined);
  });

  it('is an edit that changed nothing', () => {
    expect(idleEdit([side('offerer', { idleEdits: ['outgoing'] })])?.code).to.equal('edit-changed-nothing');
    expect(idleEdit([side('offerer')])).to.equal(undefined);
  });
});
