import type { VNode } from 'preact';
import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { MeasuredChunk } from '../data.ts';
import { cellAddress } from './address.ts';
import { useLoaded } from './hooks.ts';
import { loadMeasured, loadScript } from './load.ts';
import type { Model } from './model.ts';
import { Scroll } from './parts.tsx';
import type { PlotDistribution } from './plots.ts';
import { find } from './query.ts';
import { amount, count, namesOf, pairInWords } from './words.ts';

declare global {
  var webrtcInteropPlots: PlotDistribution | undefined;
}

/** Some values: how many there are, and where the middle, the upper tenth and the ends are. */
interface Spread {
  pair: number;
  cells: number[];
  values: number[];
  low: number;
  median: number;
  p90: number;
  high: number;
}

const at = (sorted: readonly number[], share: number): number =>
  sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? Number.NaN;

function spreadsOf(chunk: MeasuredChunk, kept: ReadonlySet<number> | null): Spread[] {
  return chunk.values.flatMap(({ pair, values, cells }) => {
    const both = values
      .map((value, index) => ({ value, cell: cells[index] ?? -1 }))
      .filter(({ cell, value }) => Number.isFinite(value) && (kept === null || kept.has(cell)));
    if (both.length === 0) return [];
    const sorted = both.map(({ value }) => value).toSorted((one, other) => one - other);
    return [
      {
        pair,
        cells: both.map(({ cell }) => cell),
        values: both.map(({ value }) => value),
        low: at(sorted, 0),
        median: at(sorted, 0.5),
        p90: at(sorted, 0.9),
        high: sorted.at(-1) ?? Number.NaN,
      },
    ];
  });
}

function Plot({
  model,
  unit,
  spreads,
  name,
}: {
  model: Model;
  unit: string;
  spreads: readonly Spread[];
  name: string;
}): VNode {
  const place = useRef<HTMLDivElement>(null);
  const library = useLoaded('plots', () => loadScript('plots.js'));
  useEffect(() => {
    const draw = globalThis.webrtcInteropPlots;
    if (place.current === null || library.state !== 'there' || draw === undefined) return;
    const nameOf = namesOf(model.index.browsers);
    const points = spreads.flatMap(({ pair, values }) => {
      const label = pairInWords(model.index.pairs[pair] ?? { offerer: '', answerer: null }, nameOf);
      return values.map((value) => ({ pair: label, value }));
    });
    place.current.replaceChildren(
      draw(points, unit === '1' ? '' : unit, `${name} by pair; the table below has the numbers`),
    );
  }, [library.state, spreads]);
  if (library.state === 'failed') return <p class="problem">{library.message}</p>;
  return <div class="plot" ref={place} />;
}

interface Measured {
  model: Model;
  /** The place of the measurement in the index. */
  place: number;
  /** The cells that a query leaves; null for all. */
  kept: ReadonlySet<number> | null;
}

function Spreads({ model, place, kept }: Measured): VNode {
  const about = model.index.measured[place];
  const chunk = useLoaded(String(place), () => loadMeasured(place));
  const spreads = useMemo(() => (chunk.state === 'there' ? spreadsOf(chunk.value, kept) : []), [chunk, kept]);
  const nameOf = namesOf(model.index.browsers);
  if (chunk.state === 'failed') return <p class="problem">{chunk.message}</p>;
  if (chunk.state === 'loading' || about === undefined) return <p>Loading…</p>;
  if (spreads.length === 0) return <p class="soft">Nothing of it in this selection.</p>;
  const { unit } = about;
  return (
    <>
      <Plot model={model} unit={unit} spreads={spreads} name={about.name} />
      <Scroll label={`${about.name} by pair`}>
        <table class="wide spreads">
          <thead>
            <tr>
              <th scope="col">Pair</th>
              <th scope="col">Cells</th>
              <th scope="col">Least</th>
              <th scope="col">Median</th>
              <th scope="col">9 of 10 below</th>
              <th scope="col">Most</th>
            </tr>
          </thead>
          <tbody>
            {spreads.map(({ pair, cells, values, low, median, p90, high }) => {
              const highest = cells[values.indexOf(high)];
              return (
                <tr>
                  <th scope="row">
                    {pairInWords(model.index.pairs[pair] ?? { offerer: '', answerer: null }, nameOf)}
                  </th>
                  <td>{values.length}</td>
                  <td>{amount(low, unit)}</td>
                  <td>{amount(median, unit)}</td>
                  <td>{values.length < 10 ? '–' : amount(p90, unit)}</td>
                  <td>
                    {highest === undefined ? (
                      amount(high, unit)
                    ) : (
                      <a href={cellAddress(model, highest)}>{amount(high, unit)}</a>
                    )}
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      </Scroll>
    </>
  );
}

/** Loads when a reader comes near it. */
function Measurement({ model, place, kept }: Measured): VNode {
  const section = useRef<HTMLElement>(null);
  const [near, setNear] = useState(false);
  const about = model.index.measured[place];
  useEffect(() => {
    if (section.current === null) return undefined;
    const observer = new IntersectionObserver(
      (entries) => {
        if (!entries.some(({ isIntersecting }) => isIntersecting)) return;
        setNear(true);
        observer.disconnect();
      },
      { rootMargin: '400px' },
    );
    observer.observe(section.current);
    return () => observer.disconnect();
  }, []);
  return (
    <section class="measurement" ref={section}>
      <h2>
        {about?.name} <span class="soft">{count(about?.cells ?? 0, 'cell')}</span>
      </h2>
      {near ? <Spreads model={model} place={place} kept={kept} /> : <p class="space">Loading…</p>}
    </section>
  );
}

/** What readers ask for most comes first. */
const sought = [
  'time to connect',
  'time to first frame',
  'end-to-end delay',
  'gap',
  'time to first tone',
  'bitrate',
  'frame rate',
];

/** What was measured, by pair: distributions as small plots, and as numbers. */
export function MeasurementsView({ model, query }: { model: Model; query: string }): VNode {
  const kept = useMemo(() => (query === '' ? null : new Set(find(query, model))), [model, query]);
  const rank = (name: string): number => {
    const place = sought.indexOf(name);
    return place < 0 ? sought.length : place;
  };
  const places = model.index.measured
    .map((about, place) => ({ ...about, place }))
    .toSorted((one, other) => rank(one.name) - rank(other.name) || other.cells - one.cells);
  return (
    <>
      <h1>What was measured</h1>
      <p>
        {count(places.length, 'measurement')} by pair. The box holds the middle half, the line in it is the
        median.
        {query !== '' && ` Of the cells of “${query}” only.`}
      </p>
      {places.map(({ place, name, unit }) => (
        <Measurement key={`${name} ${unit}`} model={model} place={place} kept={kept} />
      ))}
    </>
  );
}
