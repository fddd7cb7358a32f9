import { PageFailure } from '../peers/peer.ts';
import type { ConnectionSnapshot, DescriptionRecord } from '../protocol/agent.ts';
import type { SignalingLogEntry } from '../protocol/signaling.ts';
import type { SideState } from './classify.ts';

/**
 * Why a wait ran out when a library signals by itself: one side set a description of its own, and the other never set it.
 * If the log shows that it arrived, the side that did not take it is to blame, else the one that made it.
 * @returns undefined if every description arrived, or the scenario's own connections signal
 */
export function notDelivered(
  error: unknown,
  sides: readonly SideState[],
  log: readonly SignalingLogEntry[],
): PageFailure | undefined {
  if (!(error instanceof PageFailure) || error.page.wait === undefined) return undefined;
  const waited = `the ${error.role} ${error.page.message}`;
  for (const maker of sides) {
    const other = sides.find((side) => side !== maker);
    const connection = maker.collected?.connections.at(-1);
    if (!other?.collected || !connection?.ofPage) continue;
    const made = lastOwn(connection);
    if (made === undefined || other.collected.connections.some((one) => hasSet(one, made))) continue;
    const came = log.some(
      ({ from, action, message }) =>
        from === maker.role && action === 'relayed' && JSON.stringify(message).includes(ufragOf(made)),
    );
    const { role, browser } = came ? other : maker;
    const message = came
      ? `the ${made.type} of the ${maker.role} came and was never set here; ${waited}`
      : `its ${made.type} was set here and never reached the ${other.role}; ${waited}`;
    const page = { name: 'WaitTimeout', message, stack: '', code: 'wait-timeout', phase: 'sdp' } as const;
    return new PageFailure(page, role, browser);
  }
  return undefined;
}

/** The last offer or answer that it made and set. */
const lastOwn = ({ descriptions }: ConnectionSnapshot): DescriptionRecord | undefined =>
  descriptions.findLast(
    ({ madeBy, type, outcome }) =>
      madeBy === 'this side' && ['offer', 'answer'].includes(type) && outcome === 'taken',
  );

/** ICE credentials stay the same whatever a library does to a description on its way. */
const ufragOf = ({ sdp }: DescriptionRecord): string => /ice-ufrag:\S+/.exec(sdp)?.[0] ?? sdp;

const hasSet = ({ descriptions }: ConnectionSnapshot, made: DescriptionRecord): boolean =>
  descriptions.some(
    ({ madeBy, sdp, outcome }) =>
      madeBy === 'the other side' && outcome !== null && sdp.includes(ufragOf(made)),
  );
