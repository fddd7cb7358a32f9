import type { VNode } from 'preact';
import { Sign } from '../../report/page/parts.tsx';
import { browserName, dayOf, whenOf } from '../../report/page/words.ts';
import type { Moment } from '../series.ts';
import { outcomeOfLetter } from '../history-run.ts';
import type { News, RunEntry } from '../schema.ts';
import { kindWords, letterSign, letterText, pairText } from '../words.ts';
import { cellAddress, compareAddress } from './address.ts';

/** The tone of an outcome by itself; news of a run have stronger ones. */
const tones = {
  pass: 'passed',
  flaky: 'flaky',
  bad: 'bad',
  unsupported: 'lacking',
  'left-out': 'out',
} as const;
export const toneOfLetter = (letter: string): string => tones[outcomeOfLetter(letter) ?? 'left-out'];

/** An outcome as a badge: sign, word, colour. */
export const LetterBadge = ({ letter }: { letter: string }): VNode => (
  <span class={`badge ${toneOfLetter(letter)}`}>
    <Sign>{letterSign(letter)}</Sign> {letterText(letter)}
  </span>
);

/** `12 pass, 1 fail, 2 pass`: outcomes in their order, those that follow each other together. */
export function stripText(moments: readonly Moment[]): string {
  const parts: { text: string; number: number }[] = [];
  for (const { letter } of moments) {
    const text = letterText(letter);
    const last = parts.at(-1);
    if (last?.text === text) last.number += 1;
    else parts.push({ text, number: 1 });
  }
  return parts.map(({ text, number }) => `${String(number)} ${text}`).join(', ');
}

/** The last outcomes of a cell, the newest on the right. */
export const Strip = ({ moments }: { moments: readonly Moment[] }): VNode => (
  <span class="strip" role="img" aria-label={`Outcomes, the oldest first: ${stripText(moments)}`}>
    {moments.map(({ run, letter }) => (
      <span class={toneOfLetter(letter)} title={`${whenOf(run.entry.startedAt)}: ${letterText(letter)}`}>
        {letterSign(letter)}
      </span>
    ))}
  </span>
);

/** `24 November 2026, 13:05 UTC, nightly`. */
export const runName = ({ startedAt, label }: RunEntry): string =>
  `${whenOf(startedAt)}${label === '' ? '' : `, ${label}`}`;

export const versionsOfRun = ({ browsers }: RunEntry): string => browsers.map(browserName).join(', ');

const verdictSign = { good: '✓', bad: '✗', incomplete: '!' } as const;
export const signOfVerdict = ({ verdict }: RunEntry): string => verdictSign[verdict.kind];

/** Signs of tones, so that no colour stands alone. */
export const signOfTone = { passed: '✓', known: '○', new: '✗', lost: '!' } as const;

/** What changed from a run to the next one of its label. */
export function NewsItem({ news, runs }: { news: News; runs: ReadonlyMap<string, RunEntry> }): VNode | null {
  const [before, after] = [runs.get(news.before), runs.get(news.after)];
  if (before === undefined || after === undefined) return null;
  return (
    <li class="cause">
      <h3>
        <a href={compareAddress(before.id, after.id)}>
          {runName(after)}
          <span class="soft"> against {dayOf(before.startedAt)}</span>
        </a>
      </h3>
      {news.groups.map((group) => (
        <>
          <p>
            <b>{group.versions}:</b> {group.counts}
          </p>
          {group.cells.length > 0 && (
            <ul class="changed">
              {group.cells.map(({ kind, scenario, title, text, offerer, answerer }) => (
                <li>
                  <KindBadge kind={kind} />{' '}
                  <a href={cellAddress(scenario, { offerer, answerer }, after.id)}>
                    {title}
                    <span class="sr">, </span>
                    <span class="pair">{pairText({ offerer, answerer }, after.browsers)}</span>
                  </a>{' '}
                  <span class="soft">{text}</span>
                </li>
              ))}
              {group.more > 0 && (
                <li>
                  <a href={compareAddress(before.id, after.id)}>and {group.more} more</a>
                </li>
              )}
            </ul>
          )}
        </>
      ))}
    </li>
  );
}

/** A kind of change as a badge. */
export function KindBadge({ kind }: { kind: News['groups'][number]['cells'][number]['kind'] }): VNode | null {
  if (kind === 'slower') return null; // runs of a site contain no times
  const { sign, word, tone } = kindWords[kind];
  return (
    <span class={`badge ${tone}`}>
      <Sign>{sign}</Sign> {word}
    </span>
  );
}
