import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { SurfaceChange } from '../../fixtures/peer-page/surface.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { promises, type ShimPromise } from './promises.ts';

export type Peer = PeerHandle<Agent>;

/** The last four majors, newest first, each by its latest release; served by harness/peers/adapter-builds.ts. */
export const versions = [9, 8, 7, 6] as const;
export const newest = versions[0];

/** A build of adapter: a major version, or the file that `--adapter` names. */
export type Build = number | 'given';

/** What a build is called. */
export const buildName = (build: Build): string =>
  build === 'given' ? 'the adapter of --adapter' : `adapter ${String(build)}`;

export type Form = 'script' | 'module' | 'bundle' | 'factory' | 'traced';

/** The address of a build of adapter. */
export const adapterUrl = (build: Build = newest, form: Form = 'script'): string =>
  `/adapter/${String(build)}/${form}.js`;

/** What adapter calls the engines. */
export const adapterNames = {
  chromium: 'chrome',
  gecko: 'firefox',
  webkit: 'safari',
  library: 'Not a supported browser.',
} as const;

export const adapterSite = 'https://github.com/webrtcHacks/adapter';

/** What adapter itself says that it detected in a fresh window; null where adapter is not there. */
export const detectedIn = (peer: Peer, scripts: readonly string[]) =>
  peer.run(async (agent, urls) => {
    const { window } = await agent.freshWindow({ scripts: urls });
    const adapter: unknown = Reflect.get(window, 'adapter');
    const details: unknown = adapter instanceof window.Object ? Reflect.get(adapter, 'browserDetails') : null;
    if (!(details instanceof window.Object)) return null;
    return {
      browser: String(Reflect.get(details, 'browser')),
      version: Reflect.get(details, 'version') === null ? null : Number(Reflect.get(details, 'version')),
      peerConnection: 'RTCPeerConnection' in window,
    };
  }, scripts);

/** A window counts as shimmed when adapter says so there, not because a script was asked for; a native one has none. */
export async function expectAdapterToLoad(peer: Peer, build: Build = newest): Promise<void> {
  const [native, shimmed] = [await detectedIn(peer, []), await detectedIn(peer, [adapterUrl(build)])];
  expect(native, 'adapter in the window without it').to.equal(null);
  // Adapter recognises Safari by its RTCPeerConnection: a WebKit without one is no browser to it.
  const name = shimmed?.peerConnection === false ? 'Not a supported browser.' : adapterNames[peer.engine];
  expect(shimmed?.browser, 'the browser that adapter detected').to.equal(name);
}

/** What came of a promise in a fresh window. A refusal by the browser is an outcome; running out of time is not. */
export async function outcomeOf(
  peer: Peer,
  { page }: ShimPromise,
  scripts: readonly string[],
): Promise<unknown> {
  try {
    return await peer.run(page, scripts);
  } catch (error) {
    if (!(error instanceof Error) || !('code' in error) || error.code !== 'page-exception') throw error;
    return `refused: ${error.message}`;
  }
}

/** Whether two outcomes are the same. */
export const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

/** One shim of adapter in one browser. */
export interface ShimReport {
  shim: string;
  verdict: 'needed' | 'applied without effect' | 'not applied' | 'does harm';
  /** What it changed in a fresh window. */
  changes: readonly SurfaceChange[];
  /** What was tried to see whether it matters, without adapter and with it. */
  probes: readonly { promise: string; holds: unknown; native: unknown; shimmed: unknown }[];
}

/** Runs a build of adapter shim by shim in a fresh window; returns what each changed there, in adapter's own order. */
export const shimSteps = (peer: Peer, build: Build) =>
  peer.run(
    async (agent, { script, traced }) => {
      const native = await agent.freshWindow();
      const shimmed = await agent.freshWindow({ scripts: [script] });
      const all = agent.surfaceChanges(agent.surface(native.window), agent.surface(shimmed.window));
      const changes = all.filter(({ path }) => path !== 'adapter');
      const touched = changes.flatMap(({ path }) => path.split('.')[0] ?? []);
      const { window, load } = await agent.freshWindow();
      const steps: { shim: string; changes: SurfaceChange[] }[] = [];
      let before = agent.surface(window, touched);
      const traceShim = (shim: string, run: () => void) => {
        run();
        const after = agent.surface(window, touched);
        steps.push({ shim: shim.replace(/^.*\./, ''), changes: agent.surfaceChanges(before, after) });
        before = after;
      };
      Reflect.set(window, 'traceShim', traceShim);
      await load(traced);
      return { changes, steps };
    },
    { script: adapterUrl(build), traced: adapterUrl(build, 'traced') },
  );

