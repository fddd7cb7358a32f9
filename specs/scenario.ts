import type { Agent } from '../fixtures/peer-page/agent.ts';
import { declareFor, type PairContext, type ScenarioDeclaration } from '../harness/matrix/scenario.ts';
import { isDraft } from './drafts.ts';
import { mostForCall } from './steps/bounds.ts';
import { expectPace } from './steps/hold.ts';
import { expectNone } from './steps/open-twice.ts';

const declared = declareFor<Agent>(isDraft);

/**
 * Declares a scenario about an ordered pair of browsers. When its body has finished, what the connections have reported has
 * to be consistent: no event twice, none missing, none in a state other than the one that it announces. No negotiation or
 * statistics call may have taken the browser long.
 * The functions that a body passes to `run` are sent to the page as source text: they see the agent and their argument, and
 * nothing else of the file that they are written in.
 */
export function scenario(
  declaration: ScenarioDeclaration,
  body: (context: PairContext<Agent>) => Promise<void>,
): void {
  declared.scenario(declaration, async (context) => {
    await body(context);
    const both = (['offerer', 'answerer'] as const).map(async (role) => {
      const { disorder, call } = await context[role].run(async (agent) => ({
        disorder: await agent.disorder(),
        call: agent.slowest(),
      }));
      expectNone(disorder, `what the events at the ${role} contradict`, context[role]);
      return call ? [{ name: `${call.name} at the ${role}`, ms: call.ms }] : [];
    });
    const [slowest] = (await Promise.all(both)).flat().toSorted((a, b) => b.ms - a.ms);
    if (!slowest) return;
    context.measure('slowest call', slowest.ms, 'ms');
    expectPace(slowest.ms, `milliseconds for ${slowest.name}`).to.be.at.most(mostForCall);
  });
}

/** Declares a scenario about one browser; the same holds for its functions. */
export const { single } = declared;
