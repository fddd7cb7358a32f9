import { expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { SurfaceChange } from '../../fixtures/peer-page/surface.ts';
import type { PeerHandle } from '../../harness/matrix/scenario.ts';
import { promises, type ShimPromise } from './promises.ts';

export type Peer = PeerHandle<Agent>;

/** The latest of each of the last four majors, newest first; served by harness/peers/adapter-builds.ts. */
export const versions = [9, 8, 7, 6] as const;
export const newest = versions[0];

export type Form = 'script' | 'module' | 'bundle' | 'factory' | 'traced';

/** The address of a build of adapter. */
export const adapterUrl = (version: number = newest, form: Form = 'script'): string =>
  `/adapter/${String(version)}/${form}.js`;

/** What adapter calls the engines. */
export const adapterNames = { chromium: 'chrome', gecko: 'firefox', webkit: 'safari' } as const;

export const adapterSite = 'https://github.com/webrtcHacks/adapter';

/** What adapter itself says that it found in a fresh window; null where it is not there. */
export const detectedIn = (peer: Peer, scripts: readonly string[]) =>
  peer.run(async (agent, urls) => {
    const { window } = await agent.freshWindow({ scripts: urls });
    const adapter: unknown = Reflect.get(window, 'adapter');
    const details: unknown = adapter instanceof window.Object ? Reflect.get(adapter, 'browserDetails') : null;
    if (!(details instanceof window.Object)) return null;
    return {
      browser: String(Reflect.get(details, 'browser')),
      version: Number(Reflect.get(details, 'version')),
      peerConnection: 'RTCPeerConnection' in window,
    };
  }, scripts);

/** A window is shimmed when adapter says so there, and not because a script was asked for; a native one has none. */
export async function expectAdapterToLoad(peer: Peer, version: number = newest): Promise<void> {
  const [native, shimmed] = [await detectedIn(peer, []), await detectedIn(peer, [adapterUrl(version)])];
  expect(native, 'adapter in the window without it').to.equal(null);
  // Adapter knows Safari by its RTCPeerConnection: a WebKit without one is no browser to it.
  const name = shimmed?.peerConnection === false ? 'Not a supported browser.' : adapterNames[peer.engine];
  expect(shimmed?.browser, 'the browser that adapter detected').to.equal(name);
}

/** What came of a promise in a fresh window. What the browser refuses is an outcome; running out of time is not. */
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

/** Runs a build of adapter shim by shim in a fresh window: what each changed there, in adapter's own order. */
export const shimSteps = (peer: Peer, version: number) =>
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
    { script: adapterUrl(version), traced: adapterUrl(version, 'traced') },
  );

/** Gives each shim that ran its verdict; only shims that changed something have anything to prove. */
export async function inventory(peer: Peer, version: number): Promise<ShimReport[]> {
  const { steps } = await shimSteps(peer, version);
  const reports: ShimReport[] = [];
  for (const { shim, changes } of steps) {
    const probes: { promise: string; holds: unknown; native: unknown; shimmed: unknown }[] = [];
    for (const promise of changes.length === 0 ? [] : promises) {
      if (!promise.shims.includes(shim)) continue;
      const native = await outcomeOf(peer, promise, []);
      const shimmed = await outcomeOf(peer, promise, [adapterUrl(version)]);
      probes.push({ promise: promise.name, holds: promise.holds, native, shimmed });
    }
    reports.push({ shim, verdict: verdictOf(changes, probes), changes, probes });
  }
  return reports;
}

function verdictOf(changes: ShimReport['changes'], probes: ShimReport['probes']): ShimReport['verdict'] {
  if (changes.length === 0) return 'not applied';
  const holds = (outcome: unknown, { holds: due }: { holds: unknown }) => same(outcome, due);
  if (probes.some((probe) => holds(probe.native, probe) && !holds(probe.shimmed, probe))) return 'does harm';
  const helps = probes.some((probe) => !holds(probe.native, probe) && holds(probe.shimmed, probe));
  return helps ? 'needed' : 'applied without effect';
}
