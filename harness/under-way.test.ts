import { expect } from 'chai';
import { UnderWay } from './under-way.ts';

const never = new Promise<never>(() => undefined);
const messageOf = (work: Promise<unknown>): Promise<unknown> =>
  work.catch((error: unknown) => (error instanceof Error ? error.message : error));

describe('work that is under way', () => {
  it('comes to what it comes to', async () => {
    const underWay = new UnderWay();
    expect(await underWay.orEnd(Promise.resolve(7))).to.equal(7);
    expect(await messageOf(underWay.orEnd(Promise.reject(new Error('own'))))).to.equal('own');
    underWay.end(new Error('nobody hears of it'));
  });

  it('rejects with the end of what it needs, begun before or after', async () => {
    const underWay = new UnderWay();
    const before = messageOf(underWay.orEnd(never));
    underWay.end(new Error('ended'));
    underWay.end(new Error('again'));
    expect([await before, await messageOf(underWay.orEnd(never))]).to.deep.equal(['ended', 'ended']);
  });
});
