import { expect } from 'chai';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import { single } from '../scenario.ts';
import { interfaces, questionOf } from './idl.ts';
import { isDue } from './known.ts';
import { checkAnswers, expectNone, keepMembers, productIn } from './steps.ts';

single(
  {
    id: 'api/launch/as-shipped',
    title: 'Members without a flag',
    asks: "Does a browser without this harness's flags and preferences have the same members as one with them?",
    level: 'info',
    specs: ['https://webidl.spec.whatwg.org/#interfaces'],
    launch: 'as-shipped',
    load: 'light',
  },
  async ({ peer, trace }) => {
    const product = await productIn(peer);
    const asked = interfaces.filter(({ exposed }) => exposed.includes('Window'));
    const looks = await peer.run(
      async (agent, questions) => Promise.all(questions.map((question) => agent.idl.looks(question))),
      asked.map(questionOf),
    );
    // How a member is made has cells of its own: here only its presence counts.
    const answers = asked.map(({ name }, at) => ({
      name,
      of: (looks[at] ?? []).map(({ member, found }): Answer => ({ member, found, wrong: [] })),
    }));
    expect(answers.flatMap(({ of }) => of).length, 'members that were asked about').to.be.above(0);
    trace('inventory', {
      table: 'Members that only a flag of this harness brings',
      otherwise: 'without a flag, or not at all',
      rows: answers.flatMap(({ name, of }) =>
        of
          .filter(({ member, found }) => !found && isDue(product, name, member))
          .map(({ member }) => ({ row: `${name} ${member}`, value: 'with a flag' })),
      ),
    });
    keepMembers(trace, product, Object.fromEntries(answers.map(({ name, of }) => [name, of])), 'as-shipped');
    expectNone(answers.flatMap(({ name, of }) => checkAnswers(product, name, of, 'as-shipped')));
  },
);
