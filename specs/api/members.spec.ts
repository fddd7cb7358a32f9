import { expect } from 'chai';
import { single } from '../scenario.ts';
import { answersOf, keyOf, otherMembers } from './bcd.ts';
import { interfaces, questionOf } from './idl.ts';
import { checkAnswers, expectNone, keep, productIn, tableOf, together } from './steps.ts';

/** Specifications that browsers have to keep to; the others are drafts of what may come. */
const settled = new Set(['webrtc-pc', 'mediacapture-main']);

for (const specified of interfaces) {
  const { name, group, specs, exposed } = specified;
  const inWindow = exposed.includes('Window') || exposed.includes('*');
  // No page has the others: they are in global objects of identity providers.
  if (!inWindow && !exposed.includes('DedicatedWorker') && !exposed.includes('Worker')) continue;
  single(
    {
      id: `api/${group}/${name.toLowerCase()}`,
      title: name,
      asks: `Is every member of ${name} that is there as its specification defines it, and is none gone that was there before?`,
      level: settled.has(group) ? 'must' : 'info',
      specs,
      needs: [`interface:${inWindow ? '' : 'worker:'}${name}`],
      load: 'light',
    },
    async ({ peer, ...tools }) => {
      const product = await productIn(peer);
      const question = questionOf(specified);
      const questions = new Map(question.members.map((each) => [each.name, each]));
      const keyFor = (member: string): string | undefined => keyOf(name, member, questions.get(member));
      const asked = ['interface', 'constructor', ...questions.keys()];
      const others =
        inWindow && question.whole
          ? otherMembers(name, new Set(asked.flatMap((member) => keyFor(member) ?? [])))
          : [];
      const otherKeys = new Map(others.map(({ member, key }) => [member, key]));
      const { looks, behaviour, found } = await peer.run(
        async (agent, { of, window, unspecified }) => {
          if (!window)
            return { looks: (await agent.idl.looksInWorker([of])).flat(), behaviour: null, found: [] };
          const path = (each: { static: boolean; member: string }): string =>
            [of.name, ...(each.static ? [] : ['prototype']), each.member].join('.');
          return {
            looks: await agent.idl.looks(of),
            behaviour: await agent.idl.behaviour(of),
            found: unspecified.map((each) => ({ ...each, found: agent.idl.has(path(each)) })),
          };
        },
        { of: question, window: inWindow, unspecified: others },
      );
      const answers = together([
        ...looks.map((answer) => ({
          ...answer,
          wrong: [...answer.wrong, ...(behaviour?.wrong.get(answer.member) ?? [])],
        })),
        ...(behaviour?.answers ?? []),
        ...answersOf(found),
      ]);
      keep(
        tools,
        product,
        name,
        answers,
        tableOf(product, name, (member) => otherKeys.get(member) ?? keyFor(member), specs[0], answers),
      );
      expect(looks.length, 'members that were asked about').to.be.above(0);
      expectNone(checkAnswers(product, name, answers));
    },
  );
}
