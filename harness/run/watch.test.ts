import { expect } from 'chai';
import { setImmediate as nextTurn, setTimeout as delay } from 'node:timers/promises';
import { runBody, ScenarioTimeoutError } from './body.ts';
import { Closers } from './closers.ts';
import { Recorder, recordInto } from './recorder.ts';
import { listenForErrors, Watch } from './watch.ts';

/** Mocha's own listeners, which fail the test that runs now, are away while bodies of ours throw. */
function withoutMocha(): () => void {
  const exceptions = process.listeners('uncaughtException');
  const rejections = process.listeners('unhandledRejection');
  process.removeAllListeners('uncaughtException');
  process.removeAllListeners('unhandledRejection');
  return () => {
    for (const listener of exceptions) process.on('uncaughtException', listener);
    for (const listener of rejections) process.on('unhandledRejection', listener);
  };
}

describe('a body', () => {
  const late: string[] = [];
  const orphans: string[] = [];
  let stop = (): void => undefined;

  beforeEach(() => {
    late.length = 0;
    orphans.length = 0;
    const giveBack = withoutMocha();
    const end = listenForErrors({
      late: (_, error) => void late.push(String(error)),
      orphan: (error) => void orphans.push(String(error)),
    });
    stop = () => {
      end();
      giveBack();
    };
  });
  afterEach(() => stop());

  const failureOf = async (body: () => Promise<void>, ms = 1000, watch = new Watch()): Promise<string> => {
    const failure = await runBody('a body', ms, watch, () => recordInto(new Recorder(), body));
    watch.seal();
    return failure === undefined ? 'none' : failure instanceof Error ? String(failure) : 'no error';
  };

  it('that does what it awaits and nothing else has nothing against it', async () => {
    expect(await failureOf(async () => delay(1))).to.equal('none');
  });

  it('fails by what it throws', async () => {
    expect(await failureOf(() => Promise.reject(new TypeError('no')))).to.equal('TypeError: no');
  });

  it('fails by a timer of its own that throws while it waits, at once', async () => {
    const body = async (): Promise<void> => {
      setTimeout(() => {
        throw new TypeError('in a timer');
      });
      await new Promise(() => undefined);
    };
    expect(await failureOf(body)).to.contain('did not await what failed: TypeError: in a timer');
  });

  it('fails by a rejection that floats', async () => {
    const body = (): Promise<void> => {
      void Promise.reject(new TypeError('floating'));
      return Promise.resolve();
    };
    expect(await failureOf(body)).to.contain('TypeError: floating');
  });

  it('may handle a rejection later than it came', async () => {
    const body = async (): Promise<void> => {
      const rejected = Promise.reject(new TypeError('known'));
      await nextTurn();
      await rejected.catch(() => undefined);
      await nextTurn();
    };
    expect(await failureOf(body)).to.equal('none');
  });

  it('fails by a call that it does not await', async () => {
    const watch = new Watch();
    const body = (): Promise<void> => {
      void watch.calling(new Promise(() => undefined));
      return Promise.resolve();
    };
    expect(await failureOf(body, 1000, watch)).to.contain('before 1 call to its pages');
  });

  it('fails by a timer that it leaves, which is stopped', async () => {
    let fired = 0;
    const body = async (): Promise<void> => {
      setInterval(() => (fired += 1), 5);
      await delay(1);
    };
    expect(await failureOf(body)).to.contain('left 1 timer running');
    const before = fired;
    await delay(30);
    expect(fired).to.equal(before);
  });

  it('may use timers that it clears and timers that have fired', async () => {
    const body = async (): Promise<void> => {
      clearInterval(setInterval(() => undefined, 5));
      clearTimeout(setTimeout(() => undefined, 5000));
      setTimeout(() => undefined, 1);
      await delay(20);
    };
    expect(await failureOf(body)).to.equal('none');
  });

  it('ends when its time is over', async () => {
    const watch = new Watch();
    const failure = await runBody('a body', 20, watch, () => new Promise(() => undefined));
    expect(failure).to.be.instanceOf(ScenarioTimeoutError);
  });

  it('has what it opened closed when it is given up while it waits for a timer', async () => {
    const watch = new Watch();
    const closers = new Closers();
    const done: string[] = [];
    const body = async (): Promise<void> => {
      closers.add(() => done.push('closed'));
      try {
        await delay(5000);
      } finally {
        done.push('got to its end');
      }
    };
    await runBody('a body', 20, watch, body, () => closers.close(100));
    watch.seal();
    expect(done).to.deep.equal(['closed']);
  });

  it('fails if what it opened cannot be closed', async () => {
    const failure = await runBody(
      'a body',
      20,
      new Watch(),
      () => Promise.resolve(),
      () => Promise.resolve(new TypeError('it is stuck')),
    );
    expect(failure).to.be.instanceOf(TypeError);
  });

  it('is not confused with the bodies beside it', async () => {
    const throws = async (): Promise<void> => {
      setTimeout(() => {
        throw new TypeError('of one');
      });
      await new Promise(() => undefined);
    };
    const fine = async (): Promise<void> => delay(30);
    const all = await Promise.all([fine, throws, fine, fine].map((body) => failureOf(body)));
    expect(all.map((failure) => failure === 'none')).to.deep.equal([true, false, true, true]);
  });

  it('that has ended is told of with its error when that comes too late', async () => {
    const body = (): Promise<void> => {
      setImmediate(() => setImmediate(() => setImmediate(() => void Promise.reject(new TypeError('late')))));
      return Promise.resolve();
    };
    expect(await failureOf(body)).to.equal('none');
    await delay(20);
    expect(late).to.deep.equal(['TypeError: late']);
    expect(orphans).to.deep.equal([]);
  });

  it('has no part in an error that belongs to none', async () => {
    const running = failureOf(async () => delay(30));
    void Promise.reject(new TypeError('of nobody'));
    expect(await running).to.equal('none');
    expect(orphans).to.deep.equal(['TypeError: of nobody']);
  });
});
