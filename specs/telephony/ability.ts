import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';

/** What a sender says of itself, and what it does when it is told to dial a key anyway. */
export interface Ability {
  able: boolean | undefined;
  thrown: string;
}

/** Asks the offerer's sender before the call, during it, or when its transceiver has just been stopped. */
export const ask = (
  { offerer }: Pick<PairContext<Agent>, 'offerer'>,
  when: 'before' | 'in' | 'stopped',
): Promise<Ability> =>
  offerer.run((agent, wanted) => {
    const pc = wanted === 'before' ? agent.unobserved(() => new RTCPeerConnection()) : agent.connection.pc;
    const [transceiver = pc.addTransceiver('audio')] = pc.getTransceivers();
    const { dtmf } = transceiver.sender;
    if (wanted === 'stopped') transceiver.stop();
    const able = dtmf?.canInsertDTMF;
    try {
      dtmf?.insertDTMF('1');
      return { able, thrown: 'nothing' };
    } catch (error) {
      return { able, thrown: error instanceof DOMException ? error.name : String(error) };
    } finally {
      if (wanted === 'before') pc.close();
    }
  }, when);

/** What webrtc-pc requires of a sender that can send no keys. */
export const unable = { able: false, thrown: 'InvalidStateError' };
