import { expect } from 'chai';
import type { Tools } from '../../harness/matrix/scenario.ts';

/** What a measurement has to keep to; at least one of the two. */
export interface Bound {
  least?: number;
  most?: number;
}

/** Keeps a measurement and holds it against its bound: what is measured is asserted. */
export function hold(
  tools: Pick<Tools, 'measure'>,
  name: string,
  value: number | null | undefined,
  unit: string,
  { least = -Infinity, most = Infinity }: Bound,
): void {
  const what = unit === '1' ? name : `${name}, in ${unit}`;
  expect(value, what).to.be.a('number');
  if (typeof value !== 'number') return;
  if (Number.isFinite(value)) tools.measure(name, value, unit);
  if (least > -Infinity) expect(value, what).to.be.at.least(least);
  if (most < Infinity) expect(value, what).to.be.at.most(most);
}
