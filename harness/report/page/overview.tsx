import type { VNode } from 'preact';
import type { ReportIndex } from '../data.ts';
import { viewAddress } from './address.ts';
import { sectionsOf, sectionWords, type Group, type Section } from './groups.ts';
import { matrixOf, nameOfPair, type Matrix, type Model, type Tally } from './model.ts';
import { Cause, Scroll, Sign, Why } from './parts.tsx';
import {
  browserName,
  count,
  grouped,
  namesOf,
  pairInWords,
  sentenceOf,
  shortVersion,
  whenOf,
} from './words.ts';

/** The largest number of causes of one kind that are listed; the list of cells has them all. */
const causesListed = 8;
/** The largest number of pairs that the line of a cause names. */
const pairsNamed = 3;

const toneOfTally = ({ new: fresh, lost, known, flaky, judged }: Tally): string =>
  fresh > 0
    ? 'new'
    : lost > 0
      ? 'lost'
      : known > 0
        ? 'known'
        : flaky > 0
          ? 'flaky'
          : judged > 0
            ? 'passed'
            : 'lacking';

/** What a tile says besides its numbers, the most pressing first. */
function notesOf({ new: fresh, lost, known, fixed, flaky, unsupported }: Tally): string[] {
  const say = (number: number, sign: string, word: string): string[] =>
    number === 0 ? [] : [`${sign} ${grouped(number)} ${word}`];
  const news = [
    ...say(fresh, '✗', 'new'),
    ...say(lost, '↓', 'lost'),
    ...say(fixed, '✓', 'fixed'),
    ...say(known, '○', 'known'),
    ...say(flaky, '↻', 'flaky'),
  ];
  return [...news, ...say(unsupported, '–', 'lacking')];
}

/** @param isWhole whether the run has reached every cell: for those that it did not reach nobody knows what is supported */
function Tile({
  tally,
  label,
  href,
  isWhole,
}: {
  tally: Tally;
  label: string;
  href: string;
  isWhole: boolean;
}): VNode {
  if (tally.cells === 0)
    return (
      <td class="none">
        <span aria-hidden="true">·</span>
        <span class="sr">not in this run</span>
      </td>
    );
  const isUnsupported = isWhole && tally.unsupported === tally.cells;
  return (
    <td>
      <a class={`tile ${toneOfTally(tally)}`} href={href}>
        <span class="sr">{label}: </span>
        {tally.judged === 0 ? (
          <b>{isUnsupported ? 'not supported' : 'nothing judged'}</b>
        ) : (
          <b>
            {grouped(tally.passed)}/{grouped(tally.judged)}
            <span class="sr"> pass</span>
          </b>
        )}
        {!isUnsupported && notesOf(tally).map((note) => <small>{note}</small>)}
      </a>
    </td>
  );
}

const pairQuery = ({ offerer, answerer }: ReportIndex['pairs'][number]): string =>
  answerer === null ? offerer : `${offerer}>${answerer}`;

