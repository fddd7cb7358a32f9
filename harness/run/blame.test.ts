import { expect } from 'chai';
import { Blame, isRunAgain } from './blame.ts';

describe('the blame for a browser that is lost', () => {
  const one = {};
  const other = {};

  it('is the first cell’s, and the others were only there', () => {
    const blame = new Blame();
    const lost = [{}];
    expect(blame.isBystander({ status: 'crash', lost, watch: one })).to.equal(false);
    expect(blame.isBystander({ status: 'crash', lost, watch: other })).to.equal(true);
    expect(blame.isBystander({ status: 'timeout', lost, watch: other })).to.equal(true);
  });

  it('is nobody’s excuse for a browser of its own, nor for a check that did not hold', () => {
    const blame = new Blame();
    const browser = {};
    blame.isBystander({ status: 'crash', lost: [browser], watch: one });
    expect(blame.isBystander({ status: 'crash', lost: [browser, {}], watch: other })).to.equal(false);
    expect(blame.isBystander({ status: 'fail', lost: [browser], watch: other })).to.equal(false);
    expect(blame.isBystander({ status: 'timeout', lost: [], watch: other })).to.equal(false);
  });

  it('is that cell’s whose look ends a browser that hangs, however soon the others see the end', () => {
    const blame = new Blame();
    const browser = {};
    blame.suspect(one, browser);
    expect(blame.isBystander({ status: 'crash', lost: [browser], watch: other })).to.equal(true);
    expect(blame.isBystander({ status: 'timeout', lost: [browser], watch: one })).to.equal(false);
  });

  it('is taken back where the browser lives', () => {
    const blame = new Blame();
    const browser = {};
    blame.suspect(one, browser)();
    expect(blame.isBystander({ status: 'crash', lost: [browser], watch: other })).to.equal(false);
  });
});

describe('a cell is run again', () => {
  const again = (words: string, rules: { retries?: number; strict?: boolean } = {}): boolean =>
    isRunAgain(
      words.split(' ').map((status) => ({ status: status as 'crash' | 'fail' | 'pass' })),
      { retries: 0, strict: false, ...rules },
    );

  it('after a crash, twice', () => {
    expect(again('crash')).to.equal(true);
    expect(again('crash crash')).to.equal(true);
    expect(again('crash crash crash')).to.equal(false);
  });

  it('never after a pass, nor after another failure without retries', () => {
    expect(again('pass')).to.equal(false);
    expect(again('crash pass')).to.equal(false);
    expect(again('fail')).to.equal(false);
    expect(again('crash fail')).to.equal(false);
  });

  it('after a crash only where the user gives retries, when it is strict', () => {
    expect(again('crash', { strict: true })).to.equal(false);
    expect(again('crash', { strict: true, retries: 1 })).to.equal(true);
  });

  it('as often as the user says, crashes apart', () => {
    expect(again('fail', { retries: 1 })).to.equal(true);
    expect(again('fail fail', { retries: 1 })).to.equal(false);
    expect(again('crash fail', { retries: 1 })).to.equal(true);
    expect(again('crash fail fail', { retries: 1 })).to.equal(false);
  });
});
