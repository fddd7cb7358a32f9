import { expect } from 'chai';
import { single } from '../scenario.ts';
import {
  adapterNames,
  adapterSite,
  adapterUrl,
  detectedIn,
  inventory,
  newest,
  shimColumn,
  shimSteps,
  unexplainedOf,
} from './steps.ts';

single(
  {
    id: 'adapter/inventory/detection',
    title: 'What adapter takes the browser for',
    asks: 'Does adapter detect the right browser and the right version?',
    level: 'should',
    specs: [adapterSite],
  },
  async ({ peer, trace }) => {
    const detected = await detectedIn(peer, [adapterUrl()]);
    const truth = { browser: peer.engine, version: peer.version };
    trace('detection', { detected, truth });
    trace('inventory', {
      table: 'What adapter takes each browser for, and what it is',
      rows: (['browser', 'version'] as const).map((row) => ({
        row,
        value: `${String(detected?.[row])}; it is ${truth[row]}`,
      })),
    });
    // Adapter recognises Safari by its RTCPeerConnection: a WebKit without one is no browser to it.
    const name = detected?.peerConnection === false ? 'Not a supported browser.' : adapterNames[peer.engine];
    expect(detected?.browser, `what adapter calls ${peer.engine} ${peer.version}`).to.equal(name);
    // For Safari it reads the version of AppleWebKit, which has stood still since 2018.
    if (peer.engine !== 'webkit') {
      expect(detected?.version, 'the version that adapter detected').to.equal(
        Number.parseInt(peer.version, 10),
      );
    }
  },
);

single(
  {
    id: 'adapter/inventory/surface',
    title: 'What adapter changes',
    asks: 'Is everything that differs in a page with adapter the work of a shim that is known by name?',
    level: 'info',
    specs: [adapterSite],
  },
  async ({ peer, measure, trace }) => {
    const noise = await peer.run(async (agent) => {
      const [one, other] = [await agent.freshWindow(), await agent.freshWindow()];
      return agent.surfaceChanges(agent.surface(one.window), agent.surface(other.window));
    });
    const { changes, steps } = await shimSteps(peer, newest);
    const shimsOf = (path: string) =>
      steps
        .flatMap(({ shim, changes: own }) => (own.some((change) => change.path === path) ? shim : []))
        .join();
    trace('changes', changes);
    trace('inventory', {
      table: 'What is different in a page with adapter',
      otherwise: 'the same',
      rows: changes.map(({ path, before, after }) => ({
        row: path,
        value: before === null ? 'added' : after === null ? 'taken away' : 'changed',
        proof: `without it: ${String(before)}; with it: ${String(after)}; by ${shimsOf(path)}`,
      })),
    });
    measure('properties changed', changes.length, '1');
    const removed = changes.filter(({ after }) => after === null);
    expect(noise, 'what differs between two windows without adapter').to.deep.equal([]);
    expect(unexplainedOf(changes, steps), 'properties that no shim accounts for').to.deep.equal([]);
    expect(removed, 'properties that adapter took away').to.deep.equal([]);
  },
);

single(
  {
    id: 'adapter/inventory/shims',
    title: 'Each shim: needed, without effect, not applied',
    asks: 'Is every shim of adapter that ran here needed, without effect or not applied, and was every one that changed anything tried?',
    level: 'info',
    specs: [adapterSite],
    timeoutMs: 60_000,
  },
  async ({ peer, measure, trace }) => {
    const { reports } = await inventory(peer, newest);
    trace('shims', reports);
    trace('inventory', shimColumn(reports, newest));
    for (const verdict of ['needed', 'applied without effect', 'not applied'] as const) {
      measure(`shims ${verdict}`, reports.filter((report) => report.verdict === verdict).length, '1');
    }
    const supported = await peer.run(() => 'RTCPeerConnection' in globalThis);
    expect(reports.length > 0, 'whether adapter ran any shim').to.equal(supported);
    for (const { shim, verdict, changes, probes } of reports) {
      // What was changed has to have been tried, or "without effect" would only mean that nobody looked.
      if (changes.length > 0) expect(probes.length, `${shim}: what was tried`).to.be.above(0);
      expect(verdict, shim).to.be.oneOf(['needed', 'applied without effect', 'not applied']);
    }
  },
);
