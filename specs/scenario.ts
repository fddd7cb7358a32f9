import { expect } from 'chai';
import type { Agent } from '../fixtures/peer-page/agent.ts';
import { declareFor, type PairContext, type ScenarioDeclaration } from '../harness/matrix/scenario.ts';
import { isDraft } from './drafts.ts';

const declared = declareFor<Agent>(isDraft);

/**
 * Declares a scenario about an ordered pair of browsers. When its body is through, what the connections have told of
 * themselves has to hold together: no event twice, none missing, none in a state that is not the one it tells of.
 * The functions that a body hands to `run` are sent to the page as source text: they see the agent and their
 * argument, and nothing else of the file they stand in.
 */
export function scenario(
  declaration: ScenarioDeclaration,
  body: (context: PairContext<Agent>) => Promise<void>,
): void {
  declared.scenario(declaration, async (context) => {
    await body(context);
    const both = (['offerer', 'answerer'] as const).map(async (role) => {
      const disorder = await context[role].run((agent) => agent.disorder());
      expect(disorder, `what the events at the ${role} contradict`).to.deep.equal([]);
    });
    await Promise.all(both);
  });
}

/** Declares a scenario about one browser; of its functions holds the same. */
export const { single } = declared;
