import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import type { CandidateInit } from '../../harness/protocol/signaling.ts';
import type { Side } from '../steps/sides.ts';

/** What becomes of a candidate, of the end of candidates (`null`) or of a description's text on its way; undefined: it is lost. */
interface Changes {
  candidate?: (
    candidate: CandidateInit | null,
    from: Side,
  ) => CandidateInit | null | undefined | Promise<CandidateInit | null | undefined>;
  /** Default: the text without its candidates, so that each comes by itself. */
  sdp?: (sdp: string) => string;
}

/** Takes the candidates out of a description. */
const withoutCandidates = (sdp: string): string =>
  sdp.replaceAll(/^a=(?:candidate:.*|end-of-candidates)\r\n/gm, '');

/** From now on, candidates and descriptions are changed on their way to the other side. */
export function changeOnTheWay(
  { through }: Pick<PairContext<Agent>, 'through'>,
  { candidate: changeCandidate = (candidate) => candidate, sdp: changeSdp = withoutCandidates }: Changes,
): void {
  through(async (message, from) => {
    if (message.type === 'description') {
      const { type, sdp = '' } = message.description;
      return { ...message, description: { type, sdp: changeSdp(sdp) } };
    }
    const candidate = await changeCandidate(message.candidate, from);
    return candidate === undefined ? undefined : { ...message, candidate };
  });
}

/** The candidates of a list, without the end of them. */
export const linesOf = (candidates: readonly CandidateInit[]): string[] =>
  candidates.flatMap(({ candidate = '' }) => (candidate === '' ? [] : [candidate]));

/** What each side has sent and heard once the other has no more candidates: for `run`. */
export const heardToEnd = async ({ connection }: Agent) => {
  await connection.ended();
  return { heard: connection.heard, said: connection.said };
};
