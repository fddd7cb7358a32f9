import { boxX, plot, ruleX } from '@observablehq/plot';

/** Draws the values of some pairs below one another. A script of its own: only the measurements need the library. */
export type PlotDistribution = (
  points: readonly { pair: string; value: number }[],
  unit: string,
  label: string,
) => Element;

declare global {
  var webrtcInteropPlots: PlotDistribution | undefined;
}

const draw: PlotDistribution = (points, unit, label) => {
  const lowest = Math.min(...points.map(({ value }) => value));
  const figure = plot({
    width: 640,
    marginLeft: 170,
    marginTop: 8,
    height: 40 + 26 * new Set(points.map(({ pair }) => pair)).size,
    x: { label: unit === '' ? null : unit, grid: true, nice: true, zero: lowest >= 0 },
    y: { label: null },
    marks: [
      ruleX([0]),
      boxX(points, { x: 'value', y: 'pair', fill: 'var(--plot)', stroke: 'currentColor', r: 2.5 }),
    ],
  });
  // Its style comes with the page's own: an inline one is against the page's policy.
  figure.querySelectorAll('style').forEach((style) => style.remove());
  // The label of the whole says what it is; groups without a role may not have a name.
  figure.querySelectorAll('[aria-label]').forEach((part) => part.removeAttribute('aria-label'));
  figure.setAttribute('role', 'img');
  figure.setAttribute('aria-label', label);
  return figure;
};

globalThis.webrtcInteropPlots = draw;
