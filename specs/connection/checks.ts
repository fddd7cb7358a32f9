import { setTimeout as delay } from 'node:timers/promises';
import {
  attributeOf,
  attributes,
  classes,
  hasIntegrity,
  methods,
  readStun,
  writeStun,
  xorAddress,
  type StunMessage,
} from '../../fixtures/network/stun.ts';
import type { Agent } from '../../fixtures/peer-page/agent.ts';
import type { PairContext } from '../../harness/matrix/scenario.ts';
import { otherSide, sides, type Side } from '../steps/sides.ts';
import { openPath } from '../udp-path.ts';

/** A connectivity check, or an answer to one. https://www.rfc-editor.org/rfc/rfc8445#section-7.1 */
export interface Check {
  from: Side;
  /** The role that a check claims, or what it is answered: `success`, or the code of an error. */
  says: 'controlling' | 'controlled' | 'success' | number;
  /** Whether a check nominates its pair. */
  nominates: boolean;
  /** Of both: a check that is sent again keeps it. https://www.rfc-editor.org/rfc/rfc8489#section-6.2.1 */
  transaction: string;
}

/** What becomes of a check: it gets through, it is lost, or the path answers it in place of the other side. */
export type Fate = 'through' | 'lost' | 'answered';

export interface Watch {
  /** @param before what came before it */
  decide: (check: Check, before: readonly Check[]) => Fate;
  /** The tie-breaker that a side's checks get on their way. https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.1 */
  tieBreakers?: Partial<Record<Side, bigint>>;
  /** Text that is changed in the descriptions that a side sends. */
  outgoing?: Partial<Record<Side, readonly [RegExp, string]>>;
  /** `true`: what either side sends is heard as an answer, so that both have offered; each takes it by hand. */
  bothOffer?: boolean;
}

/** What came to the path, in order, whatever became of it. */
export interface Checks {
  readonly all: readonly Check[];
  /** Whether a check comes, which may be after data did: it has five seconds. */
  comes(is: (check: Check) => boolean): Promise<boolean>;
}

/** https://www.rfc-editor.org/rfc/rfc8445#section-7.3.1.1 */
export const roleConflict = 487;

/** Reads a check; undefined for other packets. */
function readCheck(message: StunMessage, from: Side): Check | undefined {
  if (message.method !== methods.binding) return undefined;
  const transaction = message.transaction.toString('hex');
  if (message.class === classes.success) return { from, says: 'success', nominates: false, transaction };
  if (message.class === classes.error) {
    const value = attributeOf(message, attributes.errorCode);
    return { from, says: (value?.[2] ?? 0) * 100 + (value?.[3] ?? 0), nominates: false, transaction };
  }
  if (message.class !== classes.request) return undefined;
  const isControlling = attributeOf(message, attributes.iceControlling) !== undefined;
  const nominates = attributeOf(message, attributes.useCandidate) !== undefined;
  return { from, says: isControlling ? 'controlling' : 'controlled', nominates, transaction };
}

function withTieBreaker(message: StunMessage, tieBreaker: bigint): StunMessage {
  const value = Buffer.alloc(8);
  value.writeBigUInt64BE(tieBreaker);
  const { iceControlling, iceControlled } = attributes;
  return {
    ...message,
    attributes: message.attributes.map((attribute) =>
      attribute.type === iceControlling || attribute.type === iceControlled
        ? { type: attribute.type, value }
        : attribute,
    ),
  };
}

/** What the path answers. A reserved address stands for the one that the check came from: only the other side needs it. */
function answerTo({ method, transaction }: StunMessage, key: Buffer | undefined): Buffer {
  const value = xorAddress({ address: '203.0.113.1', port: 9 }, transaction);
  const mapped = { type: attributes.xorMappedAddress, value };
  return writeStun({ method, transaction, class: classes.success, attributes: [mapped] }, key, true);
}

/**
 * Creates the connections of both sides over a path that reads their checks, and runs a body, which has to negotiate.
 */
export async function overChecks(
  pair: PairContext<Agent>,
  { decide, tieBreakers = {}, outgoing = {}, bothOffer = false }: Watch,
  body: (checks: Checks) => Promise<void>,
): Promise<void> {
  const checks: Check[] = [];
  /** The keys of the checks that go to a side, and of its answers. */
  const keys: Record<Side, Buffer[]> = { offerer: [], answerer: [] };
  pair.through((message, from) => {
    const sdp = message.type === 'description' ? (message.description.sdp ?? '') : '';
    for (const [, password = ''] of sdp.matchAll(/^a=ice-pwd:(\S+)/gm))
      keys[from].push(Buffer.from(password));
    return Promise.resolve(message);
  });
  pair.after(() => pair.trace('checks', checks));
  const path = await openPath(pair, (packet, from) => {
    const message = readStun(packet);
    const check = message && readCheck(message, from);
    if (!check) return true;
    const fate = decide(check, checks);
    checks.push(check);
    if (fate === 'lost') return false;
    const to = otherSide[from];
    const key = keys[to].find((each) => hasIntegrity(packet, each));
    if (fate === 'answered') {
      path.send(answerTo(message, key), to);
      return false;
    }
    const tieBreaker = tieBreakers[from];
    if (tieBreaker === undefined || message.class !== classes.request) return true;
    path.send(writeStun(withTieBreaker(message, tieBreaker), key, true), from);
    return false;
  });
  for (const side of sides) {
    await pair[side].run(
      (agent, { candidate, rewrite: [text, becomes], isAnswer }) => {
        agent.connect({
          editsMayChangeNothing: true,
          // they know each other by the path alone
          sendsCandidates: false,
          byHand: isAnswer,
          incoming: ({ type, sdp = '' }) => ({ type, sdp: agent.sdp.withOnlyCandidate(sdp, candidate) }),
          outgoing: ({ type, sdp = '' }) => ({
            type: isAnswer ? 'answer' : type,
            sdp: sdp.replace(text, becomes),
          }),
        });
      },
      {
        candidate: path.candidates[side],
        rewrite: outgoing[side] ?? ([/^(?!)/, ''] as const),
        isAnswer: bothOffer,
      },
    );
  }
  await body({
    all: checks,
    comes: async (is) => {
      const until = performance.now() + 5000;
      while (!checks.some(is) && performance.now() < until) await delay(10);
      return checks.some(is);
    },
  });
}
