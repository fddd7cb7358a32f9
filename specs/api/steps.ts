import { AssertionError, expect } from 'chai';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { Answer } from '../../fixtures/peer-page/idl/question.ts';
import type { PeerHandle, Tools } from '../../harness/matrix/scenario.ts';
import { compatOf, differenceOf, saidOf, type Difference, type Said } from './bcd.ts';
import { isDue } from './known.ts';
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
 * Checks each answer: a member that is there has to be as specified, and one that an earlier version had
 * has to be there.
 * @param launch how the browser was started, where that was not with the harness's flags
 * @returns the checks that do not hold, as sentences
 */
export function checkAnswers(
  product: Product,
  name: string,
  answers: readonly Answer[],
  launch?: 'as-shipped',
): string[] {
  return answers.flatMap((answer) => {
    if (!answer.found && !isDue(product, name, answer.member, { launch })) return [];
    const called = [name, ...(launch === undefined ? [] : ['as shipped:']), answer.member].join(' ');
    const state = stateOf(answer);
    try {
      expect(state, called).to.equal(good);
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
  said?: string;
  verdict: 'agreed' | 'differs' | 'MDN does not know' | 'not seen, which proves nothing';
  proof?: string;
  links: { text: string; url: string }[];
  differs: boolean;
}

/** What a browser has, and what MDN says it has. */
export interface Table {
  rows: Row[];
  differences: Difference[];
  counts: { asked: number; there: number; absent: number; wrong: number; agreed: number; differing: number };
}

/** Compares what was found with browser-compat-data, member by member. */
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
    const said = known ? saidOf(known.compat, product) : null;
    const verdict = verdictOf(answer, said, key);
    const differs = verdict === 'differs';
    if (verdict === 'agreed') agreed += 1;
    const difference = known && differs ? differenceOf(known, product, found) : undefined;
    if (difference) differences.push(difference);
    const specified = known?.compat.spec_url ?? specification;
    const written = Array.isArray(specified) ? specified[0] : specified;
    return {
      row: member,
      value: valueOf(answer),
      ...(said === null ? {} : { said: said.words }),
      verdict,
      ...proofOf(answer, product),
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

/** How a browser has a member, where that is not as specified. */
const proofOf = (answer: Answer, { version }: Product): { proof?: string } =>
  answer.found && answer.wrong.length === 0 ? {} : { proof: `${version}: ${stateOf(answer)}` };

function verdictOf({ found }: Answer, said: Said | null, key: string | undefined): Row['verdict'] {
  if (said === null) return 'MDN does not know';
  if (said.supported === found) return 'agreed';
  // The member may be in another result or report.
  const isOfResult = /return_object_property_|^type_/.test(key ?? '');
  return found || !isOfResult ? 'differs' : 'not seen, which proves nothing';
}

/** Leaves the table, the differences and the members as evidence, and the figures as measurements. */
export function keep(
  { trace, measure }: Pick<Tools, 'trace' | 'measure'>,
  product: Product,
  name: string,
  answers: readonly Answer[],
  { rows, differences, counts }: Table,
): void {
  trace('inventory', { table: name, otherwise: 'not asked', rows });
  if (differences.length > 0) trace('compat', differences);
  keepMembers(trace, product, { [name]: answers });
  for (const [what, count] of Object.entries(counts)) measure(`members ${what}`, count, '1');
}

/** Keeps as evidence what `npm run api:known` reads. */
export function keepMembers(
  trace: Tools['trace'],
  { family, version }: Product,
  answers: Readonly<Record<string, readonly Answer[]>>,
  launch?: 'as-shipped',
): void {
  const those = (are: boolean): Record<string, string[]> =>
    Object.fromEntries(
      Object.entries(answers).map(([name, of]) => [
        name,
        of.filter(({ found }) => found === are).map(({ member }) => member),
      ]),
    );
  trace('members', { family, version, launch, there: those(true), absent: those(false) });
}

/** The last check of a cell: it names every one that does not hold. */
export function expectNone(failures: readonly string[]): void {
  expect(failures.length, `not as specified: ${failures.join('; ')}`).to.equal(0);
}
