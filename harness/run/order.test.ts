import { expect } from 'chai';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Load } from '../matrix/scenario.ts';
import { spread } from './order.ts';

const cells = (...names: string[]): PlannedCell[] =>
  names.map((scenario) => ({ scenario, offerer: 'chromium', answerer: null }));
const loadOf = ({ scenario }: PlannedCell): Load => (scenario.startsWith('m') ? 'media' : 'light');
const isSlow = ({ scenario }: PlannedCell): boolean => scenario.startsWith('slow');
const names = (planned: PlannedCell[]): string => planned.map(({ scenario }) => scenario).join(' ');

describe('the order of cells side by side', () => {
  it('mixes each kind of load evenly and keeps the order within it', () => {
    const order = spread(cells('l1', 'l2', 'l3', 'l4', 'm1', 'm2'), loadOf, isSlow);
    expect(names(order)).to.equal('l1 m1 l2 l3 m2 l4');
  });

  it('begins with the canaries', () => {
    const order = spread(cells('l1', 'm1', 'canary/agent/x', 'canary/probe/y'), loadOf, isSlow);
    expect(names(order).startsWith('canary/agent/x canary/probe/y')).to.equal(true);
  });

  it('does not leave what takes long to the end', () => {
    const many = Array.from({ length: 20 }, (_, index) => `l${String(index)}`);
    const order = spread(cells(...many, 'slow1', 'slow2'), loadOf, isSlow).map(({ scenario }) => scenario);
    expect(order.indexOf('slow1')).to.be.within(1, 10);
    expect(order.indexOf('slow2')).to.be.within(11, 16);
  });

  it('keeps every cell, those that are there several times, too', () => {
    const planned = cells('l1', 'l1', 'm1', 'm1', 'slow');
    expect(spread(planned, loadOf, isSlow)).to.have.members(planned);
  });
});
