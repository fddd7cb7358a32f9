import { randomBytes } from 'node:crypto';
import { open, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browserKinds, factsOf, type BrowserKind } from '../config/browsers.ts';
import { packLineOf, sha256Of } from '../results/pack-line.ts';
import { packName } from '../results/pack-writer.ts';
import { resultsLines, type Header } from '../results/read-run.ts';
import {
  schemaVersion,
  type BrowserResult,
  type Cell,
  type Evidence,
  type ScenarioResult,
} from '../results/schema.ts';

/*
 * What the default run of 25 November 2026 left (3,369 cells of three browsers): six cells in ten are unsupported and
 * share their evidence; a cell that ran has some 46 kB of text, 5 kB when compressed, and half of those cells have a picture
 * of 4 kB; four in a hundred failed. At that time, pairs that cannot connect had a cell for each scenario, which is more to
 * write than one cell for all.
 */
const textBytes = 46_000;
const compressedBytes = 5_000;
const pictureBytes = 4_000;
const packBytes = 1024 * 1024;
const browsers = browserKinds.filter((kind) => factsOf(kind).verified.length > 0);
const mayConnect = (id: BrowserKind): boolean => factsOf(id).peerConnection === 'yes';
const areas = ['codecs', 'connection', 'data-channels', 'dom-capture', 'adapter', 'media', 'api'];

const file = (kind: Evidence['kind'], path: string, bytes: number, pack: number): Evidence => ({
  kind,
  peer: path.startsWith('offerer') ? 'offerer' : path.startsWith('answerer') ? 'answerer' : null,
  path,
  sha256: sha256Of(randomBytes(16)),
  bytes,
  pack,
});

const names = [
  ['offer', 'offerer-1-offer.sdp'],
  ['answer', 'answerer-1-answer.sdp'],
  ['signaling-log', 'signaling.jsonl'],
  ['trace', 'descriptions.json'],
  ['trace', 'events.jsonl'],
  ['stats', 'offerer-stats.json'],
  ['stats', 'answerer-stats.json'],
] as const;

const shared = [
  ['trace', 'offerer-probe.json'],
  ['console', 'offerer-console.jsonl'],
  ['screenshot', 'offerer-screenshot.png'],
] as const;

/**
 * Writes a run of `cells` cells into a new folder, as the store would have left it. The content of its packs has the length
 * that it would have, but no meaning.
 */
export async function writeSyntheticRun(dir: string, cells: number): Promise<void> {
  await mkdir(join(dir, 'evidence'), { recursive: true });
  const perScenario = browsers.length ** 2;
  const scenarios = Array.from({ length: Math.ceil(cells / perScenario) }, (_, at): ScenarioResult => {
    const area = areas[at % areas.length] ?? '';
    return {
      id: `${area}/group-${at % 40}/question-${at}`,
      version: 1,
      area,
      title: `Question ${at} about ${area} is answered as the specification has it`,
      description: `Does what question ${at} asks about ${area} hold between two browsers, seen at the receiver?`,
      level: (['must', 'should', 'info'] as const)[at % 3] ?? 'must',
      specUrls: ['https://www.w3.org/TR/webrtc/#dom-rtcpeerconnection'],
      roles: 'pair',
      requires: { offerer: ['RTCPeerConnection'], answerer: ['RTCPeerConnection'] },
    };
  });
  const header: Header = {
    schemaVersion,
    run: {
      id: 'synthetic',
      startedAt: '2026-11-25T10:00:00.000Z',
      finishedAt: '2026-11-25T20:00:00.000Z',
      complete: true,
      interrupted: false,
      argv: ['run'],
      harness: { version: '0.0.0', commit: null },
      environment: {
        os: 'Debian GNU/Linux',
        osVersion: '12',
        arch: 'x64',
        cpus: 2,
        node: process.versions.node,
      },
      shard: null,
      plannedCells: cells,
    },
    browsers: browsers.map((id) => browserOf(id)),
    scenarios,
  };
  const packs = new PackFile(join(dir, 'evidence'));
  const filler = randomBytes(compressedBytes).toString('base64');
  const picture = randomBytes(pictureBytes);
  const probe = await packs.line(
    shared.map(([kind, path]) => file(kind, path, 9000, 1)),
    filler,
  );

  async function* lines(): AsyncGenerator<string> {
    for (let at = 0; at < cells; at += 1) {
      const scenario = scenarios[Math.floor(at / perScenario)];
      const offerer = browsers[at % browsers.length];
      const answerer = browsers[Math.floor(at / browsers.length) % browsers.length];
      if (!scenario || !offerer || !answerer) continue;
      const lacks = [offerer, answerer].find(
        (id) => !mayConnect(id) || (factsOf(id).engine === 'gecko' && at % 11 === 0),
      );
      const base = cellOf(scenario.id, offerer, answerer, at);
      if (lacks !== undefined) {
        const message = `offerer ${lacks} has no RTCPeerConnection, says its probe`;
        yield JSON.stringify(notPassed(base, 'unsupported', 'launch', 'lacks-capability', message, probe));
        continue;
      }
      const evidence = await packs.line(
        names.map(([kind, path]) => file(kind, path, Math.floor(textBytes / names.length), 0)),
        filler,
      );
      if (at % 2 === 0) evidence.push(...(await packs.picture(picture)));
      if (at % 9 !== 0) yield JSON.stringify({ ...base, evidence });
      else {
        const message = `expected the picture of question ${at % 500} to be right, but it was black`;
        yield JSON.stringify(notPassed(base, 'fail', 'assert', 'assertion', message, evidence));
      }
    }
  }

  const results = await open(join(dir, 'results.json'), 'wx');
  try {
    for await (const part of resultsLines(header, lines())) await results.writeFile(part);
  } finally {
    await results.close();
  }
  await packs.end();
}

