import { expect } from 'chai';
import { scenario, single } from '../scenario.ts';
import { audioVideoData, callKinds, expectAdapterOn } from './calls.ts';
import {
  adapterSite,
  adapterUrl,
  expectAdapterToLoad,
  inventory,
  same,
  versions,
  type Peer,
} from './steps.ts';

const load = (peer: Peer, version: number) =>
  peer.run(({ loadScript }, url) => loadScript(window, url), adapterUrl(version));

for (const version of versions.slice(1)) {
  const name = `adapter ${String(version)}`;
  single(
    {
      id: `adapter/versions/shims-${String(version)}`,
      title: `What ${name} changes`,
      asks: `Which shims of ${name} changed anything here, which are needed, and does one break what works without it?`,
      level: 'info',
      specs: [adapterSite],
      needs: ['RTCPeerConnection'],
      timeoutMs: 90_000,
    },
    async ({ peer, measure, trace }) => {
      await expectAdapterToLoad(peer, version);
      const reports = await inventory(peer, version);
      trace('shims', reports);
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
      expect(harm.join('; '), `what works without ${name} and not with it`).to.equal('');
    },
  );
}

const [call] = callKinds;

for (const version of versions) {
  scenario(
    {
      id: `adapter/versions/call-${String(version)}`,
      title: `A call with adapter ${String(version)} on both sides`,
      asks: `Do audio, video and data arrive when both sides have loaded adapter ${String(version)}?`,
      level: 'should',
      specs: [adapterSite],
      needs: call?.needs ?? [],
    },
    async (context) => {
      await Promise.all([context.offerer, context.answerer].map((peer) => load(peer, version)));
      await expectAdapterOn(context.offerer, 'offerer', true);
      await expectAdapterOn(context.answerer, 'answerer', true);
      await audioVideoData(context);
    },
  );
}
