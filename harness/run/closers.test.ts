import { expect } from 'chai';
import { Closers } from './closers.ts';

describe('what a body has opened', () => {
  it('is closed in reverse order, each when the one before has ended', async () => {
    const closers = new Closers();
    const seen: string[] = [];
    for (const name of ['a', 'b']) {
      closers.add(async () => {
        seen.push(name);
        await Promise.resolve();
        seen.push(`${name} has ended`);
      });
    }
    expect(await closers.close(100)).to.equal(undefined);
    expect(seen).to.deep.equal(['b', 'b has ended', 'a', 'a has ended']);
    expect(await closers.close(100)).to.equal(undefined);
    expect(seen).to.have.length(4);
  });

  it('is closed even where another one throws or does not end, and the first failure is told', async () => {
    const closers = new Closers();
    let closed = 0;
    closers.add(() => (closed += 1));
    closers.add(() => new Promise(() => undefined));
    closers.add(() => {
      throw new TypeError('it is stuck');
    });
    const failure = await closers.close(20);
    expect(failure?.code).to.equal('not-closed');
    expect(failure?.message).to.contain('it is stuck');
    expect(closed).to.equal(1);
  });

  it('is closed at once when its cell is over', async () => {
    const closers = new Closers();
    await closers.close(100);
    let closed = 0;
    closers.add(() => (closed += 1));
    expect(closed).to.equal(1);
  });
});
