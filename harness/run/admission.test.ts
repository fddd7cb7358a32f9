import { expect } from 'chai';
import type { Load } from '../matrix/scenario.ts';
import { Admission, autoBounds, fixedBounds, loadOver, type Place } from './admission.ts';

/** Tasks that end when the test says so, and the names of those that run. */
function tasks(admission: Admission) {
  const ends = new Map<string, () => void>();
  let at = 0;
  return {
    ask(name: string, load: Load, order = (at += 1), place: Place = 'here'): Promise<string> {
      return admission.run(
        load,
        order,
        () => new Promise<string>((resolve) => ends.set(name, () => resolve(name))),
        place,
      );
    },
    askSolitary(name: string, order: number): Promise<string> {
      return admission.runAlone(
        order,
        () => new Promise<string>((resolve) => ends.set(name, () => resolve(name))),
      );
    },
    async end(name: string): Promise<void> {
      ends.get(name)?.();
      ends.delete(name);
      await new Promise((resolve) => setImmediate(resolve));
    },
    get running(): string[] {
      return [...ends.keys()];
    },
  };
}

const twoProcessors = autoBounds(2, 16e9);

describe('admission', () => {
  it('lets a fixed number of cells run, whatever they cost and however busy the processors are', async () => {
    const admission = new Admission(fixedBounds(2));
    const cells = tasks(admission);
    for (const [name, load] of [
      ['a', 'heavy'],
      ['b', 'alone'],
      ['c', 'light'],
    ] as const)
      void cells.ask(name, load);
    admission.look(0.1);
    expect(cells.running).to.deep.equal(['a', 'b']);
    await cells.end('a');
    expect(cells.running).to.deep.equal(['b', 'c']);
  });

  it('begins with a cell of media for each processor', () => {
    const cells = tasks(new Admission(twoProcessors));
    for (const name of ['a', 'b', 'c']) void cells.ask(name, 'media');
    expect(cells.running).to.deep.equal(['a', 'b']);
  });

  it('lets more run while processors idle, up to twice that', () => {
    const admission = new Admission(twoProcessors);
    const cells = tasks(admission);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f']) void cells.ask(name, 'media');
    admission.look(0.5);
    expect(cells.running).to.deep.equal(['a', 'b']);
    admission.look(0.5);
    expect(cells.running).to.deep.equal(['a', 'b', 'c']);
    for (let looks = 0; looks < 20; looks += 1) admission.look(0.5);
    expect(cells.running).to.deep.equal(['a', 'b', 'c', 'd']);
  });

  it('lets fewer run when the processors are full, never fewer than it began with', async () => {
    const admission = new Admission(twoProcessors);
    const cells = tasks(admission);
    for (const name of ['a', 'b', 'c', 'd', 'e', 'f', 'g']) void cells.ask(name, 'media');
    for (let looks = 0; looks < 4; looks += 1) admission.look(0.5);
    for (let looks = 0; looks < 20; looks += 1) admission.look(1);
    expect(admission.budget).to.equal(twoProcessors.least);
    await cells.end('a');
    await cells.end('b');
    expect(cells.running).to.deep.equal(['c', 'd']);
    await cells.end('c');
    expect(cells.running).to.deep.equal(['d', 'e']);
  });

  it('keeps its budget while the processors are neither idle nor full, and while nothing waits', () => {
    const admission = new Admission(twoProcessors);
    const cells = tasks(admission);
    admission.look(0.1);
    for (const name of ['a', 'b', 'c']) void cells.ask(name, 'media');
    admission.look(0.92);
    expect(admission.budget).to.equal(twoProcessors.least);
  });

  it('counts a light cell for half of one of media and a heavy one for two', async () => {
    const cells = tasks(new Admission(twoProcessors));
    for (const name of ['a', 'b', 'c', 'd']) void cells.ask(name, 'light');
    void cells.ask('e', 'heavy');
    void cells.ask('f', 'light');
    expect(cells.running).to.deep.equal(['a', 'b', 'c', 'd']);
    // a cell that does not fit is not overtaken by those behind it, or it would come last
    for (const name of ['a', 'b', 'c']) await cells.end(name);
    expect(cells.running).to.deep.equal(['d']);
    await cells.end('d');
    expect(cells.running).to.deep.equal(['e']);
    await cells.end('e');
    expect(cells.running).to.deep.equal(['f']);
  });

  it('lets cells that are idle run beside the others, a number of their own at once', async () => {
    const cells = tasks(new Admission(twoProcessors));
    for (const name of ['a', 'b', 'c']) void cells.ask(name, 'media');
    for (const name of ['v', 'w', 'x', 'y', 'z']) void cells.ask(name, 'idle');
    expect(cells.running).to.deep.equal(['a', 'b', 'v', 'w', 'x', 'y']);
    await cells.end('v');
    expect(cells.running).to.deep.equal(['a', 'b', 'w', 'x', 'y', 'z']);
    await cells.end('a');
    expect(cells.running).to.deep.equal(['b', 'w', 'x', 'y', 'z', 'c']);
  });

  it('takes a light cell that is known to time out for an idle one, but none that encodes meanwhile', () => {
    expect(loadOver('light', true)).to.equal('idle');
    expect(loadOver('light', false)).to.equal('light');
    expect(loadOver('media', true)).to.equal('media');
    expect(loadOver('alone', true)).to.equal('alone');
  });

  it('counts idle cells like any others where their number is fixed', () => {
    const cells = tasks(new Admission(fixedBounds(2)));
    void cells.ask('a', 'idle');
    void cells.ask('b', 'light');
    void cells.ask('c', 'idle');
    expect(cells.running).to.deep.equal(['a', 'b']);
  });

  it('runs a cell that costs more than all there is when nothing else runs', () => {
    const cells = tasks(new Admission(autoBounds(1, 0)));
    void cells.ask('a', 'heavy');
    void cells.ask('b', 'light');
    expect(cells.running).to.deep.equal(['a']);
  });

  it('runs cells that are to be alone when no other waits, one for each processor', async () => {
    const cells = tasks(new Admission(twoProcessors));
    void cells.ask('a', 'light');
    for (const name of ['w', 'x', 'y', 'z']) void cells.ask(name, 'alone');
    void cells.ask('b', 'light');
    expect(cells.running).to.deep.equal(['a', 'b']);
    await cells.end('a');
    await cells.end('b');
    expect(cells.running).to.deep.equal(['w', 'x']);
    await cells.end('w');
    expect(cells.running).to.deep.equal(['x', 'y']);
    void cells.ask('late', 'light');
    await cells.end('x');
    expect(cells.running).to.deep.equal(['y']);
    await cells.end('y');
    expect(cells.running).to.deep.equal(['late']);
    await cells.end('late');
    expect(cells.running).to.deep.equal(['z']);
  });

  it('runs what bears nothing beside it one by one, between those that are alone with their kind', async () => {
    const admission = new Admission(twoProcessors);
    const cells = tasks(admission);
    void cells.ask('first', 'light', 0);
    void cells.ask('x', 'alone', 1);
    void cells.askSolitary('again', 2);
    void cells.askSolitary('once more', 3);
    for (const name of ['y', 'z']) void cells.ask(name, 'alone', 4);
    for (const [ends, runs] of [
      ['first', ['x']],
      ['x', ['again']],
      ['again', ['once more']],
      ['once more', ['y', 'z']],
    ] as const) {
      await cells.end(ends);
      expect(cells.running, `what runs once ${ends} has ended`).to.deep.equal(runs);
    }
  });

  it('counts cells that are all elsewhere by themselves, whatever they cost and however busy this machine is', async () => {
    const admission = new Admission(twoProcessors, 2);
    const cells = tasks(admission);
    for (const name of ['a', 'b', 'c']) void cells.ask(name, 'heavy', 1, 'elsewhere');
    for (const name of ['d', 'e']) void cells.ask(name, 'heavy', 2);
    expect(cells.running).to.deep.equal(['a', 'b', 'd']);
    admission.look(1);
    await cells.end('a');
    expect(cells.running).to.deep.equal(['b', 'd', 'c']);
  });

  it('runs a cell that is to be alone when none runs elsewhere, either', async () => {
    const cells = tasks(new Admission(twoProcessors, 2));
    void cells.ask('far', 'light', 1, 'elsewhere');
    void cells.ask('alone', 'alone', 2);
    void cells.ask('far alone', 'alone', 3, 'elsewhere');
    expect(cells.running).to.deep.equal(['far']);
    await cells.end('far');
    expect(cells.running).to.deep.equal(['alone', 'far alone']);
  });

  it('lets cells run in their order, also those that come later because their browser starts slowly', async () => {
    const cells = tasks(new Admission(fixedBounds(1)));
    void cells.ask('first', 'light', 0);
    void cells.ask('fourth', 'light', 4);
    void cells.ask('second', 'light', 2);
    await cells.end('first');
    expect(cells.running).to.deep.equal(['second']);
  });

  it('gives back what the task came to, and goes on after one that fails', async () => {
    const admission = new Admission(fixedBounds(1));
    const failed = admission.run('light', 0, () => Promise.reject(new Error('no page')));
    const next = admission.run('light', 1, () => Promise.resolve('done'));
    let said: unknown;
    await failed.catch((error: unknown) => (said = error));
    expect(said).to.be.an('error').with.property('message', 'no page');
    expect(await next).to.equal('done');
  });
});

describe('the bounds that the harness finds', () => {
  it('follow the processors', () => {
    expect(autoBounds(2, 16e9)).to.include({ least: 4, most: 8 });
    expect(autoBounds(4, 64e9)).to.include({ least: 8, most: 16 });
  });

  it('stay within the memory that is free, and never below a cell of media for each processor', () => {
    expect(autoBounds(4, 1.5e9)).to.include({ least: 8, most: 10 });
    expect(autoBounds(4, 0.1e9)).to.include({ least: 8, most: 8 });
  });

  it('end where one harness and one process of each browser are full', () => {
    expect(autoBounds(16, 256e9)).to.include({ least: 32, most: 32 });
    expect(autoBounds(64, 256e9).most).to.equal(32);
  });

  it('leave room for two pages of a browser in each cell, and one more; and for one in each idle cell', () => {
    expect(fixedBounds(2).pages).to.equal(5);
    expect(autoBounds(2, 16e9).pages).to.equal(13);
  });
});
