import type { VNode } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import type { CellDetail, PackedEvidence } from '../data.ts';
import { Difference, Edits, SideBySide, withoutCall, type ShownDescription } from './descriptions.tsx';
import { closingIn, consoleIn, describedIn, eventsIn, signalsIn, type ClosingState } from './evidence.ts';
import { useLoaded } from './hooks.ts';
import { loadEvidence, type LoadedFile } from './load.ts';
import { Scroll } from './parts.tsx';
import { Sequence } from './sequence.tsx';
import { amount, grouped, shown, whenOf } from './words.ts';

/** A file of a cell with the result of loading it. */
export interface CellFile extends PackedEvidence {
  name: string;
  loaded: LoadedFile | null;
  /** Why it is not there, or not what the run wrote; null if all is well. */
  doubt: string | null;
}

const doubts = {
  missing: 'This file is missing.',
  changed: 'This file was changed after the run: its hash is not the one that was noted.',
  refused: 'This file is not shown: it is no plain file of this run.',
} as const;

/** Every file of a cell, loaded; if one cannot be loaded, only that one is left out. */
export async function loadFiles({ evidence }: Pick<CellDetail, 'evidence'>): Promise<CellFile[]> {
  return Promise.all(
    evidence.map(async (file): Promise<CellFile> => {
      const name = file.path.split('/').at(-1) ?? file.path;
      if (file.problem !== null) return { ...file, name, loaded: null, doubt: doubts[file.problem] };
      try {
        const loaded = await loadEvidence(file);
        return { ...file, name, loaded, doubt: loaded.whole === false ? doubts.changed : null };
      } catch (error) {
        return { ...file, name, loaded: null, doubt: error instanceof Error ? error.message : String(error) };
      }
    }),
  );
}

const textOf = (file: CellFile | undefined): string =>
  file?.loaded ? new TextDecoder().decode(file.loaded.bytes) : '';

export const Doubts = ({ files }: { files: readonly CellFile[] }): VNode => (
  <>
    {files.map(({ name, doubt }) =>
      doubt === null ? null : (
        <p class="problem">
          {name}: {doubt}
        </p>
      ),
    )}
  </>
);

/** The files of the last attempt, by kind or by name. */
export interface Sorted {
  of(...kinds: PackedEvidence['kind'][]): CellFile[];
  named(name: string): CellFile | undefined;
}

/** The files of the last attempt; those of earlier ones stay in the list of files. */
export function sorted(files: readonly CellFile[]): Sorted {
  const last = files.reduce((most, { attempt }) => Math.max(most, attempt), 1);
  const own = files.filter(({ attempt }) => attempt === last);
  return {
    of: (...kinds) => own.filter(({ kind }) => kinds.includes(kind)),
    named: (wanted) =>
      own.find(({ name }) => name === wanted || name.startsWith(`${wanted.replace(/\.\w+$/, '')}.`)),
  };
}

/** A picture, from its bytes; a blob cannot run anything in an image. */
export function Picture({ file }: { file: CellFile }): VNode {
  const [url, setUrl] = useState<string>();
  const { loaded } = file;
  useEffect(() => {
    if (loaded === null) return undefined;
    const made = URL.createObjectURL(new Blob([loaded.bytes], { type: 'image/png' }));
    setUrl(made);
    return () => URL.revokeObjectURL(made);
  }, [loaded]);
  const what = file.kind === 'frame' ? `The frame ${file.name}` : 'A screenshot';
  const title = file.peer === null ? what : `${what} of the ${file.peer}`;
  return (
    <figure>
      {url !== undefined && <img src={url} alt={title} />}
      <figcaption>{title}</figcaption>
      <Doubts files={[file]} />
    </figure>
  );
}

/** Shows a file as it is if it does not have the form of its kind. */
const Unread = ({ file, read }: { file: CellFile | undefined; read: number }): VNode | null =>
  read > 0 || textOf(file) === '' ? null : <pre>{textOf(file)}</pre>;

