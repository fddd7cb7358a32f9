import type { ReportBrowser, ReportIndex } from '../data.ts';
import type { Pair, Tally } from './model.ts';

const months = 'January February March April May June July August September October November December'.split(
  ' ',
);
const two = (number: number): string => String(number).padStart(2, '0');

/** `24 November`, in UTC. */
export function dayOf(iso: string): string {
  const date = new Date(iso);
  return `${String(date.getUTCDate())} ${months[date.getUTCMonth()] ?? ''}`;
}

/** `24 November 2026, 13:05 UTC`. */
export function whenOf(iso: string): string {
  const date = new Date(iso);
  return `${dayOf(iso)} ${String(date.getUTCFullYear())}, ${two(date.getUTCHours())}:${two(date.getUTCMinutes())} UTC`;
}

/** `1 failure`, `2 failures`; with thousands separated. */
export const count = (number: number, one: string, many = `${one}s`): string =>
  `${grouped(number)} ${number === 1 ? one : many}`;

export const grouped = (number: number): string =>
  number.toLocaleString('en', { maximumFractionDigits: 0, useGrouping: number >= 10_000 });

/** As people name a version: `156.0.8078.108` is 156.0.8078, `153.7.0` is 153.7. */
export function shortVersion(version: string): string {
  const parts = version.split('.').slice(0, 3);
  if (parts.length === 3 && parts[2] === '0') parts.pop();
  return parts.join('.');
}

/** What is added to the name of something that is not a browser. */
const libraryMark = (engine: ReportBrowser['engine']): string => (engine === 'library' ? ' (library)' : '');

/** `Firefox ESR 153.7`, `werift 0.25 (library)`. */
export const browserName = ({
  engine,
  product,
  version,
}: Pick<ReportBrowser, 'engine' | 'product' | 'version'>): string =>
  `${product} ${shortVersion(version)}${libraryMark(engine)}`;

/** Names of browsers for people: the product, and its id too if two have the same product. Libraries are marked. */
export function namesOf(
  browsers: readonly Pick<ReportBrowser, 'id' | 'engine' | 'product'>[],
): (id: string) => string {
  const products = browsers.map(({ product }) => product);
  const names = new Map(
    browsers.map(({ id, engine, product }) => {
      const isAlone = products.filter((other) => other === product).length === 1;
      return [id, `${product}${isAlone ? '' : ` (${id})`}${libraryMark(engine)}`];
    }),
  );
  return (id) => names.get(id) ?? id;
}

/** `Firefox ESR → Chromium`; for one browser, `Firefox ESR alone`. */
export const pairInWords = ({ offerer, answerer }: Pair, nameOf: (id: string) => string): string =>
  answerer === null ? `${nameOf(offerer)} alone` : `${nameOf(offerer)} → ${nameOf(answerer)}`;

/** The first sentence of the report: what is news, then what is not. */
export function sentenceOf({ verdict, baseline }: ReportIndex, all: Tally): string {
  const since = baseline === null ? '' : ` since ${dayOf(baseline.startedAt)}`;
  const parts = [
    ...(all.new === 0 ? [] : [`${grouped(all.new)} new ${all.new === 1 ? 'failure' : 'failures'}`]),
    ...(all.known === 0 ? [] : [`${grouped(all.known)} known`]),
    ...(all.fixed === 0 ? [] : [`${grouped(all.fixed)} fixed`]),
    ...(all.lost === 0 ? [] : [`${grouped(all.lost)} lost support`]),
    ...(all.flaky === 0 ? [] : [`${grouped(all.flaky)} flaky`]),
  ];
  const nothingNew = all.new + all.lost + all.fixed === 0 ? 'nothing new' : '';
  const said = [...(all.new === 0 ? [nothingNew] : []), ...parts].filter((part) => part !== '').join(', ');
  const sentence = `${said}${since}`;
  if (verdict.kind === 'incomplete') return `${verdict.sentence.replace(/[,;] .*$/, '')}: ${sentence}`;
  return sentence.charAt(0).toUpperCase() + sentence.slice(1);
}

/** A number as people read it: three significant digits, no exponent. */
export function figure(value: number): string {
  if (Number.isInteger(value)) return grouped(value);
  const digits = Math.abs(value) >= 100 ? 0 : Math.abs(value) >= 10 ? 1 : Math.abs(value) >= 1 ? 2 : 3;
  return String(Number(value.toFixed(digits)));
}

/** A measurement with its unit: `1.2 s`, `850 kbit/s`, `64 KiB`, `97 %`; a plain count or ratio has none. */
export function amount(value: number, unit: string): string {
  if (unit === 'ms' && Math.abs(value) >= 1000) return `${figure(value / 1000)} s`;
  if (unit === 'bit/s') {
    if (Math.abs(value) >= 1e6) return `${figure(value / 1e6)} Mbit/s`;
    if (Math.abs(value) >= 1e3) return `${figure(value / 1e3)} kbit/s`;
  }
  if (unit === 'bytes') {
    if (Math.abs(value) >= 1024 ** 3) return `${figure(value / 1024 ** 3)} GiB`;
    if (Math.abs(value) >= 1024 ** 2) return `${figure(value / 1024 ** 2)} MiB`;
    if (Math.abs(value) >= 1024) return `${figure(value / 1024)} KiB`;
  }
  return unit === '1' || unit === '' ? figure(value) : `${figure(value)} ${unit}`;
}

/** A JSON value of a check for people: text as it is, numbers rounded, lists on one line if they fit. */
export function shown(value: unknown): string {
  if (typeof value === 'string')
    return value.replaceAll(/-?\d+\.\d{4,}/g, (number) => figure(Number(number)));
  if (typeof value === 'number') return figure(value);
  const flat = JSON.stringify(value, null, 1) ?? 'undefined';
  const line = flat.replaceAll(/\s*\n\s*/g, ' ');
  return line.length <= 80 ? line : flat;
}

/** How far a cell got, in words. */
export const phaseInWords = {
  launch: 'before the call',
  signaling: 'while signaling',
  sdp: 'while descriptions were set',
  ice: 'while ICE looked for a path',
  dtls: 'in the DTLS handshake',
  sctp: 'while SCTP connected',
  media: 'while media was awaited',
  assert: 'when it was checked',
  teardown: 'at the end of the call',
} as const;
