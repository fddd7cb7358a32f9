import type { Call, SignalingServer, Through } from '../../fixtures/signaling/server.ts';
import { PeerGoneError } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { PeerHandle, Scenario } from '../matrix/scenario.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Attempt } from '../results/schema.ts';
import type { Blame } from './blame.ts';
import { runBody } from './body.ts';
import { idleEdit, unheardFailure } from './cause.ts';
import { verdictOf, type Outcome, type SideState } from './classify.ts';
import { Closers } from './closers.ts';
import { stateOf } from './closing.ts';
import { commonEvidence, failureEvidence, jsonLines, type EvidenceBag } from './evidence.ts';
import type { Limits } from './limits.ts';
import { Recorder, recordInto } from './recorder.ts';
import { isLost, Seats, type Look, type SeatedSide, type Side } from './seats.ts';
import { RunningServices } from './services.ts';
import { Trouble } from './trouble.ts';
import { notDelivered } from './undelivered.ts';
import { strayError, Watch } from './watch.ts';

export interface CellJob {
  cell: PlannedCell;
  scenario: Scenario;
  sides: readonly Side[];
  timeoutMs: number;
  /** Whether its pages are pictured if it fails. */
  screenshots: boolean;
}

/** The result of one attempt; evidence is still in memory. */
export interface AttemptOutcome extends Omit<Attempt, 'evidence'> {
  evidence: EvidenceBag;
  /** The browsers, as started, that died or were ended as hung while it ran. */
  lost: readonly object[];
  /** The watch over its body; it is sealed: what it hears from now on is too late. */
  watch: Watch;
}

export interface AttemptTools {
  /** The services of the run; the scenario's own are started for the attempt. */
  services: RunningServices;
  server: Pick<SignalingServer, 'call'>;
  limits: Limits;
  blame: Blame;
  /** Called with a check that failed after the attempt had ended. */
  onLateCheck: (watch: Watch, name: string) => void;
}

/** Runs one cell once: services, pages, call, body, evidence, verdict; gives the pages back. */
export async function attemptCell(job: CellJob, tools: AttemptTools): Promise<AttemptOutcome> {
  const { services, folder } = job.scenario;
  const own = await RunningServices.start(services, folder);
  try {
    return await attemptWith([tools.services, own], job, tools);
  } finally {
    await own.stop();
  }
}

async function attemptWith(
  services: readonly RunningServices[],
  job: CellJob,
  { server, limits, blame, onLateCheck }: AttemptTools,
): Promise<AttemptOutcome> {
  const startedAt = new Date();
  const began = performance.now();
  const recorder = new Recorder();
  const watch = new Watch();
  const seats = await Seats.lend(job.sides, limits);
  let call: Call | undefined;
  try {
    const lentAt = performance.now();
    call = startCall(server, job.scenario, seats.sides);
    const closers = new Closers();
    const failure = await runBody(
      titleOf(job),
      job.timeoutMs + limits.graceMs,
      watch,
      () =>
        recordInto(recorder, () => bodyOf(job, seats.sides, { call, services, closers }, recorder, watch)),
      () => closers.close(limits.closingMs),
    );
    const waitMs = failure === undefined ? limits.closingMs : limits.collectMs;
    const states = await Promise.all(seats.sides.map((side) => stateOf(side, waitMs, limits)));
    const judge = (): Outcome =>
      verdictOf(
        idleEdit(states) ??
          notDelivered(failure, states, call?.log ?? []) ??
          failure ??
          strayError(watch.strays) ??
          unheardFailure(states),
        recorder.checks,
        states,
        job.timeoutMs,
      );
    let outcome = judge();
    const evidence = commonEvidence(call, states, recorder);
    for (const set of services) evidence.push(...set.evidence(startedAt.getTime()));
    const silent: Role[] = [];
    const addFailure = async (): Promise<void> => {
      const more = await failureEvidence(seats.sides, startedAt.getTime(), job.screenshots, limits);
      evidence.push(...more.bag);
      silent.push(...more.silent);
      const strays = watch.strays.errors.map((error) => String(error));
      if (strays.length > 0)
        evidence.push({ kind: 'trace', peer: null, name: 'strays.jsonl', content: jsonLines(strays) });
    };
    if (outcome.status !== 'pass') await addFailure();
    // Stray errors of the body may have come while the pages were asked.
    if (outcome.status === 'pass' && (outcome = judge()).status !== 'pass') await addFailure();
    watch.seal();
    recorder.seal(({ name }) => onLateCheck(watch, name));
    call?.end('the scenario is over');
    const isWell = outcome.status !== 'fail' && outcome.status !== 'timeout';
    if (!isWell) outcome = await withReplaced(outcome, seats.sides, performance.now() - lentAt);
    const looks = await seats.giveBack(answeredOf(states, silent), isWell, (browser) =>
      blame.suspect(watch, browser),
    );
    return {
      ...withHang(outcome, looks),
      startedAt: startedAt.toISOString(),
      durationMs: Math.round((performance.now() - began) * 10) / 10,
      checks: recorder.checks,
      measurements: recorder.measurements,
      evidence,
      lost: lostOf(seats.sides, looks),
      watch,
    };
  } finally {
    watch.seal();
    recorder.seal(({ name }) => onLateCheck(watch, name));
    await seats.close();
  }
}

