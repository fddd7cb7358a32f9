import { HarnessError, messageOf } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import { PageNotReadyError } from '../peers/peer.ts';
import { setupKey } from '../peers/page-server.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Attempt, Cell } from '../results/schema.ts';
import { signatureOf } from '../results/signature.ts';
import type { NewEvidence } from '../results/store.ts';
import type { Lack, Probe } from './capabilities.ts';
import { jsonLines, type EvidenceBag } from './evidence.ts';
import type { Side } from './seats.ts';

/** An attempt whose evidence is still in memory. */
export type Unstored = Omit<Attempt, 'evidence'> & { evidence: EvidenceBag };

/** What stands in for an attempt that was not made, or was aborted. */
export const leftOpen = (code: string, message: string, phase: Attempt['phase'] = null): Attempt => ({
  status: 'notrun',
  phase,
  reason: { code, message, peer: null },
  ...unmeasured(),
  evidence: [],
});

/** A cell without an attempt, or whose attempt was aborted. */
export const notRun = (
  cell: PlannedCell,
  repro: string,
  ...why: [code: string, message: string, phase?: Attempt['phase']]
): Cell => ({ ...cellOf(cell, repro, [leftOpen(...why)]), attempts: [] });

/** A cell made of its attempts: it shows the last. */
export function cellOf(cell: PlannedCell, repro: string, attempts: readonly Attempt[]): Cell {
  const last = attempts.at(-1);
  if (!last) throw new HarnessError('no-attempt', `${cell.scenario} has no attempt`);
  return {
    ...cell,
    ...last,
    signature: last.status === 'pass' ? null : signatureOf(last),
    flaky: last.status === 'pass' && attempts.length > 1,
    attempts: [...attempts],
    repro,
  };
}

const unmeasured = (): Pick<Unstored, 'startedAt' | 'durationMs' | 'checks' | 'measurements'> => ({
  startedAt: new Date().toISOString(),
  durationMs: 0,
  checks: [],
  measurements: {},
});

/** Whether two pieces of evidence say the same of the same side. */
const isSame = (one: NewEvidence, other: NewEvidence): boolean =>
  one.kind === other.kind &&
  one.peer === other.peer &&
  Buffer.from(one.content).equals(Buffer.from(other.content));

/**
 * A side lacks what the scenario needs, as its probe proves; what the other side has proves nothing of it. What several
 * probes say in the same words is kept once.
 */
export function unsupported({ reason, proof }: Lack): Unstored {
  const all = proof.flatMap(({ role, probe }): EvidenceBag => {
    const answer = `${JSON.stringify(probe.answer, null, 1)}\n`;
    return [{ kind: 'trace', peer: role, name: 'probe.json', content: answer }, ...leftOf(probe, role)];
  });
  const evidence = all.filter((piece, at) => all.findIndex((other) => isSame(piece, other)) === at);
  return { status: 'unsupported', phase: 'launch', reason, ...unmeasured(), evidence };
}

/** The harness itself failed, e.g. because it got no page. */
export function harnessFailed(error: unknown, sides: readonly Side[]): Unstored {
  const page = error instanceof PageNotReadyError ? error : undefined;
  const side = sides.find(
    ({ setup }) => page?.setup !== undefined && setupKey(setup) === setupKey(page.setup),
  );
  const peer = side?.role ?? null;
  const code = error instanceof HarnessError ? error.code : 'harness-error';
  return {
    status: 'error',
    phase: 'signaling',
    reason: { code, message: messageOf(error), peer },
    ...unmeasured(),
    evidence: page ? leftOf(page, peer) : [],
  };
}

/** The evidence of a page that never reached a scenario. */
function leftOf(
  { console, screenshot }: Pick<Probe, 'console' | 'screenshot'>,
  peer: Role | null,
): EvidenceBag {
  return [
    { kind: 'console', peer, name: 'console.jsonl', content: jsonLines(console) },
    ...(screenshot
      ? [{ kind: 'screenshot' as const, peer, name: 'screenshot.png', content: screenshot }]
      : []),
  ];
}
