import { expect } from 'chai';
import { SharedHelper } from './shared-helper.ts';

/** A helper that counts instead of starting a process. */
class Counted {
  started = 0;
  stopped = 0;
  lives = true;
  readonly shared = new SharedHelper(async () => {
    this.started += 1;
    this.lives = true;
    return {
      env: { DISPLAY: `:${this.started}` },
      pid: 1,
      lives: () => this.lives,
      lost: new Promise<string>(() => undefined),
      stop: async () => {
        this.stopped += 1;
      },
    };
  });
}

describe('a helper that browsers share', () => {
  it('is started once for all who come at once, and stopped after the last', async () => {
    const counted = new Counted();
    const [one, two] = await Promise.all([counted.shared.acquire(), counted.shared.acquire()]);
    expect([one.env, two.env]).to.deep.equal([{ DISPLAY: ':1' }, { DISPLAY: ':1' }]);
    await Promise.all([one.release(), one.release()]);
    expect(counted).to.include({ started: 1, stopped: 0 });
    await two.release();
    expect(counted).to.include({ started: 1, stopped: 1 });
    expect((await counted.shared.acquire()).env).to.deep.equal({ DISPLAY: ':2' });
  });

  it('is replaced when it died, and its users do not stop the next', async () => {
    const counted = new Counted();
    const before = await counted.shared.acquire();
    counted.lives = false;
    const after = await counted.shared.acquire();
    expect(after.env).to.deep.equal({ DISPLAY: ':2' });
    await before.release();
    expect((await counted.shared.acquire()).env).to.deep.equal({ DISPLAY: ':2' });
  });

  it('is tried again after it did not start', async () => {
    let tries = 0;
    const shared = new SharedHelper(async () => {
      tries += 1;
      if (tries === 1) throw new Error('no');
      const lost = new Promise<string>(() => undefined);
      return { env: {}, pid: 1, lives: () => true, lost, stop: async () => {} };
    });
    const failed = await shared.acquire().catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    const lease = await shared.acquire();
    expect(lease.env).to.deep.equal({});
    expect(shared.everRan).to.equal(true);
    await lease.release();
  });
});
