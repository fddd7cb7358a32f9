import type { ComponentChildren, VNode } from 'preact';
import { cellAddress, viewAddress } from './address.ts';
import { sectionOf, sectionWords, type Group, type SectionKind } from './groups.ts';
import type { Model, Outcome } from './model.ts';
import { count, namesOf, pairInWords } from './words.ts';

/** A sign for each outcome, so that no colour stands alone; U+FE0E asks for the plain glyph. */
export const outcomeSigns = {
  pass: '✓',
  due: '✓',
  flaky: '↻',
  fail: '✗',
  timeout: '◷',
  crash: '☠\uFE0E',
  error: '!',
  unsupported: '–',
  skipped: '»',
  notrun: '…',
} as const satisfies Record<Outcome, string>;

/** Outcomes in words. */
export const outcomeWords = {
  pass: 'pass',
  due: 'as it must be',
  flaky: 'flaky pass',
  fail: 'fail',
  timeout: 'timeout',
  crash: 'crash',
  error: 'error',
  unsupported: 'not supported',
  skipped: 'skipped',
  notrun: 'not run',
} as const satisfies Record<Outcome, string>;

/** Decides the colour: news first, then what it is. */
export const toneOf = (model: Model, cell: number): SectionKind => sectionOf(model, cell);

export const Sign = ({ children }: { children: string }): VNode => (
  <span class="sign" aria-hidden="true">
    {children}
  </span>
);

/** An outcome as a badge: sign, word, colour, and whether it is known. */
export function Badge({ model, cell }: { model: Model; cell: number }): VNode {
  const outcome = model.outcome(cell);
  const tone = toneOf(model, cell);
  return (
    <span class={`badge ${tone}`}>
      <Sign>{tone === 'lost' || tone === 'known' ? sectionWords[tone].sign : outcomeSigns[outcome]}</Sign>{' '}
      {outcomeWords[outcome]}
      {tone === 'known' && ', known'}
      {tone === 'new' && ', new'}
      {tone === 'lost' && ', lost'}
    </span>
  );
}

/** A wide thing in a region that scrolls by itself, by keyboard too. */
export const Scroll = ({ label, children }: { label: string; children: ComponentChildren }): VNode => (
  <div class="scroll" role="region" aria-label={label} tabIndex={0}>
    {children}
  </div>
);

/** A command that a reader may copy. Without the page's script there is no button. */
export const Command = ({ children }: { children: string }): VNode => (
  <div class="command">
    <pre>{children}</pre>
    <button type="button" class="copy">
      Copy<span class="sr"> the command</span>
    </button>
  </div>
);

/** A link out of the page, if it is one that cannot run anything. */
export const OutLink = ({ href, children }: { href: string; children?: string }): VNode =>
  /^https?:\/\//.test(href) ? <a href={href}>{children ?? href}</a> : <span>{children ?? href}</span>;

/** `bugzilla 1814460` for a bug's address, as short as its number lets it be. */
export function bugName(url: string): string {
  const id = /(?:id=|\/)(?<id>\d+)$/.exec(url)?.groups?.['id'];
  const host = /^https?:\/\/(?<host>[^/]+)/.exec(url)?.groups?.['host'] ?? url;
  return id === undefined ? host : `${host.replace(/^(?:www|bugs)\./, '')} ${id}`;
}

/** A link to a cell's page, named by what the cell asks and by its pair. */
export function CellLink({ model, cell, query }: { model: Model; cell: number; query: string }): VNode {
  const nameOf = namesOf(model.index.browsers);
  const { title, id } = model.scenario(cell);
  const repeat = model.repeat(cell);
  return (
    <a href={cellAddress(model, cell, query)} title={id}>
      {title}
      {repeat > 1 && `, run ${String(repeat)}`}
      <span class="sr">, </span>
      <span class="pair">{pairInWords(model.pair(cell), nameOf)}</span>
    </a>
  );
}

/** Why: what is known about it, or what was seen; if something is missing, what it is, and who lacks it. */
export function Why({ model, group }: { model: Model; group: Group }): VNode {
  const nameOf = namesOf(model.index.browsers);
  const [lack] = group.lacks;
  if (lack !== undefined)
    return (
      <>
        {nameOf(lack.browser)} lacks {lack.words}
        {lack.remedy === null ? '' : <span class="soft"> (only here: {lack.remedy})</span>}
      </>
    );
  return <>{group.why}</>;
}

/** What a group of cells has in common: why, what was seen of it, its bug; `children` stand beside the why. */
export function CauseHead({
  model,
  group,
  kind,
  children,
}: {
  model: Model;
  group: Group;
  kind: SectionKind;
  children?: ComponentChildren;
}): VNode {
  return (
    <>
      {group.why !== sectionWords[kind].says && (
        <h3>
          <Sign>{sectionWords[kind].sign}</Sign> <Why model={model} group={group} />
          {children}
        </h3>
      )}
      {group.seen !== null && group.seen !== group.why && <p class="seen">Seen: {group.seen}</p>}
      {group.bug !== null && (
        <p>
          Bug: <OutLink href={group.bug}>{bugName(group.bug)}</OutLink>
        </p>
      )}
    </>
  );
}

const listed = 5;

/** One cause: in plain words, its bug, its cells, and the command for the first of them. */
export function Cause({
  model,
  group,
  kind,
  query,
  full = false,
}: {
  model: Model;
  group: Group;
  kind: SectionKind;
  query: string;
  /** Whether to list every cell of it. */
  full?: boolean;
}): VNode {
  const [first] = group.cells;
  const cause = model.cause(first);
  const shown = full ? group.cells : group.cells.slice(0, listed);
  const more = group.cells.length - shown.length;
  const narrowed = cause === undefined ? query : `${query} why:${group.key}`.trim();
  return (
    <li class={`cause ${kind}`}>
      <CauseHead model={model} group={group} kind={kind} />
      <ul class="cells">
        {shown.map((cell) => (
          <li>
            <CellLink model={model} cell={cell} query={query} />
          </li>
        ))}
        {more > 0 && (
          <li>
            <a href={viewAddress('cells', narrowed)}>
              and {count(more, 'more cell')}
              <span class="sr"> of the same cause</span>
            </a>
          </li>
        )}
      </ul>
      {cause !== undefined && (kind === 'new' || kind === 'lost') && <Command>{cause.repro}</Command>}
    </li>
  );
}
