import type { VNode } from 'preact';
import { isInert } from '../../results/safe-name.ts';
import type { Cell } from '../../results/schema.ts';
import type { EvidenceFile } from '../evidence-file.ts';
import {
  parseConsole,
  parseLog,
  parseSdp,
  parseStats,
  sectionsOf,
  type ConnectionStats,
  type LogEntry,
  type Statistic,
} from '../parse-evidence.ts';
import { addressOf, Scroll } from './page.tsx';

/** The most rows of a log or console that a page shows. */
const rowsShown = 500;

interface FileProps {
  file: EvidenceFile;
  root: string;
}

/** Whether there is something to show of it. */
const isShown = ({ state }: EvidenceFile): boolean => state === 'whole' || state === 'changed';

/** A link to the file itself, unless a viewer might run what is in it. */
export const FileLink = ({ file, root, children }: FileProps & { children?: string }): VNode =>
  isShown(file) && file.pack === undefined && isInert(file.path) ? (
    <a href={addressOf(root, file.path)}>{children ?? file.path}</a>
  ) : (
    <span class="mono">{children ?? file.path}</span>
  );

/** Said wherever something is shown that is not, or not all of, what the run wrote. */
export function Doubt({ file, root }: FileProps): VNode | null {
  if (file.state === 'missing') return <p class="badge fail">This file is missing.</p>;
  if (file.state === 'refused') return <p class="badge fail">This file is not shown: {file.problem}</p>;
  if (file.state === 'changed')
    return <p class="badge fail">This file was changed after the run: its hash is not the one noted.</p>;
  if (!file.cut) return null;
  return (
    <p>
      Only the beginning is shown.{' '}
      <FileLink file={file} root={root}>
        All of it
      </FileLink>
    </p>
  );
}

const Sdp = ({ lines }: { lines: readonly string[] }): VNode => (
  <pre class="sdp">
    {lines.map((line) => (
      <span>{line}</span>
    ))}
  </pre>
);

/** `audio, mid 0`; the session's own section has no name. */
function sectionName(lines: readonly string[]): string {
  const media = /^m=(?<kind>\S+)/.exec(lines[0] ?? '')?.groups?.['kind'];
  if (media === undefined) return 'session';
  const mid = lines.find((line) => line.startsWith('a=mid:'))?.slice('a=mid:'.length);
  return mid === undefined ? media : `${media}, mid ${mid}`;
}

function Negotiation({
  number,
  offer,
  answer,
  root,
}: {
  number: number;
  offer: EvidenceFile | undefined;
  answer: EvidenceFile | undefined;
  root: string;
}): VNode {
  const sections = (file: EvidenceFile | undefined): string[][] =>
    file === undefined || !isShown(file) ? [] : sectionsOf(parseSdp(file.text));
  const offered = sections(offer);
  const answered = sections(answer);
  const side = (what: string, file: EvidenceFile | undefined): VNode => (
    <div>
      <h3>
        {what}
        {file?.peer && ` of the ${file.peer}`}
      </h3>
      {file === undefined ? <p class="soft">There was none.</p> : <Doubt file={file} root={root} />}
    </div>
  );
  return (
    <details open={number === 1}>
      <summary>Offer and answer {number}</summary>
      <div class="sides">
        {side('Offer', offer)}
        {side('Answer', answer)}
        {Array.from({ length: Math.max(offered.length, answered.length) }, (_, index) =>
          [offered[index], answered[index]].map((lines, at) => (
            <div>
              {lines !== undefined && (
                <>
                  <h4>
                    <span class="sr">
                      {at === 0 ? 'Offer' : 'Answer'} {number},{' '}
                    </span>
                    {sectionName(lines)}
                  </h4>
                  <Sdp lines={lines} />
                </>
              )}
            </div>
          )),
        )}
      </div>
    </details>
  );
}

/** The exchange that a description says it belongs to, `2` of `offerer-2-offer.sdp`; runs of old counted by order. */
const exchangeOf = ({ path }: EvidenceFile, index: number): number =>
  Number(/(?<number>\d+)-(?:offer|answer)\.sdp$/.exec(path)?.groups?.['number'] ?? index + 1);

