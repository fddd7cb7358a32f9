import { expect } from 'chai';
import { single } from '../scenario.ts';
import { promises } from './promises.ts';
import { adapterSite, adapterUrl, expectAdapterToLoad, outcomeOf } from './steps.ts';

const strict = "default-src 'none'; script-src 'self'; base-uri 'none'";
const pc = ['RTCPeerConnection'];

/** Ways to bring adapter into a page; each has to change what the plain script changes. */
const ways = {
  module: { title: 'as an ES module', form: 'module', type: 'module', global: 'adapter', csp: null },
  bundle: {
    title: "from an application's bundle",
    form: 'bundle',
    type: 'script',
    global: 'bundledAdapter',
    csp: null,
  },
  'strict-csp': {
    title: 'under a strict CSP',
    form: 'script',
    type: 'script',
    global: 'adapter',
    csp: strict,
  },
  'strict-csp-module': {
    title: 'as an ES module under a strict CSP',
    form: 'module',
    type: 'module',
    global: 'adapter',
    csp: strict,
  },
} as const;

for (const [name, { title, form, type, global, csp }] of Object.entries(ways)) {
  single(
    {
      id: `adapter/loading/${name}`,
      title: `Adapter ${title}`,
      asks: `Does adapter, loaded ${title}, change exactly what it changes as a plain script?`,
      level: 'should',
      specs: [adapterSite, 'https://www.w3.org/TR/CSP3/'],
    },
    async ({ peer, measure }) => {
      await expectAdapterToLoad(peer);
      const { script, other, violations } = await peer.run(
        async (agent, way) => {
          const native = agent.surface((await agent.freshWindow()).window);
          const plain = await agent.freshWindow({ scripts: [way.script] });
          const fresh = await agent.freshWindow(way.csp === null ? {} : { csp: way.csp });
          await fresh.load(way.url, way.type);
          const changed = (target: Window & typeof globalThis) =>
            agent
              .surfaceChanges(native, agent.surface(target))
              .map(({ path, after }) => `${path}: ${String(after).replace(/#.*/, '')}`);
          return {
            script: changed(plain.window),
            other: changed(fresh.window),
            violations: [...fresh.violations],
          };
        },
        { script: adapterUrl(), url: adapterUrl(undefined, form), type, csp },
      );
      measure('properties changed', other.length, '1');
      expect(violations, 'what the policy forbade').to.deep.equal([]);
      expect(other, 'what changed').to.deep.equal(
        script.map((line) => line.replace(/^adapter:/, `${global}:`)).toSorted(),
      );
    },
  );
}

single(
  {
    id: 'adapter/loading/twice',
    title: 'Adapter loaded twice',
    asks: 'Does everything that holds with adapter loaded once still hold when it is loaded twice?',
    level: 'should',
    specs: [adapterSite],
    needs: pc,
    timeoutMs: 60_000,
  },
  async ({ peer }) => {
    await expectAdapterToLoad(peer);
    const touched = ['shimAddTrackRemoveTrack', 'shimGetUserMedia', 'shimRemoveStream'];
    for (const promise of promises.filter(({ shims }) => shims.some((shim) => touched.includes(shim)))) {
      const once = await outcomeOf(peer, promise, [adapterUrl()]);
      const twice = await outcomeOf(peer, promise, [adapterUrl(), adapterUrl()]);
      expect(twice, `${promise.title}, as with adapter loaded once`).to.deep.equal(once);
    }
  },
);

single(
  {
    id: 'adapter/loading/after-a-connection',
    title: 'Adapter loaded after a connection was made',
    asks: 'Do a connection made before adapter was loaded and one made afterwards both work?',
    level: 'should',
    specs: [adapterSite],
    needs: [...pc, 'HTMLCanvasElement.prototype.captureStream'],
  },
  async ({ peer }) => {
    await expectAdapterToLoad(peer);
    const received = await peer.run(async (agent, url) => {
      const { window, load } = await agent.freshWindow();
      const talk = async ({ a, b, negotiate, until }: ReturnType<typeof agent.localPair>) => {
        const { track, stream } = agent.media.video();
        const heard: unknown[] = [];
        b.addEventListener('datachannel', ({ channel }) => {
          channel.addEventListener('message', ({ data }) => heard.push(data));
        });
        b.addEventListener('track', ({ streams }) => heard.push(streams[0]?.id === stream.id));
        const sender = a.addTrack(track, stream);
        const channel = a.createDataChannel('data');
        await negotiate();
        await until('the channel to open', () => channel.readyState === 'open');
        channel.send('hello');
        await until('the message', () => heard.includes('hello'));
        a.removeTrack(sender);
        await negotiate();
        return [...heard, sender.track];
      };
      const before = agent.localPair(window);
      await load(url);
      return { before: await talk(before), after: await talk(agent.localPair(window)) };
    }, adapterUrl());
    expect(received.before, 'over the connection from before').to.deep.equal([true, 'hello', null]);
    expect(received.after, 'over the connection from after').to.deep.equal([true, 'hello', null]);
  },
);

/** Ways in which adapter is missing although it was asked for. */
const absences = {
  'not-found': { title: 'is not found', url: '/adapter/9/nothing.js', csp: null, violations: 0 },
  blocked: {
    title: 'is blocked by CSP',
    url: adapterUrl(),
    csp: 'script-src ORIGIN/scripts/',
    violations: 1,
  },
} as const;

for (const [name, { title, url, csp, violations }] of Object.entries(absences)) {
  single(
    {
      id: `adapter/absence/${name}`,
      title: `Adapter ${title}`,
      asks: `Is it noticed when adapter ${title}, and is the page then not taken for a shimmed one?`,
      level: 'must',
      specs: [adapterSite],
    },
    async ({ peer }) => {
      const seen = await peer.run(
        async (agent, way) => {
          // The fixture's port is not known in advance; what --inject brings stays allowed.
          const csp = way.csp?.replace('ORIGIN', location.origin);
          const fresh = await agent.freshWindow(csp === undefined ? {} : { csp });
          // The refusal is what this scenario asks about.
          const outcome = await fresh.load(way.url).then(() => 'loaded', String);
          return { outcome, adapter: 'adapter' in fresh.window, violations: fresh.violations.length };
        },
        { url, csp },
      );
      expect(seen.outcome, 'what came of loading it').to.match(/did not load/);
      expect(seen.adapter, 'adapter in that window').to.equal(false);
      expect(seen.violations, 'violations of the policy').to.equal(violations);
    },
  );
}
