import { nameOfPair, type Pair } from '../../report/page/model.ts';

/** Where in the site a reader is, according to the part of the address behind `#`. */
export type Place =
  | { view: 'overview' | 'runs' }
  /** Empty ids stand for the newest run and the one before it. */
  | { view: 'compare'; before: string; after: string }
  /** An empty id stands for the newest run. */
  | { view: 'cells'; run: string; query: string }
  | { view: 'cell'; run: string; scenario: string; pair: string; query: string };

const inQuery = (text: string): string =>
  encodeURIComponent(text)
    .replaceAll('%20', '+')
    .replaceAll('%3A', ':')
    .replaceAll('%3E', '>')
    .replaceAll('%2F', '/');

function address(path: string, parameters: Readonly<Record<string, string>>): string {
  const given = Object.entries(parameters).filter(([, value]) => value !== '');
  const search = given.map(([name, value]) => `${name}=${inQuery(value)}`).join('&');
  return `#/${path}${search === '' ? '' : `?${search}`}`;
}

export const overviewAddress = '#/';
export const runsAddress = '#/runs';
export const compareAddress = (before = '', after = ''): string => address('compare', { before, after });
export const cellsAddress = (run = '', query = ''): string => address('cells', { run, q: query });

/** Scenario and pair are as in the addresses of a run's report. */
export const cellAddress = (scenario: string, pair: Pair, run = '', query = ''): string =>
  address(`cell/${scenario.split('/').map(inQuery).join('/')}/${inQuery(nameOfPair(pair))}`, {
    run,
    q: query,
  });

function decoded(text: string): string {
  try {
    return decodeURIComponent(text);
  } catch {
    return text; // not a valid encoding: taken as it is
  }
}

/** Where an address leads; an unknown one leads to the overview. */
export function placeOf(hash: string): Place {
  const [, path = '', search = ''] = /^#?\/?([^?]*)(?:\?(.*))?$/.exec(hash) ?? [];
  const parameters = new URLSearchParams(search);
  const get = (name: string): string => parameters.get(name) ?? '';
  const [view, ...rest] = path.split('/').map(decoded);
  if (view === 'runs') return { view };
  if (view === 'compare') return { view, before: get('before'), after: get('after') };
  if (view === 'cells') return { view, run: get('run'), query: get('q') };
  if (view === 'cell' && rest.length > 1)
    return {
      view,
      run: get('run'),
      scenario: rest.slice(0, -1).join('/'),
      pair: rest.at(-1) ?? '',
      query: get('q'),
    };
  return { view: 'overview' };
}