/** Offers side by side with the answers to them, in the order they were made, section by section. */
export function Descriptions({ files, root }: { files: readonly EvidenceFile[]; root: string }): VNode {
  const byExchange = (wanted: string): Map<number, EvidenceFile> =>
    new Map(
      files.filter(({ kind }) => kind === wanted).map((file, index) => [exchangeOf(file, index), file]),
    );
  const offers = byExchange('offer');
  const answers = byExchange('answer');
  const numbers = [...new Set([...offers.keys(), ...answers.keys()])].toSorted((one, other) => one - other);
  return (
    <>
      {numbers.map((number) => (
        <Negotiation number={number} offer={offers.get(number)} answer={answers.get(number)} root={root} />
      ))}
    </>
  );
}

function messageIn({ message, error }: LogEntry): string {
  const refusal = error === undefined ? [] : [error];
  if (message === undefined) return refusal.join('');
  const said = {
    description: () => {
      if (message.type !== 'description') return '';
      const { type, sdp = '' } = message.description;
      return `${type}, ${sdp.length} characters, ${sdp.match(/^m=/gm)?.length ?? 0} media`;
    },
    candidate: () =>
      message.type === 'candidate' ? message.candidate?.candidate || 'end of candidates' : '',
    bye: () =>
      message.type === 'bye' ? `bye${message.reason === undefined ? '' : `: ${message.reason}`}` : '',
  }[message.type]();
  return [...refusal, said].join(': ');
}

/** A file that is not what its kind says, as it is. */
const Raw = ({ file }: { file: EvidenceFile }): VNode => <pre>{file.text}</pre>;

const More = ({ rows, file, root }: FileProps & { rows: number }): VNode | null =>
  rows <= rowsShown ? null : (
    <p>
      {rows - rowsShown} more lines are in <FileLink file={file} root={root} />.
    </p>
  );

