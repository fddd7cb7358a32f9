import type { ComponentChildren, RefObject, VNode } from 'preact';
import { overviewAddress, viewAddress } from './address.ts';
import { isWords } from './query.ts';

/** What a reader can go to from everywhere. */
const views = [
  ['cells', 'Cells'],
  ['compatibility', 'Compatibility'],
  ['claims', 'Claims'],
  ['measurements', 'Measurements'],
  ['browsers', 'Browsers'],
] as const;

/** What the page's script does with the search. */
export interface SearchBehaviour {
  input: RefObject<HTMLInputElement | null>;
  type(): void;
  enter(): void;
}

/** Search and filter, with an explanation of what it understands beside it. */
export const SearchForm = ({ behaviour }: { behaviour?: SearchBehaviour }): VNode => (
  <form
    role="search"
    onSubmit={(event) => {
      event.preventDefault();
      behaviour?.enter();
    }}
  >
    <label for="search" class="sr">
      Search
    </label>
    <input
      id="search"
      type="search"
      autocomplete="off"
      placeholder="firefox>chromium is:known simulcast"
      {...(behaviour === undefined ? {} : { ref: behaviour.input, onInput: () => behaviour.type() })}
    />
    <button type="submit">Search</button>
    <details class="help">
      <summary>What can be asked</summary>
      <dl>
        <dt>words</dt>
        <dd>in the id, title or question; -word is without it</dd>
        <dt>firefox&gt;chromium</dt>
        <dd>Firefox offers, Chromium answers; * is any</dd>
        {Object.entries(isWords).map(([word, meaning]) => (
          <>
            <dt>is:{word}</dt>
            <dd>{meaning}</dd>
          </>
        ))}
        <dt>status:timeout</dt>
        <dd>pass, fail, timeout, crash, error, unsupported, skipped, notrun</dd>
        <dt>was:pass</dt>
        <dd>what it was in the baseline</dd>
        <dt>level:must</dt>
        <dd>must, should, info</dd>
        <dt>area:codecs</dt>
        <dd>one area</dd>
      </dl>
    </details>
  </form>
);

/** What surrounds every view: the name, the navigation, the search. */
export const Shell = ({
  view,
  query,
  hasClaims,
  search,
  children,
}: {
  view: string;
  query: string;
  /** Whether any scenario of the run made claims. */
  hasClaims: boolean;
  search: VNode;
  children: ComponentChildren;
}): VNode => (
  <>
    <header>
      <nav aria-label="Report">
        <a href={overviewAddress} aria-current={view === 'overview' ? 'page' : undefined}>
          WebRTC interoperability
        </a>
        {views.map(([name, title]) =>
          name === 'claims' && !hasClaims ? null : (
            <a href={viewAddress(name, query)} aria-current={view === name ? 'page' : undefined}>
              {title}
            </a>
          ),
        )}
      </nav>
      {search}
    </header>
    <main id="main" tabIndex={-1}>
      {children}
    </main>
  </>
);
