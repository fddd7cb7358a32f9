import { hydrate, render, type VNode } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import { takeData } from '../../report/page/load.ts';
import type { HistoryIndex } from '../schema.ts';
import { cellsAddress, placeOf, type Place } from './address.ts';
import { CellView } from './cell-view.tsx';
import { CellsView } from './cells-view.tsx';
import { CompareView } from './compare-view.tsx';
import { isIndex } from './load.ts';
import { Overview, RunsTable } from './overview.tsx';
import { Shell } from './shell.tsx';

function View({ index, place }: { index: HistoryIndex; place: Place }): VNode {
  switch (place.view) {
    case 'overview':
      return <Overview index={index} />;
    case 'runs':
      return (
        <>
          <h1>Runs</h1>
          <RunsTable runs={index.runs} />
        </>
      );
    case 'compare':
      return <CompareView index={index} before={place.before} after={place.after} />;
    case 'cells':
      return <CellsView index={index} run={place.run} query={place.query} />;
    case 'cell':
      return <CellView index={index} {...place} />;
  }
}

/** Whether two places differ only in what a reader changes within a view: a filter that is typed, a run that is chosen. */
const sameView = (one: Place, other: Place): boolean =>
  one.view === other.view && (one.view === 'cells' || one.view === 'compare');

function App({ index }: { index: HistoryIndex }): VNode {
  const [place, setPlace] = useState(() => placeOf(location.hash));
  const former = useRef(place);
  const input = useRef<HTMLInputElement>(null);
  useEffect(() => {
    const change = (): void => {
      // a heading of the page, such as the target of the skip link, is not a view
      if (location.hash === '' || location.hash.startsWith('#/')) setPlace(placeOf(location.hash));
    };
    addEventListener('hashchange', change);
    return () => removeEventListener('hashchange', change);
  }, []);
  useEffect(() => {
    const title = document.querySelector('h1')?.textContent ?? '';
    document.title = `${title.trim()} · WebRTC interoperability over time`;
    const query = 'query' in place ? place.query : '';
    if (input.current !== null && document.activeElement !== input.current) input.current.value = query;
    if (former.current !== place && !sameView(former.current, place)) {
      scrollTo(0, 0);
      // A screen reader goes on where the new view begins.
      document.querySelector<HTMLElement>('main')?.focus({ preventScroll: true });
    }
    former.current = place;
  }, [place]);
  const type = (): void => {
    const address = cellsAddress('run' in place ? place.run : '', input.current?.value.trim());
    if (address === location.hash) return;
    if (place.view !== 'cells') {
      location.hash = address;
      return;
    }
    // A step for each key press would fill the history.
    history.replaceState(null, '', address);
    setPlace(placeOf(address));
  };
  return (
    <Shell view={place.view} behaviour={{ input, type }}>
      <View key={place.view} index={index} place={place} />
    </Shell>
  );
}

takeData('history', (index) => {
  const root = document.querySelector('#app');
  if (root === null) return;
  if (!isIndex(index)) {
    root.prepend('The data of this site cannot be read. Write it again with: webrtc-interop history');
    return;
  }
  document.documentElement.classList.add('scripted');
  // index.html has the overview; another view takes its place.
  if (placeOf(location.hash).view === 'overview') hydrate(<App index={index} />, root);
  else {
    root.replaceChildren();
    render(<App index={index} />, root);
  }
});
