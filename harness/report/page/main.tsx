import { hydrate, render, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { placeOf, viewAddress, type Place } from './address.ts';
import { BrowsersView } from './browsers-view.tsx';
import { CellView } from './cell-view.tsx';
import { CellsView } from './cells-view.tsx';
import { ClaimsView } from './claims-view.tsx';
import { CompatibilityView } from './compatibility-view.tsx';
import { isIndex, takeData } from './load.ts';
import { MeasurementsView } from './measurements-view.tsx';
import { modelOf, type Model } from './model.ts';
import { Overview } from './overview.tsx';
import { ScenarioView } from './scenario-view.tsx';
import { SearchForm, Shell } from './shell.tsx';

/** Views that show what a query leaves; typing changes them in place. */
const filtered = ['cells', 'compatibility', 'claims', 'measurements'] as const;
const isFiltered = (view: string): view is (typeof filtered)[number] =>
  filtered.some((known) => known === view);

/** The address determines every view: what is typed goes there at once. */
function Search({ place }: { place: Place }): VNode {
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    if (input.current !== null && document.activeElement !== input.current) input.current.value = place.query;
  }, [place.query, place.view]);
  const go = (how: 'typed' | 'entered'): void => {
    const address = viewAddress(isFiltered(place.view) ? place.view : 'cells', input.current?.value.trim());
    if (address === location.hash) return;
    if (how === 'entered') location.hash = address;
    else if (isFiltered(place.view)) {
      // A step for each key press would fill the history.
      history.replaceState(null, '', address);
      dispatchEvent(new HashChangeEvent('hashchange'));
    }
  };
  return <SearchForm behaviour={{ input, type: () => go('typed'), enter: () => go('entered') }} />;
}

function View({ model, place }: { model: Model; place: Place }): VNode {
  switch (place.view) {
    case 'overview':
      return <Overview model={model} />;
    case 'cells':
      return <CellsView model={model} query={place.query} />;
    case 'compatibility':
      return <CompatibilityView model={model} query={place.query} />;
    case 'claims':
      return <ClaimsView model={model} query={place.query} />;
    case 'measurements':
      return <MeasurementsView model={model} query={place.query} />;
    case 'browsers':
      return <BrowsersView model={model} />;
    case 'scenario':
      return <ScenarioView model={model} scenario={place.scenario} query={place.query} />;
    case 'cell':
      return <CellView model={model} cell={place.cell} query={place.query} />;
    case 'nowhere':
      return (
        <>
          <h1>Not in this run</h1>
          <p>
            This report has nothing called <span class="mono">{place.said}</span>. The search above finds what
            it has.
          </p>
        </>
      );
  }
}

/** How far down each address was read, so that Back comes to where the reader was. */
const scrolled = new Map<string, number>();

function App({ model }: { model: Model }): VNode {
  const [place, setPlace] = useState(() => placeOf(location.hash, model));
  const shown = useRef(location.hash);
  const fresh = useRef(false);
  useEffect(() => {
    const isWay = (hash: string): boolean => hash === '' || hash.startsWith('#/');
    const click = (): void => {
      fresh.current = true;
    };
    const change = (): void => {
      if (!isWay(location.hash)) return; // a heading of the page, such as the target of the skip link
      setPlace(placeOf(location.hash, model));
    };
    const scroll = (): void => {
      if (location.hash === shown.current) scrolled.set(shown.current, scrollY);
    };
    history.scrollRestoration = 'manual';
    addEventListener('click', click, { capture: true });
    addEventListener('hashchange', change);
    addEventListener('scroll', scroll, { passive: true });
    return () => {
      removeEventListener('click', click, { capture: true });
      removeEventListener('hashchange', change);
      removeEventListener('scroll', scroll);
    };
  }, [model]);
  useEffect(() => {
    const title = document.querySelector('h1')?.textContent ?? '';
    document.title = `${title.trim()} · WebRTC interoperability`;
    const former = placeOf(shown.current, model);
    shown.current = location.hash;
    if (former.view === place.view && isFiltered(place.view) && !fresh.current) return; // a filter that is typed
    scrollTo(0, fresh.current ? 0 : (scrolled.get(location.hash) ?? 0));
    // A screen reader goes on where the new view begins.
    if (fresh.current) document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
    fresh.current = false;
  }, [place]);
  const key = place.view === 'cell' ? `cell ${String(place.cell)}` : place.view;
  return (
    <Shell
      view={place.view}
      query={isFiltered(place.view) ? place.query : ''}
      hasClaims={model.index.claims > 0}
      search={<Search place={place} />}
    >
      <View key={key} model={model} place={place} />
    </Shell>
  );
}

/** Copies the command beside a button. */
function copyOnClick(): void {
  document.documentElement.classList.add('scripted');
  addEventListener('click', ({ target }) => {
    const button = target instanceof Element ? target.closest<HTMLElement>('button.copy') : null;
    const command = button?.parentElement?.querySelector('pre');
    if (button === null || !command) return;
    navigator.clipboard.writeText(command.textContent ?? '').then(
      () => (button.textContent = 'Copied'),
      () => {
        getSelection()?.selectAllChildren(command);
        button.textContent = 'Selected: copy it now';
      },
    );
  });
}

takeData('index', (index) => {
  const root = document.querySelector('#app');
  if (root === null) return;
  if (!isIndex(index)) {
    root.prepend('The data of this report cannot be read. Write it again with: webrtc-interop report');
    return;
  }
  const model = modelOf(index);
  copyOnClick();
  // index.html has the overview; another view takes its place.
  if (placeOf(location.hash, model).view === 'overview') hydrate(<App model={model} />, root);
  else {
    root.replaceChildren();
    render(<App model={model} />, root);
  }
});
