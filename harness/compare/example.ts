import type { BrowserResult, Cell, Results, ScenarioResult } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';

const engines = { chromium: 'chromium', firefox: 'gecko', webkitgtk: 'webkit' } as const;

/** A browser of an example. */
export const browser = (
  id: string,
  version = '1.0',
  kind: keyof typeof engines = 'chromium',
): BrowserResult => ({
  id,
  kind,
  engine: engines[kind],
  product: kind === 'firefox' ? 'Firefox' : 'Chromium',
  version,
  driver: { name: 'playwright', version: '1.64.1' },
  launchArgs: [],
  prefs: {},
  capabilities: {},
});

/** A cell of an example: a pass, unless a status and a message say otherwise. */
export function cell(changes: Partial<Cell> = {}, message = 'it did not hold'): Cell {
  const status = changes.status ?? 'pass';
  const checks = [{ name: 'it holds', ok: true, expected: true, actual: true }];
  const bad = {
    phase: status === 'unsupported' ? 'launch' : 'assert',
    reason: {
      code: status === 'unsupported' ? 'lacks-capability' : 'assertion',
      message,
      peer: 'offerer',
    },
    checks: [],
  } as const satisfies Partial<Cell>;
  const outcome = status === 'pass' ? { phase: null, reason: null, checks } : { ...bad, checks: [] };
  const whole: Cell = {
    scenario: 'a/b/c',
    offerer: 'chromium',
    answerer: 'firefox',
    signature: null,
    startedAt: '2026-11-24T00:00:00.000Z',
    durationMs: 1000,
    flaky: false,
    attempts: [],
    measurements: {},
    evidence: [],
    repro: 'npx webrtc-interop run --scenarios a/b/c',
    ...outcome,
    ...changes,
    status,
  };
  return { ...whole, signature: changes.signature ?? signatureOf(whole) };
}

/** A run of these cells, in Chromium and Firefox. */
export function runOf(
  cells: readonly Cell[],
  { versions = {}, browsers }: { versions?: Record<string, number>; browsers?: BrowserResult[] } = {},
): Results {
  const ids = [...new Set(cells.map(({ scenario }) => scenario))];
  return {
    schemaVersion: '1.0.0',
    run: {
      id: 'a-run',
      startedAt: '2026-11-24T00:00:00.000Z',
      finishedAt: '2026-11-24T00:10:00.000Z',
      complete: true,
      interrupted: false,
      argv: ['run'],
      harness: { version: '0.1.0', commit: null },
      environment: { os: 'linux', osVersion: '6.1', arch: 'x64', cpus: 2, node: 'v20.20.2' },
      shard: null,
      plannedCells: cells.length,
    },
    browsers: browsers ?? [browser('chromium'), browser('firefox', '153.7.0', 'firefox')],
    scenarios: ids.map((id): ScenarioResult => ({
      id,
      version: versions[id] ?? 1,
      area: id.split('/', 1)[0] ?? id,
      title: id,
      description: `Does ${id} hold?`,
      level: 'must',
      specUrls: [],
      roles: 'pair',
      requires: { offerer: [], answerer: [] },
    })),
    cells: [...cells],
  };
}
