import { expect } from 'chai';
import { adapterSite, adapterUrl, buildName, expectAdapterToLoad, versions } from '../adapter/steps.ts';
import { single } from '../scenario.ts';
import { interfaces, questionOf } from './idl.ts';
import { expectNone } from './steps.ts';

for (const version of versions) {
  const name = buildName(version);
  single(
    {
      id: `api/adapter/version-${String(version)}`,
      title: `Members with ${name}`,
      asks: `Are all members of the specifications that are there without ${name} still there with it, and which does it add?`,
      level: 'should',
      specs: [adapterSite],
      load: 'light',
    },
    async ({ peer, trace, measure }) => {
      await expectAdapterToLoad(peer, version);
      const asked = interfaces.filter(({ exposed }) => exposed.includes('Window'));
      const { native, shimmed } = await peer.run(
        async (agent, { questions, script }) => {
          const looksIn = async (scripts: readonly string[]) => {
            const { window } = await agent.freshWindow({ scripts });
            return Promise.all(questions.map((question) => agent.idl.looks(question, window)));
          };
          return { native: await looksIn([]), shimmed: await looksIn([script]) };
        },
        { questions: asked.map(questionOf), script: adapterUrl(version) },
      );
      const members = asked.flatMap((specified, at) =>
        (native[at] ?? []).map((before, index) => {
          const after = shimmed[at]?.[index];
          return {
            member: `${specified.name} ${before.member}`,
            before: before.found,
            after: after?.found === true,
            wrong: (after?.wrong ?? []).filter((phrase) => !before.wrong.includes(phrase)),
          };
        }),
      );
      const changed = members.filter(({ before, after, wrong }) => before !== after || wrong.length > 0);
      trace('inventory', {
        table: 'Members of the specifications with adapter',
        column: name,
        otherwise: 'the same',
        rows: changed.map(({ member, before, after, wrong }) => ({
          row: member,
          value: before ? (after ? 'changed' : 'taken away') : 'added',
          ...(wrong.length > 0 ? { proof: wrong.join(', ') } : {}),
        })),
      });
      measure('members changed', changed.length, '1');
      expect(members.filter(({ before }) => before).length, 'members without adapter').to.be.above(0);
      for (const { member, before, after } of members)
        if (before) expect(after, `${member} with ${name}`).to.equal(true);
      expectNone(members.filter(({ before, after }) => before && !after).map(({ member }) => member));
    },
  );
}
