import { AssertionError, expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import type { PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { compatOf, differenceOf, saidOf, type Difference, type Said } from './bcd.ts';
import { mayLack } from './known.ts';
import { productOf, type Product } from './product.ts';

export type Peer = PeerHandle<Agent>;

/** Which browser this is. */
export const productIn = async (peer: Peer): Promise<Product> =>
  productOf(await peer.run(() => navigator.userAgent), peer.version);

/** Puts answers about the same member together: what was used says more than what was looked at. */
export function together(answers: readonly Answer[]): Answer[] {
  const all = new Map<string, Answer>();
  for (const answer of answers) {
    const before = all.get(answer.member);
    all.set(answer.member, {
      ...before,
      ...answer,
      wrong: [...new Set([...(before?.wrong ?? []), ...answer.wrong])],
    });
  }
  return [...all.values()];
}

const good = 'as specified';

/** What was found of a member, in words. */
function stateOf({ found, as, wrong }: Answer): string {
  if (!found) return as === undefined ? 'absent' : `absent, and there as ${as}`;
  return wrong.length === 0 ? good : wrong.join(', ');
}

/**
 * Makes a check of each answer: a member that is there has to be as specified, and one that an earlier version had
 * has to be there.
 * @returns those that do not hold, as sentences
 */
export function checkAnswers(product: Product, name: string, answers: readonly Answer[]): string[] {
  return answers.flatMap((answer) => {
    const called = `${name} ${answer.member}`;
    const state = stateOf(answer);
    const due = !answer.found && mayLack(product, name, answer.member) ? state : good;
    try {
      expect(state, called).to.equal(due);
      return [];
    } catch (error) {
      if (!(error instanceof AssertionError)) throw error;
      return [`${called}: ${state}`];
    }
  });
}

/** A row of the table of an interface: see harness/report/inventory.ts. */
interface Row {
  row: string;
  value: string;
  proof?: string;
  links: { text: string; url: string }[];
  differs: boolean;
}

/** What a browser has, and what MDN says that it has. */
export interface Table {
  rows: Row[];
  differences: Difference[];
  counts: { asked: number; there: number; absent: number; wrong: number; agreed: number; differing: number };
}

/** Holds what was found against browser-compat-data, member by member. */
export function tableOf(
  product: Product,
  name: string,
  keyOf: (member: string) => string | undefined,
  specification: string | undefined,
  answers: readonly Answer[],
): Table {
  const differences: Difference[] = [];
  let agreed = 0;
  const rows = answers.map((answer): Row => {
    const { member, found } = answer;
    const key = keyOf(member);
    const known = key === undefined ? undefined : compatOf(name, key);
    // What was not seen in a result or a report may be there in another one.
    const isTold = found || !/return_object_property_|^type_/.test(key ?? '');
    const said = known && isTold ? saidOf(known.compat, product) : null;
    const differs = said !== null && said.supported !== found;
    if (said !== null && !differs) agreed += 1;
    const difference = known && differs ? differenceOf(known, product, found) : undefined;
    if (difference) differences.push(difference);
    const specified = known?.compat.spec_url ?? specification;
    const written = Array.isArray(specified) ? specified[0] : specified;
    return {
      row: member,
      value: `${valueOf(answer)}${said === null ? '' : `; MDN: ${said.words}`}`,
      ...proofOf(answer, said, product),
      links: [
        ...(written === undefined ? [] : [{ text: 'specification', url: written }]),
        ...(known?.compat.mdn_url === undefined ? [] : [{ text: 'MDN', url: known.compat.mdn_url }]),
      ],
      differs,
    };
  });
  const there = answers.filter(({ found }) => found);
  return {
    rows,
    differences,
    counts: {
      asked: answers.length,
      there: there.length,
      absent: answers.length - there.length,
      wrong: there.filter(({ wrong }) => wrong.length > 0).length,
      agreed,
      differing: differences.length,
    },
  };
}

function valueOf({ found, as, wrong }: Answer): string {
  if (!found) return as === undefined ? 'no' : `as ${as}`;
  return wrong.length === 0 ? 'yes' : 'yes, not as specified';
}

function proofOf(answer: Answer, said: Said | null, { version }: Product): { proof?: string } {
  const told = said === null ? 'MDN does not know' : `MDN says ${said.words}`;
  if (answer.wrong.length === 0 && said !== null && said.supported === answer.found) return {};
  return { proof: `${version}: ${stateOf(answer)}; ${told}` };
}

/** Leaves the table, the differences and what is absent as evidence, and the figures as measurements. */
export function keep(
  { trace, measure }: Pick<Tools, 'trace' | 'measure'>,
  product: Product,
  name: string,
  answers: readonly Answer[],
  { rows, differences, counts }: Table,
): void {
  trace('inventory', { table: name, otherwise: 'not asked', rows });
  if (differences.length > 0) trace('compat', differences);
  keepAbsent(trace, product, { [name]: answers });
  for (const [what, count] of Object.entries(counts)) measure(`members ${what}`, count, '1');
}

/** What `npm run api:known` reads. */
export function keepAbsent(
  trace: Tools['trace'],
  { family, version }: Product,
  answers: Readonly<Record<string, readonly Answer[]>>,
): void {
  const absent = Object.fromEntries(
    Object.entries(answers).map(([name, of]) => [
      name,
      of.filter(({ found }) => !found).map(({ member }) => member),
    ]),
  );
  trace('absent', { family, version, absent });
}

/** The last check of a cell: it names all that do not hold. */
export function expectNone(failures: readonly string[]): void {
  expect(failures.length, `not as specified: ${failures.join('; ')}`).to.equal(0);
}