const titleOf = ({ cell, scenario }: CellJob): string =>
  `${scenario.result.id} ${cell.offerer}${cell.answerer === null ? '' : ` → ${cell.answerer}`}`;

function startCall(
  server: Pick<SignalingServer, 'call'>,
  scenario: Scenario,
  sides: readonly SeatedSide[],
): Call | undefined {
  const offerer = sides.find(({ role }) => role === 'offerer');
  const answerer = sides.find(({ role }) => role === 'answerer');
  if (!offerer || !answerer) return undefined;
  const members = { offerer: offerer.seat.peer.member, answerer: answerer.seat.peer.member };
  try {
    return server.call(members, scenario.signaling);
  } catch (error) {
    // A page can go between being lent and being put into a call; the race in the body reports it.
    if (error instanceof PeerGoneError) return undefined;
    throw error;
  }
}

async function bodyOf(
  job: CellJob,
  sides: readonly SeatedSide[],
  {
    call,
    services,
    closers,
  }: { call: Call | undefined; services: readonly RunningServices[]; closers: Closers },
  recorder: Recorder,
  watch: Watch,
): Promise<void> {
  const deadline = performance.now() + job.timeoutMs;
  const trouble = new Trouble();
  const handles = new Map(
    sides.map(({ role, host, seat: { peer } }) => {
      trouble.watch(peer, role, host.spec.id);
      const handle = peer.as(role, host.spec.id, host.details, () => deadline - performance.now());
      return [role, watched(trouble.heardBy(handle), watch)];
    }),
  );
  const handle = (role: Role) => {
    const found = handles.get(role);
    if (!found) throw new PeerGoneError('peer-gone', `there is no ${role} in this cell`);
    return found;
  };
  const tools = {
    measure: recorder.measure.bind(recorder),
    frame: recorder.frame.bind(recorder),
    trace: recorder.trace.bind(recorder),
    claim: recorder.claim.bind(recorder),
    after: closers.add.bind(closers),
    services: Object.fromEntries(services.flatMap(({ addresses }) => Object.entries(addresses))),
  };
  const context =
    job.scenario.result.roles === 'pair'
      ? {
          offerer: handle('offerer'),
          answerer: handle('answerer'),
          through: (change: Through) => call?.through(change),
          ...tools,
        }
      : { peer: handle('single'), ...tools };
  // A page that goes ends the cell even where the body waits for the other page.
  const gone = sides.map(async ({ seat: { peer } }) => Promise.reject(await peer.gone));
  const ended = services.map((set) => set.ended());
  await Promise.race([job.scenario.body(context), ...gone, ...ended]);
}

/** A peer whose calls are counted until they are answered. */
function watched(handle: PeerHandle<never>, watch: Watch): PeerHandle<never> {
  return {
    browser: handle.browser,
    engine: handle.engine,
    version: handle.version,
    run: (page: (agent: never, arg: never) => never, arg?: never) =>
      // a function without an argument takes one that is undefined
      // oxlint-disable-next-line typescript/no-unsafe-type-assertion
      watch.calling(handle.run(page, arg as never)),
    within: (share) => watched(handle.within(share), watch),
    command: (name) => watch.calling(handle.command(name)),
  };
}

const answeredOf = (states: readonly SideState[], silent: readonly Role[]): Set<Role> =>
  new Set(
    states
      .filter(({ role, collected }) => collected !== undefined && !silent.includes(role))
      .map(({ role }) => role),
  );

function lostOf(sides: readonly SeatedSide[], looks: readonly Look[]): object[] {
  const died = sides.filter(({ host, seat }) => isLost(host, seat)).map(({ seat }) => seat.browser);
  const hung = looks.filter(({ found }) => found.as !== 'lives').map(({ started }) => started);
  return [...new Set<object>([...died, ...hung])];
}

/** A browser that lost a process under the cell and goes on has crashed in part: that is why the cell went wrong. */
async function withReplaced(outcome: Outcome, sides: readonly SeatedSide[], ms: number): Promise<Outcome> {
  for (const { role, host, seat } of sides) {
    const replaced = await seat.browser.replaced(ms);
    if (replaced === undefined) continue;
    const message = `${role} ${host.spec.id} started ${replaced} during the cell, for one that had ended. ${outcome.reason?.message ?? ''}`;
    return { ...outcome, status: 'crash', reason: { code: 'browser-process-died', message, peer: role } };
  }
  return outcome;
}

/** A wait that ran out names what did not come, a check what was wrong; if a browser hung, that is the reason. */
function withHang(outcome: Outcome, looks: readonly Look[]): Outcome {
  const { status, reason } = outcome;
  const hung = looks.flatMap(({ role, browser, found }) =>
    found.as === 'lives' ? [] : [{ role, text: `${role} ${browser} hangs: ${found.how}` }],
  );
  const [first] = hung;
  if (reason === null || (status !== 'timeout' && status !== 'fail') || first === undefined) return outcome;
  const message = `${hung.map(({ text }) => text).join(' and ')}; it was ended. ${reason.message}`;
  return { ...outcome, status: 'timeout', reason: { code: 'browser-hangs', message, peer: first.role } };
}
