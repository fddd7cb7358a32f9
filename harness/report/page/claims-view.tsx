import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { dueInWords, offBy } from '../../results/claim.ts';
import type { ReportClaims } from '../data.ts';
import { cellAddress } from './address.ts';
import { sectionWords } from './groups.ts';
import { useLoaded } from './hooks.ts';
import { loadClaims } from './load.ts';
import type { Model } from './model.ts';
import { Sign, toneOf } from './parts.tsx';
import { find, problemsOf } from './query.ts';
import { amount, count, figure, namesOf, pairInWords, shown, shortVersion } from './words.ts';

type Member = ReportClaims['members'][number];
type Claim = Member['claims'][number];
type Verdict = Claim['verdict'];

const signs = { right: '✓', wrong: '✗', absent: '–' } as const satisfies Record<Verdict, string>;
/** What is worse comes first. */
const severity: readonly Verdict[] = ['wrong', 'absent', 'right'];
const worstFirst = (one: Claim, other: Claim): number =>
  severity.indexOf(one.verdict) - severity.indexOf(other.verdict);

/** The browser that a claim belongs to. */
function browserOf(model: Model, { cell, peer }: Claim): string {
  const { offerer, answerer } = model.pair(cell);
  return peer === 'answerer' && answerer !== null ? answerer : offerer;
}

/** Counts are exact: one more or less is exactly what is being asked. */
const exactly = (value: number, unit: string): string =>
  Number.isInteger(value) ? `${String(value)}${unit === '1' ? '' : ` ${unit}`}` : amount(value, unit);

const inUnit =
  (unit: string) =>
  (value: unknown): string =>
    typeof value === 'number' ? exactly(value, unit) : shown(value);

/** `2 times as much`, `3 too much`; empty if it is no number. */
function offInWords({ expected, actual, unit }: Claim): string {
  const off = offBy(expected, actual);
  if (off === null) return '';
  if ('times' in off) return `${figure(off.times)} times as much`;
  return `${exactly(Math.abs(off.more), unit)} too ${off.more > 0 ? 'much' : 'little'}`;
}

/** The worst verdict on the claims of one browser about one member, with each of the claims behind it. */
function Verdicts({
  model,
  claims,
  query,
}: {
  model: Model;
  claims: readonly Claim[];
  query: string;
}): VNode {
  const nameOf = namesOf(model.index.browsers);
  // a run of many repeats has tens of thousands of claims
  const [isOpen, setOpen] = useState(false);
  const [worst, ...others] = claims.toSorted(worstFirst);
  if (worst === undefined)
    return (
      <td class="none">
        <span aria-hidden="true">·</span>
        <span class="sr">not asked</span>
      </td>
    );
  const { verdict } = worst;
  const alike = claims.filter((claim) => claim.verdict === verdict);
  const tones = new Set(alike.map(({ cell }) => toneOf(model, cell)));
  const isKnown = tones.has('known') && !tones.has('new') && !tones.has('lost');
  // a member that may be left out is absent in cells that pass
  const bad = isKnown ? 'known' : tones.has('passed') ? 'lacking' : 'new';
  const tone = verdict === 'right' ? 'passed' : bad;
  return (
    <td>
      <details onToggle={({ currentTarget }) => setOpen(currentTarget.open)}>
        <summary>
          <span class={`badge ${tone}`}>
            <Sign>{tone === 'known' ? sectionWords.known.sign : signs[verdict]}</Sign> {verdict}
            {tone === 'known' && <span class="sr">, known</span>}
          </span>{' '}
          {verdict === 'wrong' && offInWords(worst)}
          {alike.length < claims.length && (
            <span class="soft">
              {' '}
              in {alike.length} of {claims.length}
            </span>
          )}
        </summary>
        {isOpen && (
          <ul class="lines">
            {[worst, ...others].map((claim) => {
              const { cell, peer, expected, actual, unit } = claim;
              const repeat = model.repeat(cell);
              return (
                <li>
                  <a href={cellAddress(model, cell, query)}>
                    {model.scenario(cell).title}, {pairInWords(model.pair(cell), nameOf)}
                    {repeat > 1 && `, run ${String(repeat)}`}
                  </a>
                  <span class="soft">, {peer}</span>: {claim.verdict}
                  {claim.verdict === 'absent' ? '' : `, ${inUnit(unit)(actual)}`}, due{' '}
                  {dueInWords(expected, inUnit(unit))}
                </li>
              );
            })}
          </ul>
        )}
      </details>
    </td>
  );
}

