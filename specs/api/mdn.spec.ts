import { expect } from 'chai';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import { single } from '../scenario.ts';
import { otherInterfaces, otherMembers } from './bcd.ts';
import { interfaces } from './idl.ts';
import { checkAnswers, expectNone, keepAbsent, productIn, tableOf } from './steps.ts';

const specified = new Set(interfaces.map(({ name }) => name));

single(
  {
    id: 'api/mdn/other-interfaces',
    title: 'Interfaces that MDN has and these specifications do not',
    asks: 'Is every interface and member there that was there before, among those that only MDN speaks of?',
    level: 'info',
    specs: ['https://github.com/mdn/browser-compat-data'],
    load: 'light',
  },
  async ({ peer, trace }) => {
    const product = await productIn(peer);
    const asked = otherInterfaces(specified).map((name) => ({
      name,
      members: [{ member: 'interface', key: '', static: false }, ...otherMembers(name, new Set())],
    }));
    const found = await peer.run(
      (_, of) =>
        of.map(({ name, members }) => {
          const holder: unknown = Reflect.get(globalThis, name);
          const prototype: unknown = holder instanceof Object ? Reflect.get(holder, 'prototype') : undefined;
          const isIn = (object: unknown, member: string): boolean =>
            object instanceof Object && member in object;
          return members.map((each) =>
            each.key === '' ? holder !== undefined : isIn(each.static ? holder : prototype, each.member),
          );
        }),
      asked,
    );
    const answers = asked.map(({ name, members }, at) => ({
      name,
      keys: new Map(members.map(({ member, key }) => [member, key])),
      of: members.map(({ member }, index): Answer => ({
        member,
        found: found[at]?.[index] === true,
        wrong: [],
      })),
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
    keepAbsent(trace, product, Object.fromEntries(answers.map(({ name, of }) => [name, of])));
    expectNone(answers.flatMap(({ name, of }) => checkAnswers(product, name, of)));
  },
);
