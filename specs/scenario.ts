import type { Agent } from '../fixtures/peer-page/agent.ts';
import { declareFor } from '../harness/matrix/scenario.ts';
import { isDraft } from './drafts.ts';

/**
 * Declares a scenario: `scenario` asks about an ordered pair of browsers, `single` about one.
 * The functions that a body hands to `run` are sent to the page as source text: they see the agent and their
 * argument, and nothing else of the file they stand in.
 */
export const { scenario, single } = declareFor<Agent>(isDraft);