/**
 * Gives each shim that ran its verdict; only shims that changed something have anything to prove. `unexplained` is what
 * the build changed but none of its shims did.
 */
export async function inventory(
  peer: Peer,
  build: Build,
): Promise<{ reports: ShimReport[]; unexplained: string[] }> {
  const { changes: all, steps } = await shimSteps(peer, build);
  const reports: ShimReport[] = [];
  const outcomes = new Map<ShimPromise, { native: unknown; shimmed: unknown }>();
  for (const { shim, changes } of steps) {
    const probes: { promise: string; holds: unknown; native: unknown; shimmed: unknown }[] = [];
    for (const promise of changes.length === 0 ? [] : promises) {
      if (!promise.shims.includes(shim)) continue;
      const outcome = outcomes.get(promise) ?? {
        native: await outcomeOf(peer, promise, []),
        shimmed: await outcomeOf(peer, promise, [adapterUrl(build)]),
      };
      outcomes.set(promise, outcome);
      probes.push({ promise: promise.name, holds: promise.holds, ...outcome });
    }
    reports.push({ shim, verdict: verdictOf(changes, probes), changes, probes });
  }
  return { reports, unexplained: unexplainedOf(all, steps) };
}

/** The properties that a build changed but none of its shims did. */
export function unexplainedOf(
  changes: readonly SurfaceChange[],
  steps: readonly { changes: readonly SurfaceChange[] }[],
): string[] {
  const explained = new Set(steps.flatMap((step) => step.changes.map(({ path }) => path)));
  return changes.map(({ path }) => path).filter((path) => !explained.has(path));
}

function verdictOf(changes: ShimReport['changes'], probes: ShimReport['probes']): ShimReport['verdict'] {
  if (changes.length === 0) return 'not applied';
  const holds = (outcome: unknown, { holds: due }: { holds: unknown }) => same(outcome, due);
  if (probes.some((probe) => holds(probe.native, probe) && !holds(probe.shimmed, probe))) return 'does harm';
  const helps = probes.some((probe) => !holds(probe.native, probe) && holds(probe.shimmed, probe));
  return helps ? 'needed' : 'applied without effect';
}

/** A column of the report's table of shims × browsers and builds: each verdict with what it rests on. */
export const shimColumn = (reports: readonly ShimReport[], build: Build) => ({
  table: 'Shims of adapter',
  column: buildName(build),
  otherwise: 'does not run here',
  rows: reports.map(({ shim, verdict, changes, probes }) => ({
    row: shim,
    value: verdict,
    proof: proofOf(changes, probes),
  })),
});

function proofOf(changes: ShimReport['changes'], probes: ShimReport['probes']): string {
  if (changes.length === 0) return 'It ran and changed nothing.';
  const tried = probes.map(({ promise, holds, native, shimmed }) => {
    const came = (outcome: unknown) => (same(outcome, holds) ? 'holds' : 'does not hold');
    return `${promise} ${came(native)} without it and ${came(shimmed)} with it`;
  });
  return `It changed ${changes.map(({ path }) => path).join(', ')}. Tried: ${tried.join('; ')}.`;
}

const plainLines = (sdp: string): string[] =>
  sdp
    .split('\r\n')
    .filter((line) => !/^a=(?:candidate|end-of-candidates|rtcp:)|^c=/.test(line))
    .map((line) =>
      line
        .replace(/^(o=|a=(?:ice-ufrag|ice-pwd|fingerprint|ssrc|ssrc-group|msid|cname)\b).*/, '$1…')
        .replace(/^(m=\w+) \d+/, '$1 PORT'),
    );

/** The lines that only one of two descriptions has, with the random parts of each taken out. */
export function differenceOf(native: string, shimmed: string): { without: string[]; with: string[] } {
  const [own, other] = [plainLines(native), plainLines(shimmed)];
  return {
    without: own.filter((line) => !other.includes(line)),
    with: other.filter((line) => !own.includes(line)),
  };
}
