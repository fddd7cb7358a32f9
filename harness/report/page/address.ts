import { nameOfPair, type Model } from './model.ts';

/** Where in the page a reader is, according to the part of the address behind `#`. */
export type Place =
  | { view: 'overview' | 'compatibility' | 'claims' | 'measurements' | 'browsers' | 'cells'; query: string }
  | { view: 'scenario'; scenario: number; query: string }
  | { view: 'cell'; cell: number; query: string }
  | { view: 'nowhere'; query: string; said: string };

const views = ['compatibility', 'claims', 'measurements', 'browsers', 'cells'] as const;

/** Readable where a fragment allows it. */
const inQuery = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll('%3A', ':')
    .replaceAll('%3E', '>')
    .replaceAll('%2F', '/');

const withQuery = (path: string, query = ''): string =>
  query === '' ? `#/${path}` : `#/${path}?q=${inQuery(query)}`;

export const overviewAddress = '#/';
export const viewAddress = (view: (typeof views)[number], query = ''): string => withQuery(view, query);
export const scenarioAddress = (id: string, query = ''): string => withQuery(`scenario/${id}`, query);

/** The same from run to run: `#/cell/codecs/video/vp8/firefox:chromium`. */
export function cellAddress(model: Model, cell: number, query = ''): string {
  const repeat = model.repeat(cell);
  const path = `cell/${model.scenario(cell).id}/${nameOfPair(model.pair(cell))}`;
  return withQuery(repeat === 1 ? path : `${path}/${String(repeat)}`, query);
}

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not a valid encoding: taken as it is
  }
}

/** Where an address leads; an unknown one leads nowhere, and says so. */
export function placeOf(hash: string, model: Model): Place {
  const [, path = '', search = ''] = /^#?\/?([^?]*)(?:\?(.*))?$/.exec(hash) ?? [];
  const query = new URLSearchParams(search).get('q') ?? '';
  if (path === '') return { view: 'overview', query };
  const [first = '', ...rest] = path.split('/').map(decoded);
  const view = views.find((known) => known === first);
  if (view !== undefined && rest.length === 0) return { view, query };
  if (first === 'pair') return { view: 'cells', query: (rest[0] ?? '').replace(':', '>') };
  if (first === 'scenario') {
    const scenario = model.scenarioById(rest.join('/'));
    if (scenario !== undefined) return { view: 'scenario', scenario, query };
  }
  const cell = first === 'cell' ? cellOf(rest, model) : undefined;
  if (cell !== undefined) return { view: 'cell', cell, query };
  return { view: 'nowhere', query, said: rest.join('/') || first };
}

function cellOf(parts: readonly string[], model: Model): number | undefined {
  const repeat = /^\d+$/.test(parts.at(-1) ?? '') && parts.length > 1 ? Number(parts.at(-1)) : undefined;
  return (
    (repeat === undefined ? undefined : cellNamed(parts.slice(0, -1), repeat, model)) ??
    cellNamed(parts, 1, model)
  );
}

function cellNamed(parts: readonly string[], repeat: number, model: Model): number | undefined {
  const scenario = model.scenarioById(parts.slice(0, -1).join('/'));
  const pair = model.pairByName(parts.at(-1) ?? '');
  return scenario === undefined || pair === undefined ? undefined : model.cellsAt(scenario, pair)[repeat - 1];
}
