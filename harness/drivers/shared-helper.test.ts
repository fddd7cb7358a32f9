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
      lives: () => this.lives,
      stop: async () => {
        this.stopped += 1;
      },
    };
  });
}

describe('a helper that browsers share', () => {
  it('is started once for all who come at once, and stopped after the last', async () => {
    const counted = new Counted();
    const envs = await Promise.all([counted.shared.acquire(), counted.shared.acquire()]);
    expect(envs).to.deep.equal([{ DISPLAY: ':1' }, { DISPLAY: ':1' }]);
    await counted.shared.release();
    expect(counted).to.include({ started: 1, stopped: 0 });
    await counted.shared.release();
    expect(counted).to.include({ started: 1, stopped: 1 });
    expect(await counted.shared.acquire()).to.deep.equal({ DISPLAY: ':2' });
  });

  it('is replaced when it died', async () => {
    const counted = new Counted();
    await counted.shared.acquire();
    counted.lives = false;
    expect(await counted.shared.acquire()).to.deep.equal({ DISPLAY: ':2' });
  });

  it('is tried again after it did not start', async () => {
    let tries = 0;
    const shared = new SharedHelper(async () => {
      tries += 1;
      if (tries === 1) throw new Error('no');
      return { env: {}, lives: () => true, stop: async () => {} };
    });
    const failed = await shared.acquire().catch((error: unknown) => error);
    expect(failed).to.be.instanceOf(Error);
    expect(await shared.acquire()).to.deep.equal({});
    await shared.release();
  });
});
