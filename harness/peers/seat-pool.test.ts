import { expect } from 'chai';
import type { PageSetup } from './page-server.ts';
import { PoolEndedError, SeatPool, type Lendable, type PageMaker } from './seat-pool.ts';

const plain: PageSetup = { scripts: [] };
const scripted: PageSetup = { scripts: [{ name: 'a.js', source: 'a', adapter: true }] };

/** A page that is nothing but its state. */
class Page implements Lendable {
  isOpen = true;
  leave: () => void = () => undefined;
  readonly gone = new Promise<void>((resolve) => (this.leave = resolve));
  readonly setup: PageSetup;
  constructor(setup: PageSetup) {
    this.setup = setup;
  }
}

/** Counts what is there, and fails at will. */
class Maker implements PageMaker<Page> {
  there = 0;
  renewed = 0;
  fails = false;
  async open(setup: PageSetup): Promise<Page> {
    if (this.fails) throw new Error('it opens nothing');
    this.there += 1;
    return new Page(setup);
  }
  async renew(page: Page, setup: PageSetup): Promise<Page> {
    if (this.fails) {
      await this.close(page);
      throw new Error('it does not start afresh');
    }
    this.renewed += 1;
    return new Page(setup);
  }
  async close(page: Page): Promise<void> {
    page.isOpen = false;
    this.there -= 1;
  }
}

function pool(most: number, idleMs = 1000): { maker: Maker; pool: SeatPool<Page> } {
  const maker = new Maker();
  return { maker, pool: new SeatPool(maker, { id: 'firefox', most, idleMs }) };
}
const errorOf = (work: Promise<unknown>): Promise<unknown> => work.catch((error: unknown) => error);
const first = ([page]: Page[]): Page => {
  if (!page) throw new Error('there is no page');
  return page;
};

describe('the pages of a browser', () => {
  it('are opened as they are needed, start afresh when they come back, and are lent again', async () => {
    const { maker, pool: pages } = pool(2);
    pages.release(first(await pages.take([plain])));
    const both = await pages.take([plain, plain]);
    expect(new Set(both)).to.have.lengthOf(2);
    expect(maker).to.include({ there: 2, renewed: 1 });
  });

  it('are waited for while they start afresh, rather than one more opened', async () => {
    const { maker, pool: pages } = pool(5);
    for (let cells = 0; cells < 10; cells += 1) pages.release(first(await pages.take([plain])));
    expect(maker).to.include({ there: 1, renewed: 10 });
  });

  it('are opened where none is left to start afresh for a cell, or one fails to', async () => {
    const { maker, pool: pages } = pool(5);
    const one = first(await pages.take([plain]));
    pages.release(one);
    const [second, third] = await Promise.all([pages.take([plain]), pages.take([plain])]);
    expect(maker.there).to.equal(2);
    maker.fails = true;
    pages.release(first(second));
    const fourth = errorOf(pages.take([plain]));
    expect(String(await fourth)).to.include('it opens nothing');
    maker.fails = false;
    pages.release(first(third));
    await pages.take([plain]);
    expect(maker.there).to.equal(1);
  });

  it('start afresh for scripts that they do not have', async () => {
    const { maker, pool: pages } = pool(1);
    await pages.prepare(1);
    expect(first(await pages.take([scripted])).setup).to.equal(scripted);
    expect(maker).to.include({ there: 1, renewed: 1 });
  });

  it('are lent in the order in which cells came, so that a cell that needs two is not passed by', async () => {
    const { pool: pages } = pool(2);
    const [one, two] = await pages.take([plain, plain]);
    const order: string[] = [];
    const pair = pages.take([plain, plain]).then((taken) => {
      order.push('pair');
      return taken;
    });
    const single = pages.take([plain]).then(() => order.push('single'));
    if (one) pages.release(one);
    if (two) pages.release(two);
    for (const page of await pair) pages.release(page);
    await single;
    expect(order).to.deep.equal(['pair', 'single']);
  });

  it('are not lent to two: one that comes back twice is an error', async () => {
    const { pool: pages } = pool(1);
    const page = first(await pages.take([plain]));
    pages.release(page);
    expect(() => pages.release(page)).to.throw('twice');
  });

  it('leave their place when they fail to open or to start afresh, or go by themselves', async () => {
    const { maker, pool: pages } = pool(1);
    maker.fails = true;
    expect(String(await errorOf(pages.take([plain])))).to.include('it opens nothing');
    maker.fails = false;
    const page = first(await pages.take([plain]));
    maker.fails = true;
    pages.release(page);
    await Promise.resolve();
    maker.fails = false;
    const next = first(await pages.take([plain]));
    await pages.discard(next);
    await pages.discard(next);
    await pages.prepare(1);
    expect(maker.there).to.equal(1);
    const free = first(await pages.take([plain]));
    pages.release(free);
    const third = first(await pages.take([plain]));
    third.isOpen = false;
    third.leave();
    await pages.discard(third);
    expect(maker.there).to.equal(0);
  });

  it('are waited for only as long as some come back', async () => {
    const { pool: pages } = pool(1, 20);
    await pages.take([plain]);
    const error = await errorOf(pages.take([plain]));
    expect(error).to.have.property('code', 'no-page');
    expect(error).to.have.property('message').that.includes('firefox').and.includes('1 are lent');
  });

  it('are waited for no more when the browser ends, and none is lent afterwards', async () => {
    const { pool: pages } = pool(1);
    const page = first(await pages.take([plain]));
    const waiting = errorOf(pages.take([plain]));
    const cause = new PoolEndedError('browser-ended', 'it died');
    pages.end(cause);
    expect(await waiting).to.equal(cause);
    expect(await errorOf(pages.take([plain]))).to.equal(cause);
    pages.release(page);
    await pages.discard(page);
  });

  it('cannot be more than the browser shows at once', async () => {
    const { pool: pages } = pool(1);
    expect(await errorOf(pages.take([plain, plain]))).to.have.property('code', 'too-few-pages');
  });
});
