import type { ComponentChildren, RefObject, VNode } from 'preact';
import { cellsAddress, compareAddress, overviewAddress, runsAddress } from './address.ts';

/** What the page's script does with the search. */
export interface SearchBehaviour {
  input: RefObject<HTMLInputElement | null>;
  type(): void;
}

const views = [
  ['compare', 'What changed', compareAddress()],
  ['cells', 'Cells over time', cellsAddress()],
  ['runs', 'Runs', runsAddress],
] as const;

/** What surrounds every view: the name, the navigation, the search. */
export const Shell = ({
  view,
  behaviour,
  children,
}: {
  view: string;
  behaviour?: SearchBehaviour;
  children: ComponentChildren;
}): VNode => (
  <>
    <header>
      <nav aria-label="History">
        <a href={overviewAddress} aria-current={view === 'overview' ? 'page' : undefined}>
          WebRTC interoperability over time
        </a>
        {views.map(([name, title, address]) => (
          <a href={address} aria-current={view === name ? 'page' : undefined}>
            {title}
          </a>
        ))}
      </nav>
      <form
        role="search"
        onSubmit={(event) => {
          event.preventDefault();
          behaviour?.type();
        }}
      >
        <label for="search" class="sr">
          Search
        </label>
        <input
          id="search"
          type="search"
          autocomplete="off"
          placeholder="firefox>chromium status:fail simulcast"
          {...(behaviour === undefined ? {} : { ref: behaviour.input, onInput: () => behaviour.type() })}
        />
        <button type="submit">Search</button>
      </form>
    </header>
    <main id="main" tabIndex={-1}>
      {children}
    </main>
  </>
);
