import type { VNode } from 'preact';
import { useMemo, useState } from 'preact/hooks';
import { sectionsOf, sectionWords, type Group, type Section } from './groups.ts';
import type { Model } from './model.ts';
import { Badge, CauseHead, CellLink, Command } from './parts.tsx';
import { find, problemsOf } from './query.ts';
import { count } from './words.ts';

/** Few enough to be drawn while a reader types. */
const groupsStep = 20;
const cellsStep = 30;

function GroupOfCells({
  model,
  group,
  section,
  query,
}: {
  model: Model;
  group: Group;
  section: Section;
  query: string;
}): VNode {
  const [shown, setShown] = useState(section.kind === 'passed' || section.kind === 'fixed' ? cellsStep : 5);
  const more = group.cells.length - shown;
  const cause = model.cause(group.cells[0]);
  return (
    <li class={`cause ${section.kind}`}>
      <CauseHead model={model} group={group} kind={section.kind}>
        {' '}
        <span class="soft">{count(group.cells.length, 'cell')}</span>
      </CauseHead>
      <ul class="cells">
        {group.cells.slice(0, shown).map((cell) => (
          <li key={cell}>
            <CellLink model={model} cell={cell} query={query} />
            {section.kind !== 'passed' && section.kind !== 'lacking' && (
              <>
                {' '}
                <Badge model={model} cell={cell} />
              </>
            )}
          </li>
        ))}
      </ul>
      {more > 0 && (
        <button type="button" onClick={() => setShown(shown + Math.max(cellsStep, shown))}>
          Show more of {count(more, 'other')}
        </button>
      )}
      {cause !== undefined && (section.kind === 'new' || section.kind === 'lost') && (
        <Command>{cause.repro}</Command>
      )}
    </li>
  );
}

function SectionOfCells({ model, section, query }: { model: Model; section: Section; query: string }): VNode {
  const [shown, setShown] = useState(groupsStep);
  const { title, says } = sectionWords[section.kind];
  const more = section.groups.length - shown;
  return (
    <section aria-labelledby={`section-${section.kind}`}>
      <h2 id={`section-${section.kind}`}>
        {title} {count(section.cells, 'cell')} <span class="soft">{says}</span>
      </h2>
      <ul class="causes">
        {section.groups.slice(0, shown).map((group) => (
          <GroupOfCells key={group.key} model={model} group={group} section={section} query={query} />
        ))}
      </ul>
      {more > 0 && (
        <button type="button" onClick={() => setShown(shown + groupsStep)}>
          Show more of {count(more, 'other cause')}
        </button>
      )}
    </section>
  );
}

/** What a query finds, grouped by kind and reason. */
export function CellsView({ model, query }: { model: Model; query: string }): VNode {
  const cells = useMemo(() => find(query, model), [model, query]);
  const sections = useMemo(() => sectionsOf(model, cells), [model, cells]);
  return (
    <>
      <h1>{query === '' ? 'All cells' : <>Cells of “{query}”</>}</h1>
      {problemsOf(query, model).map((problem) => (
        <p class="problem">{problem}</p>
      ))}
      <p role="status">
        {count(cells.length, 'cell')} found
        {sections.length === 0
          ? '.'
          : `: ${sections.map(({ kind, cells: number }) => `${String(number)} ${sectionWords[kind].title.toLowerCase()}`).join(', ')}.`}
      </p>
      {sections.map((section) => (
        <SectionOfCells key={`${section.kind} ${query}`} model={model} section={section} query={query} />
      ))}
    </>
  );
}
