import type { Agent } from '../../fixtures/peer-page/agent.ts';

/** Creates a side's connection in a page of its own, a frame, which `leave` takes away: for `run`. */
export const connectInFrame = async (agent: Agent): Promise<void> => {
  const { window } = await agent.freshWindow();
  agent.kept.set('page', window.frameElement);
  agent.connect({ window });
};

/** The page of `connectInFrame` goes away, without close(); returns whether it is gone. */
export const leave = ({ kept }: Agent): boolean => {
  const page = kept.get('page');
  if (!(page instanceof Element)) throw new TypeError('there is no page in a frame');
  page.remove();
  return !page.isConnected;
};
