import type { VNode } from 'preact';
import { sectionsOfSdp, type Described } from './evidence.ts';

/** A line that a reader looks for: what is negotiated, and not how a path is found or who is who. */
const matters =
  /^(?:m=|a=(?:mid|setup|sendrecv|sendonly|recvonly|inactive|rtpmap|fmtp|rid|simulcast|ice-lite|max-message-size|sctp-port|extmap-allow-mixed|group):?)/;

type Mark = 'same' | 'only' | 'plain';

/** Payload types have different numbers on each side: two codecs are the same if their names and parameters are. */
const meaningOf = (line: string): string =>
  line.replace(/^(?<what>a=(?:rtpmap|fmtp|rtcp-fb):)\d+ /, '$<what>');

/** Each line of a section, whether the other side's section says the same, and whether it matters. */
function markedLines(
  lines: readonly string[],
  other: readonly string[] | undefined,
): { line: string; mark: Mark }[] {
  const theirs = new Set(other?.map(meaningOf));
  return lines.map((line) => ({
    line,
    mark: !matters.test(line)
      ? 'plain'
      : other === undefined || theirs.has(meaningOf(line))
        ? 'same'
        : 'only',
  }));
}

/** `video, mid 0`, with what a port of 0 means. */
function sectionTitle(lines: readonly string[]): string {
  const media = /^m=(?<kind>\S+) (?<port>\d+)/.exec(lines[0] ?? '')?.groups;
  if (media === undefined) return 'session';
  const mid = lines.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length);
  const rejected = media['port'] === '0' && !lines.includes('a=bundle-only');
  return `${media['kind'] ?? ''}${mid === undefined ? '' : `, mid ${mid}`}${rejected ? ', rejected' : ''}`;
}

function SdpSection({
  lines,
  other,
  who,
}: {
  lines: readonly string[];
  other: readonly string[] | undefined;
  who: string;
}): VNode {
  return (
    <>
      <h4>
        <span class="sr">{who}, </span>
        {sectionTitle(lines)}
      </h4>
      <pre class="sdp">
        {markedLines(lines, other).map(({ line, mark }) => (
          <span class={mark}>
            {mark === 'only' ? <i aria-label="only here">◂ </i> : ''}
            {line}
          </span>
        ))}
      </pre>
    </>
  );
}

/** One description, as it is shown. */
export interface ShownDescription {
  title: string;
  sdp: string;
}

/** Two descriptions side by side, section by section; what matters is strong, and marked where the other side differs. */
export function SideBySide({
  one,
  other,
}: {
  one: ShownDescription | null;
  other: ShownDescription | null;
}): VNode {
  const [ones, others] = [one, other].map((each) => (each === null ? [] : sectionsOfSdp(each.sdp)));
  const length = Math.max(ones?.length ?? 0, others?.length ?? 0);
  return (
    <div class="sides">
      {[one, other].map((each, at) => (
        <h3>{each?.title ?? (at === 0 ? 'No offer' : 'No answer')}</h3>
      ))}
      {Array.from({ length }, (_, at) =>
        [
          [ones?.[at], others?.[at], one?.title ?? ''] as const,
          [others?.[at], ones?.[at], other?.title ?? ''] as const,
        ].map(([lines, theirs, who]) => (
          <div>{lines === undefined ? null : <SdpSection lines={lines} other={theirs} who={who} />}</div>
        )),
      )}
    </div>
  );
}

/** The lines that one text has and the other has not, in their order; a line that repeats counts each time. */
export function difference(before: string, after: string): { sign: '−' | '+'; line: string }[] {
  const lines = (text: string): string[] => text.trimEnd().split(/\r?\n/);
  const rest = new Map<string, number>();
  for (const line of lines(after)) rest.set(line, (rest.get(line) ?? 0) + 1);
  const gone = lines(before).filter((line) => {
    const left = rest.get(line) ?? 0;
    if (left > 0) rest.set(line, left - 1);
    return left === 0;
  });
  const come: string[] = [];
  for (const line of lines(after)) {
    const left = rest.get(line) ?? 0;
    if (left > 0) {
      come.push(line);
      rest.set(line, left - 1);
    }
  }
  return [
    ...gone.map((line) => ({ sign: '−' as const, line })),
    ...come.map((line) => ({ sign: '+' as const, line })),
  ];
}

/** Lines that differ: first what went, then what came. */
export const Difference = ({ before, after }: { before: string; after: string }): VNode => {
  const lines = difference(before, after);
  if (lines.length === 0) return <p class="soft">The same lines.</p>;
  return (
    <pre class="diff">
      {lines.map(({ sign, line }) => (
        <span class={sign === '+' ? 'come' : 'gone'}>
          {sign} {line}
        </span>
      ))}
    </pre>
  );
};

/** What is volatile by nature: without it, what differs is an edit of the harness. */
const volatile = /^(?:a=(?:candidate|end-of-candidates|ice-ufrag|ice-pwd|ice-options|rtcp:)|c=|o=)/;
const withoutVolatile = (sdp: string): string =>
  sdp
    .split(/\r?\n/)
    .filter((line) => !volatile.test(line))
    // the port comes with the candidates
    .map((line) => line.replace(/^(?<kind>m=\S+) [1-9]\d* /, '$<kind> 9 '))
    .join('\n');

/** What is made anew for each call, whatever the browser. */
const ofOneCall = /^a=(?:fingerprint|ssrc|ssrc-group|msid|msid-semantic):/;

/** A description without what differs from call to call: what is left differs from run to run for a reason. */
export const withoutCall = (sdp: string): string =>
  withoutVolatile(sdp)
    .split('\n')
    .filter((line) => !ofOneCall.test(line))
    .join('\n');

/** What a scenario changed in a description between its making and its setting or sending, and what was refused. */
export function Edits({ described }: { described: readonly Described[] }): VNode | null {
  const edits = described.flatMap(({ side, type, sdp, set, sent, madeBy }) =>
    [
      ['set', set],
      ['sent', sent],
    ].flatMap(([what, text]) =>
      typeof text === 'string' &&
      madeBy === 'this side' &&
      difference(withoutVolatile(sdp), withoutVolatile(text)).length > 0
        ? [{ side, type, what, before: sdp, after: text }]
        : [],
    ),
  );
  const refused = described.filter(({ outcome }) => outcome !== 'taken' && outcome !== '');
  if (edits.length + refused.length === 0) return null;
  return (
    <>
      {refused.map(({ side, type, outcome }) => (
        <p class="seen">
          The {side} did not take the {type}: {outcome}
        </p>
      ))}
      {edits.map(({ side, type, what, before, after }) => (
        <>
          <h3>
            What differs between the {side}’s {type} as it was made and as it was {what}
          </h3>
          <Difference before={withoutVolatile(before)} after={withoutVolatile(after)} />
        </>
      ))}
    </>
  );
}
