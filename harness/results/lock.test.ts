import { expect } from 'chai';
import { readdir, stat, utimes, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { until } from '../drivers/deadline.ts';
import { UsageError } from '../errors.ts';
import { lockFolder } from './lock.ts';
import { tempDir } from './temp-dir.ts';

const times = { renewMs: 20, staleMs: 60_000, watchMs: 200 };

describe('a lock of another machine', () => {
  let dir: string;
  let remove: () => Promise<void>;
  let path: string;
  /** A lock that was last touched `agoMs` milliseconds ago. */
  async function foreign(agoMs: number): Promise<void> {
    await writeFile(path, JSON.stringify({ pid: process.pid, host: 'elsewhere', token: 'x' }));
    const then = new Date(Date.now() - agoMs);
    await utimes(path, then, then);
  }
  const refusal = async (): Promise<string> => {
    const error: unknown = await lockFolder(dir, times).catch((thrown: unknown) => thrown);
    expect(error).to.be.instanceOf(UsageError).with.property('code', 'out-in-use');
    return String(error);
  };

  beforeEach(async () => {
    ({ dir, remove } = await tempDir());
    path = join(dir, '.lock-1');
  });
  afterEach(() => remove());

  it('is respected while it is renewed, and says whose it is, since when, and what to do', async () => {
    await foreign(10_000);
    const said = await refusal();
    const { mtimeMs } = await stat(path);
    expect(said)
      .to.include(`process ${String(process.pid)} on elsewhere`)
      .and.include(new Date(mtimeMs).toISOString());
    expect(said).to.include('the folder is free 60 s after that time').and.include(`delete ${path}`);
  });

  for (const [what, agoMs] of [
    ['behind', 3_600_000],
    ['ahead', -3_600_000],
  ] as const) {
    it(`is respected where the clock of that machine is an hour ${what}`, async () => {
      await foreign(agoMs);
      const timer = setInterval(() => {
        const then = new Date(Date.now() - agoMs);
        void utimes(path, then, then);
      }, 20);
      try {
        await refusal();
      } finally {
        clearInterval(timer);
      }
    });
  }

  it('is taken over when it is renewed no more', async () => {
    await foreign(120_000);
    const lock = await lockFolder(dir, times);
    expect(await readdir(dir)).to.include('.lock-2');
    await lock.release();
    expect(await readdir(dir)).to.deep.equal([]);
  });

  it('sees that ours is renewed', async () => {
    const lock = await lockFolder(dir, times);
    await utimes(path, new Date(0), new Date(0));
    expect(await until(async () => (await stat(path)).mtimeMs > 0, { ms: 2000 })).to.equal(true);
    await lock.release();
  });
});