/** Packs as the store writes them, line by line. */
class PackFile {
  readonly #folder: string;
  #lines: string[] = [];
  #length = 0;
  #number = 1;

  constructor(folder: string) {
    this.#folder = folder;
  }

  /** Adds files as if all had the same content, whatever they are. */
  async line(files: readonly Evidence[], base64: string): Promise<Evidence[]> {
    const named = files.map(({ sha256, bytes }) => `${sha256}:${bytes}`).join(' ');
    return this.#add(files, `evidence("deflate-raw","${named}","${base64}");`);
  }

  async picture(content: Buffer): Promise<Evidence[]> {
    const frame = file('frame', 'shown.png', content.length, 0);
    return this.#add([frame], await packLineOf('identity', [{ ...frame, content }]));
  }

  async end(): Promise<void> {
    await writeFile(
      join(this.#folder, packName(this.#number)),
      this.#lines.map((line) => `${line}\n`).join(''),
    );
    this.#lines = [];
    this.#length = 0;
    this.#number += 1;
  }

  async #add(files: readonly Evidence[], line: string): Promise<Evidence[]> {
    const pack = this.#number;
    this.#lines.push(line);
    this.#length += line.length;
    if (this.#length >= packBytes) await this.end();
    return files.map((each) => ({ ...each, pack }));
  }
}

function browserOf(id: BrowserKind): BrowserResult {
  return {
    id,
    kind: id,
    engine: factsOf(id).engine,
    product: id,
    version: '100.0',
    driver: { name: 'playwright', version: '1.64.1' },
    launchArgs: [],
    prefs: {},
    capabilities: { has: { RTCPeerConnection: mayConnect(id) } },
  };
}

const cellOf = (scenario: string, offerer: string, answerer: string, at: number): Cell => ({
  scenario,
  offerer,
  answerer,
  status: 'pass',
  phase: null,
  reason: null,
  signature: null,
  startedAt: new Date(Date.UTC(2026, 10, 25, 10) + at * 300).toISOString(),
  durationMs: 500 + (at % 3000),
  flaky: false,
  attempts: [],
  checks: Array.from({ length: 12 }, (_, number) => ({
    name: `what the receiver measured, number ${number}, is within its bounds`,
    ok: true,
    expected: `at least ${number}`,
    actual: number + (at % 17),
  })),
  measurements: {
    'connected after': { value: 60 + (at % 97), unit: 'ms' },
    'first frame after': { value: 200 + (at % 311), unit: 'ms' },
    'frame rate': { value: 24 + (at % 7), unit: 'fps' },
  },
  evidence: [],
  repro: `npx webrtc-interop run --pairs ${offerer}:${answerer} --scenarios '${scenario}'`,
});

const notPassed = (
  cell: Cell,
  status: 'fail' | 'unsupported',
  phase: Cell['phase'],
  code: string,
  message: string,
  evidence: Evidence[],
): Cell => ({
  ...cell,
  status,
  phase,
  reason: { code, message, peer: 'answerer' },
  signature: `${status}@${String(phase)} ${code} answerer: ${message}`,
  checks: status === 'fail' ? [{ name: 'the picture is right', ok: false, expected: 1, actual: 2 }] : [],
  measurements: {},
  evidence,
});