function Table({
  model,
  area,
  members,
  query,
}: {
  model: Model;
  area: string;
  members: readonly Member[];
  query: string;
}): VNode {
  const asked = new Set(members.flatMap(({ claims }) => claims.map((claim) => browserOf(model, claim))));
  const browsers = model.index.browsers.filter(({ id }) => asked.has(id));
  const nameOf = namesOf(browsers);
  const dictionaries = [...new Set(members.map(({ dictionary }) => dictionary))];
  return (
    <section>
      <h2>{area}</h2>
      <div class="sticky-scroll" role="region" aria-label={`Claims of ${area}`} tabIndex={0}>
        <table class="compatibility claims">
          <thead>
            <tr>
              <th scope="col">Member</th>
              {browsers.map(({ id, version }) => (
                <th scope="col">
                  {nameOf(id)}
                  <span class="soft">{shortVersion(version)}</span>
                </th>
              ))}
            </tr>
          </thead>
          {dictionaries.map((dictionary) => (
            <tbody key={dictionary}>
              <tr class="group">
                <th scope="rowgroup" colSpan={browsers.length + 1}>
                  {dictionary}
                </th>
              </tr>
              {members
                .filter((about) => about.dictionary === dictionary)
                .map(({ member, claims }) => (
                  <tr key={member}>
                    <th scope="row">{member}</th>
                    {browsers.map(({ id }) => (
                      <Verdicts
                        model={model}
                        claims={claims.filter((claim) => browserOf(model, claim) === id)}
                        query={query}
                      />
                    ))}
                  </tr>
                ))}
            </tbody>
          ))}
        </table>
      </div>
    </section>
  );
}

/** What browsers say in the members of dictionaries, such as statistics: right, wrong and by how much, or absent. */
export function ClaimsView({ model, query }: { model: Model; query: string }): VNode {
  const loaded = useLoaded('claims', loadClaims);
  const [isShort, setShort] = useState(false);
  const kept = useMemo(() => (query === '' ? null : new Set(find(query, model))), [model, query]);
  if (loaded.state === 'loading') return <p>Loading…</p>;
  if (loaded.state === 'failed') return <p class="problem">{loaded.message}</p>;
  const tables = loaded.value.map(({ area, members }) => ({
    area,
    members: members
      .map((about) => ({ ...about, claims: about.claims.filter(({ cell }) => kept?.has(cell) !== false) }))
      .filter(({ claims }) => claims.length > 0),
  }));
  const isOff = ({ claims }: Member): boolean => claims.some(({ verdict }) => verdict !== 'right');
  const all = tables.flatMap(({ members }) => members);
  const off = all.filter(isOff);
  return (
    <>
      <h1>What browsers say, held against what is known</h1>
      {problemsOf(query, model).map((problem) => (
        <p class="problem">{problem}</p>
      ))}
      <p role="status">
        {count(all.length, 'member')}: {all.length - off.length} right wherever it was asked about,{' '}
        {off.length} wrong or absent somewhere. Of each browser the worst is shown, and in how many of its
        cells it was so.
      </p>
      <label>
        <input type="checkbox" checked={isShort} onChange={() => setShort(!isShort)} /> only what is wrong or
        absent ({off.length})
      </label>
      {tables.map(({ area, members }) => {
        const rows = isShort ? members.filter(isOff) : members;
        return rows.length === 0 ? null : (
          <Table key={area} model={model} area={area} members={rows} query={query} />
        );
      })}
    </>
  );
}
