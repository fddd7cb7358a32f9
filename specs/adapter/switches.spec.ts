import { expect } from 'chai';
import { single } from '../scenario.ts';
import { adapterNames, adapterSite, adapterUrl, newest, type Peer } from './steps.ts';

/** Which option switches which engine's shims off. */
const switches = {
  shimChrome: 'chromium',
  shimFirefox: 'gecko',
  shimSafari: 'webkit',
} as const;

/** What adapterFactory changes in a fresh window with all shims switched on, and with all but one. */
const changedBy = (peer: Peer, off: string) =>
  peer.run(
    async (agent, { url, option }) => {
      const changes: string[][] = [];
      for (const value of [true, false]) {
        const { window } = await agent.freshWindow({ scripts: [url] });
        const before = agent.surface(window);
        const options = { shimChrome: true, shimFirefox: true, shimSafari: true, [option]: value };
        agent.callByName(window, 'adapterFactory', { window }, options);
        changes.push(agent.surfaceChanges(before, agent.surface(window)).map(({ path }) => path));
      }
      const [on = [], without = []] = changes;
      return { on, off: without };
    },
    { url: adapterUrl(newest, 'factory'), option: off },
  );

for (const [option, engine] of Object.entries(switches)) {
  single(
    {
      id: `adapter/switches/${option.replace(/[A-Z]/, (letter) => `-${letter.toLowerCase()}`)}`,
      title: `${option}: false`,
      asks: `Does ${option}: false leave ${adapterNames[engine]} as it is, and other browsers shimmed?`,
      level: 'should',
      specs: [adapterSite],
      needs: ['RTCPeerConnection'],
    },
    async ({ peer, measure }) => {
      const changed = await changedBy(peer, option);
      measure('properties changed when it is on', changed.on.length, '1');
      expect(changed.on.length, 'properties changed when it is on').to.be.above(0);
      expect(changed.off, 'properties changed when it is off').to.deep.equal(
        peer.engine === engine ? [] : changed.on,
      );
    },
  );
}

single(
  {
    id: 'adapter/switches/disable-log',
    title: 'disableLog',
    asks: 'Is adapter quiet until disableLog(false), and does it then say what it shims?',
    level: 'should',
    specs: [adapterSite],
    needs: ['RTCPeerConnection'],
  },
  async ({ peer }) => {
    const { quiet, answers, said } = await peer.run(
      async (agent, url) => {
        const { window, said: heard } = await agent.freshWindow({ scripts: [url] });
        const shim = () => agent.callByName(window, 'adapterFactory', { window });
        const adapter = shim();
        const before = [...heard];
        if (typeof adapter !== 'object' || adapter === null) throw new Error('adapterFactory gave nothing');
        const told = ['no boolean', false].map((value) =>
          String(agent.callByName(adapter, 'disableLog', value)),
        );
        shim();
        return { quiet: before, answers: told, said: heard.filter((line) => line.startsWith('log')) };
      },
      adapterUrl(newest, 'factory'),
    );
    expect(quiet, 'what it said before').to.deep.equal([]);
    expect(answers, 'what disableLog answers').to.deep.equal([
      'Error: Argument type: string. Please use a boolean.',
      'adapter.js logging enabled',
    ]);
    expect(said, 'what it said when it shims again').to.deep.equal([
      `log: adapter.js shimming ${adapterNames[peer.engine]}.`,
    ]);
  },
);

single(
  {
    id: 'adapter/switches/disable-warnings',
    title: 'disableWarnings',
    asks: 'Does adapter warn about deprecated calls, and no longer after disableWarnings(true)?',
    level: 'should',
    specs: [adapterSite],
    needs: ['RTCPeerConnection'],
  },
  async ({ peer }) => {
    const warnings = await peer.run(async (agent, url) => {
      const { window, said } = await agent.freshWindow({ scripts: [url] });
      const pc = new window.RTCPeerConnection();
      const warned = () => {
        const before = said.length;
        agent.callByName(pc, 'removeStream', new window.MediaStream());
        return said.slice(before).filter((line) => line.startsWith('warn: removeStream is deprecated'))
          .length;
      };
      const adapter: unknown = Reflect.get(window, 'adapter');
      if (typeof adapter !== 'object' || adapter === null) throw new Error('there is no adapter');
      const first = warned();
      agent.callByName(adapter, 'disableWarnings', true);
      const silenced = warned();
      agent.callByName(adapter, 'disableWarnings', false);
      return { first, silenced, again: warned() };
    }, adapterUrl());
    // Firefox has no removeStream of its own; where a browser has one, adapter has nothing to warn about.
    const times = peer.engine === 'gecko' ? 1 : 0;
    expect(warnings, 'warnings of removeStream').to.deep.equal({ first: times, silenced: 0, again: times });
  },
);
