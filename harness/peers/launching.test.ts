import { expect } from 'chai';
import { IncompleteError, LaunchError } from '../errors.ts';
import { launchUntilItWorks, type Retries } from './launching.ts';

/** A clock that only pauses advance. */
function retries(pausesMs: readonly number[], mostMs = 1_000_000): Retries & { paused: number[] } {
  const paused: number[] = [];
  return {
    paused,
    pausesMs,
    mostMs,
    awayMs: 20_000,
    now: () => paused.reduce((sum, ms) => sum + ms, 0),
    pause: (ms, signal) => {
      paused.push(ms);
      return signal.aborted ? Promise.reject(new Error('aborted')) : Promise.resolve();
    },
  };
}

const never = new AbortController().signal;
const failed = (what: string): LaunchError => new LaunchError('launch-failed', what);
const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);

describe('a launch', () => {
  it('is tried again with a growing pause until it works', async () => {
    const how = retries([500, 1000, 2000]);
    let launches = 0;
    const launched = await launchUntilItWorks(
      'firefox',
      async () => {
        launches += 1;
        if (launches < 3) throw failed('no');
        return launches;
      },
      never,
      how,
    );
    expect(launched).to.equal(3);
    expect(how.paused).to.deep.equal([500, 1000]);
  });

  it('is given up after several in a row, with what the last one said', async () => {
    let launches = 0;
    const error = await errorOf(
      launchUntilItWorks(
        'firefox',
        () => Promise.reject(failed(`no ${String((launches += 1))}`)),
        never,
        retries([500, 1000]),
      ),
    );
    expect(launches).to.equal(3);
    expect(error).to.be.instanceOf(LaunchError).with.property('code', 'launch-failed');
    expect(error)
      .to.have.property('message')
      .that.matches(/given up after 3 launches in 1\.5 s; the last said: no 3/);
  });

  it('is not begun again when its time is over', async () => {
    const how = retries([500, 1000, 2000], 1000);
    await errorOf(launchUntilItWorks('firefox', () => Promise.reject(failed('no')), never, how));
    expect(how.paused).to.deep.equal([500]);
  });

  it('of a server that is away is tried again for 20 s', async () => {
    const how = retries([500, 1000, 2000, 4000, 8000, 16_000]);
    const away = new LaunchError('endpoint-unreachable', 'nothing answers');
    await errorOf(launchUntilItWorks('far', () => Promise.reject(away), never, how));
    expect(how.paused).to.deep.equal([500, 1000, 2000, 4000, 8000]);
  });

  it('of a server that has served before, or of a browser that another session has, is tried for longer', async () => {
    const away = new LaunchError('endpoint-silent', 'nothing is answered');
    const served = { ...retries([500, 8000], 40_000), awayMs: 40_000 };
    await errorOf(launchUntilItWorks('far', () => Promise.reject(away), never, served));
    expect(served.paused).to.deep.equal([500, 8000, 8000, 8000, 8000]);
    const busy = new LaunchError('browser-busy', 'already paired');
    const how = retries([8000]);
    const error = await errorOf(launchUntilItWorks('safari', () => Promise.reject(busy), never, how));
    expect(how.paused).to.have.lengthOf(7);
    expect(error).to.have.property('message').that.includes('in 56.0 s; the last said: already paired');
  });

  it('is not tried again where the next one would fail as well', async () => {
    const how = retries([500]);
    const missing = new LaunchError('browser-not-found', 'nothing here');
    const error = await errorOf(launchUntilItWorks('firefox', () => Promise.reject(missing), never, how));
    expect(error).to.equal(missing);
    expect(how.paused).to.deep.equal([]);
  });

  it('ends with the host that is closed during a pause', async () => {
    const closing = new AbortController();
    const how = { ...retries([500]), pause: (_: number, signal: AbortSignal) => aborted(signal) };
    const launching = errorOf(
      launchUntilItWorks('firefox', () => Promise.reject(failed('no')), closing.signal, how),
    );
    setImmediate(() => closing.abort());
    expect(await launching)
      .to.be.instanceOf(IncompleteError)
      .with.property('code', 'host-closed');
  });
});

const aborted = (signal: AbortSignal): Promise<never> =>
  new Promise((_, reject) => signal.addEventListener('abort', () => reject(new Error('aborted'))));
