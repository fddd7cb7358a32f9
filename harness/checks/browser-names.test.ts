import { expect } from 'chai';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { browserKinds } from '../config/browsers.ts';
import { packageRoot } from '../run/environment.ts';
import { sourceFiles } from './source-files.ts';

/** Where the name of a kind may appear besides the table, because something else has the same name. */
const allowed: Readonly<Record<string, string>> = {
  'harness/config/browsers.ts': 'the table',
  'harness/drivers/playwright.ts': 'engines, each with its type in Playwright',
  'harness/bench/plain.ts': 'types of Playwright, as code written by hand names them',
  'harness/chaos/processes.ts': 'engines, whose processes are told apart',
  'harness/report/page/capability.ts': 'an engine of the results',
  'fixtures/peer-page/idl/looks.ts': 'prefixes of members',
  'harness/public/types.check.ts': 'what a user writes, for the compiler to check',
};

const literal = new RegExp(`(['"\`])(?:${browserKinds.join('|')})\\1`);
const isComment = /^\s*(?:\*|\/\*|\/\/)/;

describe('what is known of a browser', () => {
  it('stands in one table: no other code of the harness names one', async () => {
    const naming: string[] = [];
    for (const path of (await sourceFiles()).filter((source) => !source.startsWith('specs/'))) {
      const text = await readFile(join(packageRoot, path), 'utf8');
      const named = text.split('\n').some((line) => !isComment.test(line) && literal.test(line));
      if (named) naming.push(path);
    }
    expect(naming.toSorted()).to.deep.equal(Object.keys(allowed).toSorted());
  });
});
