import { expect, util } from 'chai';
import type { Tools } from '../../harness/matrix/scenario.ts';

/** The limits that a measurement has to keep to; at least one of the two. */
export type Bound = ({ least: number; most?: number } | { least?: number; most: number }) & {
  /** A bound of pace: a machine that is too slow misses it, whatever the browser does. So the cell gets a second look. */
  paced?: true;
};

/** `expect` for pace: what a slow machine misses, whatever the browser does. The check is marked as such. */
export function expectPace(value: unknown, what: string): Chai.Assertion {
  const assertion = expect(value, what);
  util.flag(assertion, 'paced', true);
  return assertion;
}

/**
 * Records a measurement and checks it against its bound: what is measured is asserted. Whether it is a number becomes a
 * check of its own only where it is not one: a bound that is kept already implies it.
 */
export function hold(
  tools: Pick<Tools, 'measure'>,
  name: string,
  value: number | null | undefined,
  unit: string,
  { least = -Infinity, most = Infinity, paced }: Bound,
): void {
  const what = unit === '1' ? name : `${name}, in ${unit}`;
  const expectIt = paced ? expectPace : expect;
  if (typeof value !== 'number') {
    expectIt(value, what).to.be.a('number');
    return;
  }
  if (Number.isFinite(value)) tools.measure(name, value, unit);
  if (least > -Infinity) expectIt(value, what).to.be.at.least(least);
  if (most < Infinity) expectIt(value, what).to.be.at.most(most);
}