export function SignalingLog({ file, root }: FileProps): VNode {
  const entries = parseLog(file.text, file.cut);
  if (entries === null) return <Raw file={file} />;
  return (
    <>
      <Scroll label="Signaling log">
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">ms</th>
              <th scope="col">From</th>
              <th scope="col">What became of it</th>
              <th scope="col">Message</th>
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, rowsShown).map((entry) => (
              <tr>
                <td class="tight">{entry.at.toFixed(1)}</td>
                <td class="tight">{entry.from}</td>
                <td class="tight">{entry.action}</td>
                <td class="mono">{messageIn(entry)}</td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <More rows={entries.length} file={file} root={root} />
    </>
  );
}

const clock = (at: number): string => {
  const date = new Date(at);
  return Number.isNaN(date.getTime()) ? String(at) : date.toISOString().slice(11, 23);
};

export function Console({ file, root }: FileProps): VNode {
  const entries = parseConsole(file.text, file.cut);
  if (entries === null) return <Raw file={file} />;
  if (entries.length === 0) return <p class="soft">Nothing was written to it.</p>;
  return (
    <>
      <Scroll label={`Console of the ${file.peer ?? 'page'}`}>
        <table class="wide">
          <thead>
            <tr>
              <th scope="col">Time (UTC)</th>
              <th scope="col">Level</th>
              <th scope="col">Text</th>
            </tr>
          </thead>
          <tbody>
            {entries.slice(0, rowsShown).map((entry) => (
              <tr>
                <td class="tight">{clock(entry.at)}</td>
                <td class="tight">{entry.level}</td>
                <td>
                  <pre>{entry.text}</pre>
                </td>
              </tr>
            ))}
          </tbody>
        </table>
      </Scroll>
      <More rows={entries.length} file={file} root={root} />
    </>
  );
}

/** What of each type of statistics tells most, for the line that stands for it while it is closed. */
const telling: Readonly<Record<string, readonly string[]>> = {
  'inbound-rtp': ['kind', 'framesDecoded', 'packetsReceived', 'packetsLost', 'totalAudioEnergy'],
  'outbound-rtp': ['kind', 'framesEncoded', 'packetsSent'],
  'remote-inbound-rtp': ['kind', 'roundTripTime', 'packetsLost'],
  'candidate-pair': ['state', 'nominated'],
  'local-candidate': ['candidateType', 'protocol', 'address'],
  'remote-candidate': ['candidateType', 'protocol', 'address'],
  transport: ['dtlsState', 'bytesSent', 'bytesReceived'],
  codec: ['mimeType'],
  'data-channel': ['state', 'messagesSent', 'messagesReceived'],
};

const plainly = (value: unknown): string => (typeof value === 'string' ? value : JSON.stringify(value));

const tellingOf = (statistic: Statistic): string =>
  (telling[statistic.type] ?? [])
    .flatMap((name) => (statistic[name] === undefined ? [] : [`${name} ${plainly(statistic[name])}`]))
    .join(', ');

function StatsOfType({ type, stats }: { type: string; stats: readonly Statistic[] }): VNode {
  const [first, ...others] = stats;
  const one = first !== undefined && others.length === 0 ? tellingOf(first) : '';
  return (
    <details>
      <summary>
        <b>{type}</b> × {stats.length}
        {one !== '' && <span class="soft"> {one}</span>}
      </summary>
      <pre>
        {stats
          .map((statistic) =>
            Object.entries(statistic)
              .map(([name, value]) => `${name}: ${plainly(value)}`)
              .join('\n'),
          )
          .join('\n\n')}
      </pre>
    </details>
  );
}

function Connection({ connection, number }: { connection: ConnectionStats; number: number }): VNode {
  const types = [...new Set(connection.stats.map(({ type }) => type))].toSorted();
  const states = Object.entries(connection.states).filter(([, value]) => value !== null);
  return (
    <>
      {number > 1 && <h4>Connection {number}</h4>}
      {states.length > 0 && <p>{states.map(([name, value]) => `${name} ${plainly(value)}`).join(', ')}</p>}
      {types.length === 0 && <p class="soft">No statistics.</p>}
      {types.map((type) => (
        <StatsOfType type={type} stats={connection.stats.filter((statistic) => statistic.type === type)} />
      ))}
    </>
  );
}

export function Stats({ file, root }: FileProps): VNode {
  const connections = parseStats(file.text);
  return (
    <div>
      <h3>
        {file.peer === null ? 'Statistics' : `The ${file.peer}'s`} (
        <FileLink file={file} root={root}>
          raw
        </FileLink>
        <span class="sr"> statistics of the {file.peer ?? 'call'}</span>)
      </h3>
      <Doubt file={file} root={root} />
      {connections === null ? (
        <Raw file={file} />
      ) : (
        connections.map((connection, index) => <Connection connection={connection} number={index + 1} />)
      )}
    </div>
  );
}

export function Picture({ file, root }: FileProps): VNode {
  const what = file.kind === 'frame' ? `Frame ${file.path.split('/').at(-1) ?? ''}` : 'Screenshot';
  const name = file.peer === null ? what : `${what} of the ${file.peer}'s page`;
  return (
    <figure>
      {file.picture !== null && <img src={file.picture} alt={name} loading="lazy" />}
      <figcaption>{name}</figcaption>
      <Doubt file={file} root={root} />
    </figure>
  );
}

/** Every file of a cell, with what a reader needs to check that it is the one that the run wrote. */
export function Files({
  files,
  root,
  cell,
}: {
  files: readonly EvidenceFile[];
  root: string;
  cell: Cell;
}): VNode {
  if (files.length === 0)
    return <p class="soft">A cell that is {cell.status} before it began leaves no files.</p>;
  return (
    <Scroll label="Files of evidence">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">Kind</th>
            <th scope="col">Side</th>
            <th scope="col">File</th>
            <th scope="col">Bytes</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr>
              <td class="tight">{file.kind}</td>
              <td class="tight">{file.peer ?? 'call'}</td>
              <td>
                <FileLink file={file} root={root} />
                {file.state !== 'whole' && <span class="badge fail">{file.state}</span>}
              </td>
              <td class="tight">{file.bytes}</td>
              <td class="mono">{file.sha256}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}
