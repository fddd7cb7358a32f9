import { expect } from 'chai';
import { scenario, single } from '../scenario.ts';
import { audioVideoData, callKinds, expectAdapterOn } from './calls.ts';
import {
  adapterSite,
  adapterUrl,
  buildName,
  expectAdapterToLoad,
  inventory,
  same,
  shimColumn,
  versions,
  type Build,
  type Peer,
} from './steps.ts';

/** Every build, side by side; the file that `--adapter` names is one more. */
const builds: readonly Build[] = [...versions, 'given'];

const load = (peer: Peer, build: Build) =>
  peer.run(({ loadScript }, url) => loadScript(window, url), adapterUrl(build));

// The newest build is what adapter/inventory/shims asks about.
for (const build of builds.slice(1)) {
  const name = buildName(build);
  single(
    {
      id: `adapter/versions/shims-${String(build)}`,
      title: `What ${name} changes`,
      asks: `Does ${name} break nothing here that works without it, and is everything that it changes the work of one of its shims?`,
      level: 'info',
      specs: [adapterSite],
      needs: ['RTCPeerConnection'],
      adapterFile: build === 'given',
      timeoutMs: 60_000,
    },
    async ({ peer, measure, trace }) => {
      await expectAdapterToLoad(peer, build);
      const { reports, unexplained } = await inventory(peer, build);
      trace('shims', reports);
      trace('inventory', shimColumn(reports, build));
      measure(
        'shims that changed something',
        reports.filter(({ changes }) => changes.length > 0).length,
        '1',
      );
      expect(reports.length, 'shims that ran').to.be.above(0);
      const harm = reports.flatMap(({ shim, probes }) =>
        probes
          .filter(({ holds, native, shimmed }) => same(native, holds) && !same(shimmed, holds))
          .map(({ promise, shimmed }) => `${shim}: ${promise} gives ${JSON.stringify(shimmed)}`),
      );
      for (const { shim, verdict } of reports) {
        expect(verdict, shim).to.be.oneOf(['needed', 'applied without effect', 'not applied', 'does harm']);
      }
      expect(harm.length, `works without ${name} and not with it: ${harm.join('; ')}`).to.equal(0);
      expect(unexplained, 'properties that no shim accounts for').to.deep.equal([]);
    },
  );
}

const [call] = callKinds;

for (const build of builds) {
  const name = buildName(build);
  scenario(
    {
      id: `adapter/versions/call-${String(build)}`,
      title: `A call with ${name} on both sides`,
      asks: `Do audio, video and data arrive when both sides have loaded ${name}?`,
      level: 'should',
      specs: [adapterSite],
      needs: call?.needs ?? [],
      adapterFile: build === 'given',
    },
    async (context) => {
      await Promise.all([context.offerer, context.answerer].map((peer) => load(peer, build)));
      await expectAdapterOn(context.offerer, 'offerer', true);
      await expectAdapterOn(context.answerer, 'answerer', true);
      await audioVideoData(context);
    },
  );
}
