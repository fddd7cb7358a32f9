import { expect } from 'chai';
import { single } from '../scenario.ts';
import { promises } from './promises.ts';
import { adapterSite, adapterUrl, expectAdapterToLoad, outcomeOf, same } from './steps.ts';

for (const promise of promises) {
  const { name, title, asks, level, specs, needs = ['RTCPeerConnection'], holds } = promise;
  single(
    {
      id: `adapter/promise/${name}`,
      title: `${title}, with adapter`,
      asks: `In a page with adapter: ${asks}`,
      level,
      specs: [...specs, adapterSite],
      needs,
    },
    async ({ peer, measure, trace }) => {
      await expectAdapterToLoad(peer);
      const native = await outcomeOf(peer, promise, []);
      const shimmed = await outcomeOf(peer, promise, [adapterUrl()]);
      trace('outcomes', { shims: promise.shims, holds, native, shimmed });
      measure('holds without adapter', same(native, holds) ? 1 : 0, '1');
      const natively = same(native, holds) ? 'without it it holds' : `without it: ${JSON.stringify(native)}`;
      expect(shimmed, `${title} with adapter (${natively})`).to.deep.equal(holds);
    },
  );
}
