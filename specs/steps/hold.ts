import { expect, util } from 'chai';
import type { Tools } from '../../harness/matrix/scenario.ts';

/** What a measurement has to keep to; at least one of the two. */
export type Bound = ({ least: number; most?: number } | { least?: number; most: number }) & {
  /** A bound of pace: a machine that is too slow misses it, whatever the browser does. So the cell gets a second look. */
  paced?: true;
};

/** `expect` about pace: what a slow machine misses, whatever the browser does. The check says so. */
export function expectPace(value: unknown, what: string): Chai.Assertion {
  const assertion = expect(value, what);
  util.flag(assertion, 'paced', true);
  return assertion;
}

/**
 * Keeps a measurement and holds it against its bound: what is measured is asserted. That it is a number is a check only
 * where it is none: a bound that is kept says so already.
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
