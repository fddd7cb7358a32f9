import { expect } from 'chai';
import { single } from '../scenario.ts';
import { answersOf, otherInterfaces, otherMembers } from './bcd.ts';
import { interfaces } from './idl.ts';
import { checkAnswers, expectNone, keepMembers, productIn, tableOf } from './steps.ts';

const specified = new Set(interfaces.map(({ name }) => name));

single(
  {
    id: 'api/mdn/other-interfaces',
    title: 'Interfaces that MDN has and these specifications do not',
    asks: 'Of the interfaces and members that only MDN lists, is every one that was there before still there?',
    level: 'info',
    specs: ['https://github.com/mdn/browser-compat-data'],
    load: 'light',
  },
  async ({ peer, trace }) => {
    const product = await productIn(peer);
    const asked = otherInterfaces(specified).map((name) => ({
      name,
      members: [{ member: 'interface', key: '', static: false }, ...otherMembers(name, new Set())].map(
        (each) => ({
          ...each,
          path: [
            name,
            ...(each.key === '' ? [] : each.static ? [each.member] : ['prototype', each.member]),
          ].join('.'),
        }),
      ),
    }));
    // Some of them are only in workers.
    const there = await peer.run(
      async (agent, paths) => [...paths.filter(agent.idl.has), ...(await agent.idl.hasInWorker(paths))],
      asked.flatMap(({ members }) => members.map(({ path }) => path)),
    );
    const found = new Set(there);
    const answers = asked.map(({ name, members }) => ({
      name,
      keys: new Map(members.map(({ member, key }) => [member, key])),
      of: answersOf(members.map((each) => ({ ...each, found: found.has(each.path) }))),
    }));
    expect(answers.flatMap(({ of }) => of).length, 'members that were asked about').to.be.above(0);
    const tables = answers.map(({ name, keys, of }) => ({
      name,
      table: tableOf(product, name, (member) => keys.get(member), undefined, of),
    }));
    trace('inventory', {
      table: 'Interfaces that MDN has and these specifications do not',
      otherwise: 'not asked',
      rows: tables.flatMap(({ name, table }) =>
        table.rows.map((row) => ({ ...row, row: `${name} ${row.row}` })),
      ),
    });
    trace(
      'compat',
      tables.flatMap(({ table }) => table.differences),
    );
    keepMembers(trace, product, Object.fromEntries(answers.map(({ name, of }) => [name, of])));
    expectNone(answers.flatMap(({ name, of }) => checkAnswers(product, name, of)));
  },
);
