import { expect } from 'chai';
import { declareFor } from '../matrix/scenario.ts';

/**
 * Scenarios that prove the harness itself, in every run: one must come out `unsupported`, one `error`.
 * A harness that reports anything else for them cannot be believed about the rest.
 */
const { single } = declareFor<never>();

single(
  {
    id: 'canary/probe/nonsense-capability',
    title: 'The probe can say no',
    asks: 'Does a scenario that needs a thing no browser has come out as unsupported?',
    level: 'info',
    specs: [],
    needs: ['RTCNonsenseThatNoBrowserHas'],
  },
  async ({ peer }) => {
    expect(peer.browser, 'a browser that has what no browser has').to.equal('none');
  },
);

single(
  {
    id: 'canary/agent/unknown-command',
    title: 'The agent can say no',
    asks: 'Does a scenario that asks the agent for an unknown command come out as an error of the harness?',
    level: 'info',
    specs: [],
  },
  async ({ peer }) => {
    expect(await peer.command('aCommandThatNoAgentKnows'), 'an answer to an unknown command').to.equal(
      'none',
    );
  },
);