/** Areas down, directed pairs across. @param addressOf where a query leads */
export function MatrixTable({
  model,
  matrix,
  addressOf = viewAddress,
}: {
  model: Model;
  matrix: Matrix;
  addressOf?: (view: 'cells' | 'compatibility', query: string) => string;
}): VNode {
  const { pairs, browsers } = model.index;
  const nameOf = namesOf(browsers);
  const versions = new Map(browsers.map(({ id, version }) => [id, shortVersion(version)]));
  const shown = pairs.flatMap((pair, at) =>
    model.outOfIt.has(at) || (matrix.pairs[at]?.cells ?? 0) === 0 ? [] : [{ pair, at }],
  );
  // What one browser does alone has columns of its own, so that a search for it does not bring its pairs.
  const queryOf = (pair: ReportIndex['pairs'][number], area?: string): string =>
    [
      ...(area === undefined ? [] : [`area:${area}`]),
      pairQuery(pair),
      ...(pair.answerer === null ? ['is:alone'] : []),
    ].join(' ');
  return (
    <Scroll label="Matrix: areas by pairs of browsers">
      <table class="matrix">
        <caption>Passed of those that could be judged. The first browser offers, the second answers.</caption>
        <thead>
          <tr>
            <td />
            {shown.map(({ pair }) => (
              <th scope="col">
                <a href={addressOf('cells', queryOf(pair))}>{pairInWords(pair, nameOf)}</a>
                <span class="soft">
                  {[pair.offerer, ...(pair.answerer === null ? [] : [pair.answerer])]
                    .map((id) => versions.get(id) ?? 'not started')
                    .join(' → ')}
                </span>
              </th>
            ))}
          </tr>
        </thead>
        <tbody>
          {matrix.areas
            .filter(({ name }) => name !== 'canary')
            .map(({ name, pairs: tallies }) => (
              <tr>
                <th scope="row">
                  <a href={addressOf('compatibility', `area:${name}`)}>{name}</a>
                </th>
                {shown.map(({ pair, at }) => {
                  const tally = tallies[at];
                  return tally === undefined ? (
                    <td />
                  ) : (
                    <Tile
                      tally={tally}
                      label={`${name}, ${pairInWords(pair, nameOf)}`}
                      href={addressOf('cells', queryOf(pair, name))}
                      isWhole={model.index.run.complete}
                    />
                  );
                })}
              </tr>
            ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** Browsers that cannot connect, one line each, and pairs left out because of that. @param addressOf where a query leads */
export function OutOfIt({
  model,
  matrix,
  addressOf = viewAddress,
}: {
  model: Model;
  matrix: Matrix;
  addressOf?: (view: 'cells', query: string) => string;
}): VNode | null {
  const without = model.index.browsers.filter(({ connects }) => connects === false);
  if (without.length === 0) return null;
  return (
    <div class="out-of-it">
      {without.map((browser) => {
        const pairs = [...model.outOfIt].filter((at) => {
          const pair = model.index.pairs[at];
          return pair !== undefined && (pair.offerer === browser.id || pair.answerer === browser.id);
        });
        const cells = pairs.reduce((sum, at) => sum + (matrix.pairs[at]?.cells ?? 0), 0);
        return (
          <p>
            <Sign>–</Sign> <b>{browserName(browser)}</b> cannot take part in a call: it has no
            RTCPeerConnection. Its {count(pairs.length, 'pair')} (
            {pairs
              .map((at) => nameOfPair(model.index.pairs[at] ?? { offerer: '', answerer: null }))
              .join(', ')}
            ) {pairs.length === 1 ? 'is' : 'are'} not supported as a whole (
            <a href={addressOf('cells', `${browser.id} -is:alone`)}>{count(cells, 'cell')}</a>).
          </p>
        );
      })}
    </div>
  );
}

/** The pairs of some cells, the first of them by name. */
function pairsOf(model: Model, cells: readonly number[]): string {
  const nameOf = namesOf(model.index.browsers);
  const pairs = [...new Set(cells.map((cell) => pairInWords(model.pair(cell), nameOf)))];
  const more = pairs.length - pairsNamed;
  return [...pairs.slice(0, pairsNamed), ...(more > 0 ? [`and ${count(more, 'more pair')}`] : [])].join(', ');
}

/** A cause in one line, for passes that needed a retry: a reader wants to know about these, but the matrix comes first. */
function CauseLine({ model, group, query }: { model: Model; group: Group; query: string }): VNode {
  return (
    <li>
      <a href={viewAddress('cells', `${query} why:${group.key}`)}>
        <Why model={model} group={group} />
      </a>{' '}
      <span class="soft">
        {count(group.cells.length, 'cell')}: {pairsOf(model, group.cells)}
      </span>
    </li>
  );
}

function NewsSection({ model, section }: { model: Model; section: Section }): VNode {
  const { title, says } = sectionWords[section.kind];
  const more = section.groups.length - causesListed;
  const query = `is:${section.kind}`;
  return (
    <section aria-labelledby={`news-${section.kind}`}>
      <h2 id={`news-${section.kind}`}>
        {title}{' '}
        <a href={viewAddress('cells', query)}>
          {count(section.cells, 'cell')}
          <span class="sr"> {title}</span>
        </a>
        <span class="soft"> {says}</span>
      </h2>
      {section.kind === 'flaky' ? (
        <ul class="lines">
          {section.groups.slice(0, causesListed).map((group) => (
            <CauseLine model={model} group={group} query={query} />
          ))}
        </ul>
      ) : (
        <ul class="causes">
          {section.groups.slice(0, causesListed).map((group) => (
            <Cause model={model} group={group} kind={section.kind} query={query} />
          ))}
        </ul>
      )}
      {more > 0 && (
        <p>
          <a href={viewAddress('cells', query)}>And {count(more, 'more cause')}</a>
        </p>
      )}
    </section>
  );
}

/** Causes, one line each, for what is not news. */
function Causes({
  model,
  section,
  id,
  children,
}: {
  model: Model;
  section: Section;
  id: string;
  children?: string;
}): VNode {
  return (
    <>
      {children !== undefined && <h3>{children}</h3>}
      <ul class="lines" id={id}>
        {section.groups.map((group) => (
          <li>
            <a
              href={viewAddress(
                'cells',
                section.kind === 'known' ? `is:known why:${group.key}` : `is:unsupported why:${group.key}`,
              )}
            >
              <Why model={model} group={group} />
            </a>{' '}
            <span class="soft">{count(group.cells.length, 'cell')}</span>
          </li>
        ))}
      </ul>
    </>
  );
}

function Known({ model, section }: { model: Model; section: Section | undefined }): VNode | null {
  if (section === undefined) return null;
  return (
    <section aria-labelledby="news-known">
      <h2 id="news-known">
        Known{' '}
        <a href={viewAddress('cells', 'is:known')}>
          {count(section.cells, 'cell')}
          <span class="sr"> Known</span>
        </a>
        <span class="soft"> {sectionWords.known.says}</span>
      </h2>
      <details>
        <summary>{count(section.groups.length, 'cause')}</summary>
        <Causes model={model} section={section} id="known-causes" />
      </details>
    </section>
  );
}

/** What the browsers lack and, separately, what is only missing on this machine. */
function Lacking({ model, section }: { model: Model; section: Section | undefined }): VNode | null {
  if (section === undefined) return null;
  const parts = (['browser', 'installation'] as const).map((whose) => ({
    whose,
    groups: section.groups.filter(({ lacks: [lack] }) => (lack?.whose ?? 'browser') === whose),
  }));
  return (
    <section aria-labelledby="lacking">
      <h2 id="lacking">
        Not supported <span class="soft">{sectionWords.lacking.says}</span>
      </h2>
      {parts.map(({ whose, groups }) =>
        groups.length === 0 ? null : (
          <details>
            <summary>
              {whose === 'browser'
                ? 'Missing in the browsers themselves'
                : 'Missing in this installation only'}
              : {count(groups.length, 'capability', 'capabilities')},{' '}
              {count(
                groups.reduce((sum, { cells }) => sum + cells.length, 0),
                'cell',
              )}
            </summary>
            <Causes model={model} section={{ ...section, groups }} id={`lacking-${whose}`} />
          </details>
        ),
      )}
    </section>
  );
}

/** The canaries in one line. */
function Canaries({ matrix }: { matrix: Matrix }): VNode | null {
  const tallies = matrix.areas.find(({ name }) => name === 'canary')?.pairs ?? [];
  const all = tallies.reduce((sum, { cells }) => sum + cells, 0);
  const good = tallies.reduce((sum, { passed }) => sum + passed, 0);
  if (all === 0) return null;
  return (
    <p class="soft">
      {good} of {count(all, 'canary', 'canaries')} came out as they must, which proves that the harness can
      say no.
    </p>
  );
}

const verdictTone = { good: 'passed', bad: 'new', incomplete: 'lost' } as const;

/** What a reader sees first, and all that there is without JavaScript: verdict, news, matrix. */
export function Overview({ model }: { model: Model }): VNode {
  const { run, browsers, baseline, verdict } = model.index;
  const matrix = matrixOf(model);
  const cells = Array.from({ length: model.size }, (_, cell) => cell).filter(
    (cell) =>
      (!model.outOfIt.has(model.index.cells.pair[cell] ?? 0) &&
        model.areaOfScenario[model.index.cells.scenario[cell] ?? 0] !== 'canary') ||
      model.news(cell) === 'new',
  );
  const sections = sectionsOf(model, cells);
  const { os, osVersion, arch, cpus } = run.environment;
  return (
    <>
      <h1 class={`sentence ${verdictTone[verdict.kind]}`}>
        <Sign>{{ good: '✓', bad: '✗', incomplete: '!' }[verdict.kind]}</Sign>{' '}
        {sentenceOf(model.index, matrix.all)}
        <span class="versions">{browsers.map(browserName).join(', ')}</span>
      </h1>
      <p class="soft">
        <time dateTime={run.startedAt}>{whenOf(run.startedAt)}</time>, on {os} {osVersion} {arch},{' '}
        {count(cpus, 'processor')}, webrtc-interop {run.harness.version}
        {run.harness.commit !== null && ` (${run.harness.commit.slice(0, 7)})`}
        {run.shard !== null && `, shard ${String(run.shard.index)} of ${String(run.shard.total)}`}.{' '}
        {verdict.sentence}
        {baseline === null
          ? ''
          : ` Held against the run of ${whenOf(baseline.startedAt)} with ${baseline.browsers.map(browserName).join(', ')}.`}
      </p>
      {sections.flatMap((section) =>
        section.kind === 'new' ||
        section.kind === 'lost' ||
        section.kind === 'fixed' ||
        section.kind === 'flaky'
          ? [<NewsSection model={model} section={section} />]
          : [],
      )}
      <section aria-labelledby="matrix">
        <h2 id="matrix">Matrix</h2>
        <MatrixTable model={model} matrix={matrix} />
        <p class="legend">
          <span class="badge passed">✓ all pass</span> <span class="badge known">○ known failures only</span>{' '}
          <span class="badge new">✗ a new failure</span> <span class="badge lost">↓ lost support</span>{' '}
          <span class="badge flaky">↻ flaky</span>{' '}
          <span class="badge lacking">– lacking: a side does not have it, so it is not counted</span>
        </p>
        <OutOfIt model={model} matrix={matrix} />
        <Canaries matrix={matrix} />
      </section>
      <Known model={model} section={sections.find(({ kind }) => kind === 'known')} />
      <Lacking model={model} section={sections.find(({ kind }) => kind === 'lacking')} />
    </>
  );
}
