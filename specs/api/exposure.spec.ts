import { expect } from 'chai';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import { single } from '../scenario.ts';
import { interfaces, questionOf, type SpecifiedInterface } from './idl.ts';
import { checkAnswers, expectNone, keepMembers, productIn, tableOf, type Table } from './steps.ts';
import type { Product } from './product.ts';
import { keyOf } from './bcd.ts';

const isIn = ({ exposed }: SpecifiedInterface, scopes: readonly string[]): boolean =>
  exposed.some((each) => each === '*' || scopes.includes(each));

/** Where interfaces may be: what answers call the place, and the names that `[Exposed]` has for it. */
const scopes = [
  { called: 'in a window', names: ['Window'], window: true },
  { called: 'in a dedicated worker', names: ['Worker', 'DedicatedWorker'], window: false },
] as const;

for (const { called, names, window } of scopes) {
  single(
    {
      id: `api/exposure/${window ? 'window' : 'worker'}`,
      title: `Interfaces ${called}`,
      asks: `Is every interface that belongs ${called} there, and no other?`,
      level: 'should',
      specs: ['https://webidl.spec.whatwg.org/#Exposed'],
      load: 'light',
    },
    async ({ peer, trace }) => {
      const product = await productIn(peer);
      const bare = interfaces.map((each) => ({ ...questionOf(each), members: [], constructors: [] }));
      const looks = await peer.run(
        async (agent, { questions, inWindow }) =>
          inWindow
            ? Promise.all(questions.map((question) => agent.idl.looks(question)))
            : agent.idl.looksInWorker(questions),
        { questions: bare.map((each) => ({ ...each, whole: true, global: false })), inWindow: window },
      );
      const answers = interfaces.flatMap((specified, at): { name: string; answer: Answer }[] => {
        const [looked] = looks[at] ?? [];
        if (!looked) return [];
        const due = isIn(specified, names);
        // There is nothing to tell about what is neither there nor due.
        if (!due && !looked.found) return [];
        const as = looked.as === undefined ? {} : { as: looked.as };
        const wrong = due ? [] : [`it is there, though only ${specified.exposed.join(' and ')} may have it`];
        return [{ name: specified.name, answer: { member: called, found: looked.found, ...as, wrong } }];
      });
      expect(answers.length, 'interfaces that were asked about').to.be.above(0);
      const tables = answers.map(({ name, answer }) => ({
        name,
        table: tableOf(product, name, () => (window ? '' : 'worker_support'), undefined, [answer]),
      }));
      trace('inventory', {
        table: `Interfaces ${called}`,
        otherwise: 'no',
        rows: tables.flatMap(({ name, table }) => table.rows.map((row) => ({ ...row, row: name }))),
      });
      // An absent interface has no cell of its own that passes or fails: its members are told here.
      const absent = answers.filter(({ answer }) => window && !answer.found).map(({ name }) => name);
      trace(
        'compat',
        [
          ...tables,
          ...interfaces
            .filter(({ name }) => absent.includes(name))
            .map((specified) => ({ table: absentTable(product, specified) })),
        ].flatMap(({ table }) => table.differences),
      );
      keepMembers(trace, product, Object.fromEntries(answers.map(({ name, answer }) => [name, [answer]])));
      expectNone(answers.flatMap(({ name, answer }) => checkAnswers(product, name, [answer])));
    },
  );
}

/** What MDN says of the members of an interface that is not there. */
function absentTable(product: Product, specified: SpecifiedInterface): Table {
  const { name, members } = questionOf(specified);
  const questions = new Map(members.map((each) => [each.name, each]));
  return tableOf(
    product,
    name,
    (member) => keyOf(name, member, questions.get(member)),
    undefined,
    ['constructor', ...questions.keys()].map((member) => ({ member, found: false, wrong: [] })),
  );
}

/** Interfaces and members as property paths, and whether only secure contexts may have them. */
const paths = (): { path: string; secure: boolean; name: string; member: string }[] =>
  interfaces
    .filter((each) => isIn(each, ['Window']))
    .flatMap((specified) => {
      const { name, secure } = specified;
      return [
        { path: name, secure, name, member: 'in an insecure context' },
        ...questionOf(specified)
          .members.filter((member) => member.secure && !secure)
          .map((member) => ({
            path: `${name}.${member.is === 'operation' && member.static ? '' : 'prototype.'}${member.name}`,
            secure: true,
            name,
            member: `${member.name} in an insecure context`,
          })),
      ];
    });

single(
  {
    id: 'api/exposure/insecure',
    title: 'Interfaces and members in an insecure context',
    asks: 'Is everything that requires a secure context missing in a page without one, and everything else there?',
    level: 'should',
    specs: ['https://webidl.spec.whatwg.org/#SecureContext'],
    needs: ['context:insecure'],
    load: 'light',
  },
  async ({ peer, trace }) => {
    const product = await productIn(peer);
    const asked = paths();
    const { secure, insecure } = await peer.run(
      async (agent, of) => ({
        secure: of.filter(agent.idl.has),
        insecure: await agent.idl.hasInsecurely(of),
      }),
      asked.map(({ path }) => path),
    );
    const answers = asked
      .filter(({ path }) => secure.includes(path))
      .map(({ path, secure: only, name, member }): { name: string; answer: Answer } => {
        const found = insecure.includes(path);
        const wrong = [
          ...(found && only ? ['it is there, though it asks for a secure context'] : []),
          ...(!found && !only ? ['it is not there, though it asks for no secure context'] : []),
        ];
        return { name, answer: { member, found: true, wrong } };
      });
    expect(answers.length, 'interfaces and members that were asked about').to.be.above(0);
    trace('inventory', {
      table: 'Interfaces and members in an insecure context',
      otherwise: 'not in a secure one either',
      rows: asked
        .filter(({ path }) => secure.includes(path))
        .map(({ path, secure: only }) => ({
          row: path,
          value: insecure.includes(path) ? 'yes' : 'no',
          ...(insecure.includes(path) === only
            ? { proof: `it asks for ${only ? 'a' : 'no'} secure context` }
            : {}),
        })),
    });
    expectNone(answers.flatMap(({ name, answer }) => checkAnswers(product, name, [answer])));
  },
);