export function SequenceOf({
  files,
  names,
}: {
  files: Sorted;
  names: { offerer: string; answerer: string };
}): VNode | null {
  const log = files.of('signaling-log')[0];
  const events = files.named('events.jsonl');
  if (log === undefined && events === undefined) return null;
  return (
    <section>
      <h2>The call</h2>
      <Doubts files={[log, events].flatMap((file) => (file === undefined ? [] : [file]))} />
      <Sequence signals={signalsIn(textOf(log))} events={eventsIn(textOf(events))} names={names} />
      <Unread file={log} read={signalsIn(textOf(log)).length} />
      <Unread file={events} read={eventsIn(textOf(events)).length} />
    </section>
  );
}

/** The exchange that a description belongs to, `2` of `offerer-2-offer.sdp`; older runs counted by order. */
const exchangeOf = (name: string, at: number): number =>
  Number(/(?<number>\d+)-(?:offer|answer)(?:\.\d+)?\.sdp$/.exec(name)?.groups?.['number'] ?? at + 1);

export function DescriptionsOf({ files }: { files: Sorted }): VNode | null {
  const both = files.of('offer', 'answer');
  if (both.length === 0) return null;
  const described = describedIn(textOf(files.named('descriptions.json')));
  const exchanges = new Map<number, { offer: CellFile | null; answer: CellFile | null }>();
  for (const kind of ['offer', 'answer'] as const) {
    for (const [at, file] of files.of(kind).entries()) {
      const number = exchangeOf(file.name, at);
      const exchange = exchanges.get(number) ?? { offer: null, answer: null };
      exchanges.set(number, { ...exchange, [kind]: file });
    }
  }
  const asShown = (file: CellFile | null, what: string): ShownDescription | null =>
    file === null ? null : { title: `${what} of the ${file.peer ?? 'call'}`, sdp: textOf(file) };
  return (
    <section>
      <h2>Offer and answer</h2>
      <p class="soft">
        Strong: what is negotiated. ◂ marks a line whose meaning the other side does not have.
      </p>
      <Doubts files={both} />
      <Edits described={described} />
      {[...exchanges]
        .toSorted(([one], [other]) => one - other)
        .map(([number, { offer, answer }]) => (
          <details open={number === 1}>
            <summary>
              {exchanges.size === 1
                ? 'Side by side'
                : `Exchange ${String(number)} of ${String(exchanges.size)}`}
            </summary>
            <SideBySide one={asShown(offer, 'Offer')} other={asShown(answer, 'Answer')} />
          </details>
        ))}
    </section>
  );
}

/** How offers and answers of a cell that is not a pass differ from those of its last pass in the earlier run. */
export function LastPassOf({
  address,
  lastPass,
  isHeldAgainst,
  files,
}: {
  address: string;
  lastPass: CellDetail['lastPass'];
  /** Whether the report was written with an earlier run. */
  isHeldAgainst: boolean;
  files: Sorted;
}): VNode {
  const earlier = useLoaded(`${address} before`, () => loadFiles({ evidence: lastPass?.evidence ?? [] }));
  const before = earlier.state === 'there' ? sorted(earlier.value) : null;
  const now = files.of('offer', 'answer');
  return (
    <section aria-label="Difference to the last pass">
      <h2>Difference to the last pass</h2>
      {lastPass === null ? (
        <p class="soft">
          {isHeldAgainst
            ? 'The earlier run has no pass of this cell.'
            : 'This report was written without an earlier run: name one with --baseline RUN.'}
        </p>
      ) : (
        <p class="soft">
          It passed on {whenOf(lastPass.startedAt)}. Left out is what each call makes anew: candidates,
          credentials, fingerprints, identifiers of streams.
        </p>
      )}
      {earlier.state === 'failed' && <p class="problem">{earlier.message}</p>}
      {lastPass !== null && now.length === 0 && (
        <p class="soft">This time nothing was offered or answered.</p>
      )}
      {before !== null && lastPass !== null && (
        <>
          <Doubts files={before.of('offer', 'answer')} />
          {now.map((file) => {
            const was = before.named(file.name);
            return (
              <>
                <h3>{file.name}</h3>
                {was === undefined ? (
                  <p class="soft">The pass had none of this name.</p>
                ) : was.loaded === null ? null : (
                  <Difference before={withoutCall(textOf(was))} after={withoutCall(textOf(file))} />
                )}
              </>
            );
          })}
        </>
      )}
    </section>
  );
}

