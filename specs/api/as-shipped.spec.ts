import { expect } from 'chai';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import { single } from '../scenario.ts';
import { interfaces, questionOf } from './idl.ts';
import { mayLack } from './known.ts';
import { checkAnswers, expectNone, keepAbsent, productIn } from './steps.ts';

/** A browser as it is shipped lacks things that our flags bring: known by this name before the member's. */
const shipped = 'as shipped: ';

single(
  {
    id: 'api/launch/as-shipped',
    title: 'Members without a flag',
    asks: "Has a browser without this harness's flags and preferences the same members as one with them?",
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
    const answers = asked.map(({ name }, at) => ({ name, of: looks[at] ?? [] }));
    expect(answers.flatMap(({ of }) => of).length, 'members that were asked about').to.be.above(0);
    // What browsers lack with every flag they lack without one: what is left is what a flag of ours brings.
    const brought = answers.map(({ name, of }) => ({
      name,
      of: of
        .filter(
          ({ member, found }) =>
            found || !(mayLack(product, name, 'in a window') || mayLack(product, name, member)),
        )
        .map(({ member, found }): Answer => ({ member: `${shipped}${member}`, found, wrong: [] })),
    }));
    trace('inventory', {
      table: 'Members that only a flag of this harness brings',
      otherwise: 'without a flag, or not at all',
      rows: brought.flatMap(({ name, of }) =>
        of
          .filter(({ found }) => !found)
          .map(({ member }) => ({ row: `${name} ${member.slice(shipped.length)}`, value: 'with a flag' })),
      ),
    });
    keepAbsent(trace, product, Object.fromEntries(brought.map(({ name, of }) => [name, of])));
    expectNone(brought.flatMap(({ name, of }) => checkAnswers(product, name, of)));
  },
);