/** What is most telling in each type of statistics, with its unit. */
const telling: Readonly<Record<string, readonly (readonly [name: string, unit: string])[]>> = {
  'inbound-rtp': [
    ['framesDecoded', 'frames'],
    ['packetsReceived', 'packets'],
    ['packetsLost', 'lost'],
    ['bytesReceived', 'bytes'],
    ['jitter', 's'],
  ],
  'outbound-rtp': [
    ['framesEncoded', 'frames'],
    ['packetsSent', 'packets'],
    ['bytesSent', 'bytes'],
    ['qualityLimitationReason', ''],
  ],
  'remote-inbound-rtp': [
    ['roundTripTime', 's'],
    ['packetsLost', 'lost'],
  ],
  'candidate-pair': [
    ['state', ''],
    ['currentRoundTripTime', 's'],
    ['bytesReceived', 'bytes'],
  ],
  transport: [
    ['dtlsState', ''],
    ['bytesReceived', 'bytes'],
    ['tlsVersion', ''],
  ],
  'data-channel': [
    ['state', ''],
    ['messagesSent', 'sent'],
    ['messagesReceived', 'received'],
  ],
  codec: [['mimeType', '']],
};

const valueIn = (value: unknown, unit: string): string => {
  if (typeof value !== 'number') return shown(value);
  return unit === 's' ? amount(value * 1000, 'ms') : amount(value, unit);
};

function StatLine({ stat }: { stat: Record<string, unknown> }): VNode {
  const type = shown(stat['type']);
  const told = (telling[type] ?? []).flatMap(([name, unit]) =>
    stat[name] === undefined
      ? []
      : [`${name === 'mimeType' || name === 'state' ? '' : `${name} `}${valueIn(stat[name], unit)}`],
  );
  return (
    <details>
      <summary>
        <b>{type}</b> {typeof stat['kind'] === 'string' && `${stat['kind']} `}
        <span class="soft">{told.join(', ')}</span>
      </summary>
      <dl class="stat">
        {Object.entries(stat)
          .filter(([name]) => name !== 'type')
          .map(([name, value]) => (
            <>
              <dt>{name}</dt>
              <dd>{typeof value === 'number' && Number.isInteger(value) ? grouped(value) : shown(value)}</dd>
            </>
          ))}
      </dl>
    </details>
  );
}

const firstTypes = [
  'inbound-rtp',
  'outbound-rtp',
  'remote-inbound-rtp',
  'candidate-pair',
  'transport',
  'data-channel',
];

function Closing({ closing }: { closing: ClosingState }): VNode {
  const rank = ({ type }: Record<string, unknown>): number => {
    const at = firstTypes.indexOf(shown(type));
    return at < 0 ? firstTypes.length : at;
  };
  return (
    <>
      <p>{closing.states.map(([name, value]) => `${name.replace(/State$/, '')} ${value}`).join(', ')}</p>
      {closing.stats
        .toSorted((one, other) => rank(one) - rank(other))
        .map((stat) => (
          <StatLine stat={stat} />
        ))}
    </>
  );
}

export function StatisticsOf({
  files,
  nameOf,
}: {
  files: Sorted;
  nameOf: (peer: string | null) => string;
}): VNode | null {
  const stats = files.of('stats');
  if (stats.length === 0) return null;
  return (
    <section>
      <h2>Statistics at the end</h2>
      <Doubts files={stats} />
      <div class="sides">
        {stats.map((file) => (
          <div>
            <h3>{nameOf(file.peer)}</h3>
            {closingIn(textOf(file)).map((closing) => (
              <Closing closing={closing} />
            ))}
            <Unread file={file} read={closingIn(textOf(file)).length} />
          </div>
        ))}
      </div>
    </section>
  );
}

const consoleRows = 300;

/** @param most how many of the last lines to show, if a reader wants to know how it ended */
export function ConsolesOf({
  files,
  nameOf,
  title,
  most = consoleRows,
}: {
  files: Sorted;
  nameOf: (peer: string | null) => string;
  title: string;
  most?: number;
}): VNode | null {
  const consoles = files.of('console').map((file) => ({ file, lines: consoleIn(textOf(file)) }));
  const said = consoles.filter(({ file }) => textOf(file) !== '' || file.doubt !== null);
  if (consoles.length === 0) return null;
  return (
    <section>
      <h2>{title}</h2>
      {said.length === 0 && <p class="soft">Nothing was written to any console.</p>}
      {said.map(({ file, lines }) => (
        <>
          <h3>
            {nameOf(file.peer)}
            {file.name.includes('driver') && ', as its driver saw it'}
          </h3>
          <Doubts files={[file]} />
          <Unread file={file} read={lines.length} />
          <Scroll label={`${title}: ${file.name}`}>
            <table class="wide console">
              <tbody>
                {lines.slice(-most).map(({ at, level, text }) => (
                  <tr>
                    <td class="tight">
                      {Number.isFinite(at) ? new Date(at).toISOString().slice(11, 23) : ''}
                    </td>
                    <td class="tight">{level}</td>
                    <td>
                      <pre>{text}</pre>
                    </td>
                  </tr>
                ))}
              </tbody>
            </table>
          </Scroll>
        </>
      ))}
    </section>
  );
}

/** Every file, with what a reader needs to check that it is the one that the run wrote. */
export function FileList({ files }: { files: readonly CellFile[] }): VNode {
  const save = (file: CellFile): void => {
    if (file.loaded === null) return;
    const link = document.createElement('a');
    // Never opened here: as bytes of no kind, nothing runs them.
    const url = URL.createObjectURL(new Blob([file.loaded.bytes], { type: 'application/octet-stream' }));
    link.href = url;
    link.download = file.name;
    link.click();
    setTimeout(() => URL.revokeObjectURL(url), 10_000);
  };
  return (
    <Scroll label="Files of evidence">
      <table class="wide">
        <thead>
          <tr>
            <th scope="col">File</th>
            <th scope="col">Kind</th>
            <th scope="col">Side</th>
            <th scope="col">Attempt</th>
            <th scope="col">Size</th>
            <th scope="col">SHA-256</th>
          </tr>
        </thead>
        <tbody>
          {files.map((file) => (
            <tr>
              <td>
                {file.loaded === null ? (
                  file.name
                ) : (
                  <button type="button" class="link" onClick={() => save(file)}>
                    {file.name}
                    <span class="sr">, save</span>
                  </button>
                )}{' '}
                {file.doubt !== null && <span class="badge new">✗ {file.problem ?? 'not whole'}</span>}
              </td>
              <td class="tight">{file.kind}</td>
              <td class="tight">{file.peer ?? 'call'}</td>
              <td class="tight">{file.attempt}</td>
              <td class="tight">{amount(file.bytes, 'bytes')}</td>
              <td class="mono hash">{file.sha256}</td>
            </tr>
          ))}
        </tbody>
      </table>
    </Scroll>
  );
}

/** The files of a cell, loading. */
export const useFiles = (key: string, detail: CellDetail) => useLoaded(key, () => loadFiles(detail));
