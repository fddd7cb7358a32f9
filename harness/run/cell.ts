import { setTimeout as delay } from 'node:timers/promises';
import type { Call, SignalingServer } from '../../fixtures/signaling/server.ts';
import type { Exit } from '../drivers/driver.ts';
import { PeerGoneError } from '../errors.ts';
import type { PlannedCell } from '../matrix/plan.ts';
import type { Scenario } from '../matrix/scenario.ts';
import type { BrowserHost, Seat } from '../peers/host.ts';
import type { PageSetup } from '../peers/page-server.ts';
import type { Collected } from '../protocol/agent.ts';
import type { Role } from '../protocol/signaling.ts';
import type { Attempt } from '../results/schema.ts';
import { within } from '../within.ts';
import { idleEdit, unheardFailure } from './cause.ts';
import { classify, type Outcome, type SideState } from './classify.ts';
import { connectionTraces, sentDescriptions } from './descriptions.ts';
import type { EvidenceBag } from './evidence.ts';
import { runAsTest } from './mocha.ts';
import { Recorder, recordInto } from './recorder.ts';
import { Trouble } from './trouble.ts';

/** One side of a cell: which browser, and what its page loads. */
export interface Side {
  role: Role;
  host: BrowserHost;
  setup: PageSetup;
}

export interface CellJob {
  cell: PlannedCell;
  scenario: Scenario;
  sides: readonly Side[];
  timeoutMs: number;
}

/** What one attempt came to; evidence is still in memory. */
export interface AttemptOutcome extends Omit<Attempt, 'evidence'> {
  evidence: EvidenceBag;
  /** Browsers that died under it. */
  exits: readonly Exit[];
  /** Its browser was ended because it hung, for which another cell answers. */
  bystander: boolean;
}

/** Time that a page has to bring its closing state home, and a driver to take a picture. */
const collectMs = 3000;
/** Time in which the end of a browser is seen after its sockets closed. */
const exitMs = 2000;

/** A wait in a page gives up when the cell's time is over, and says which wait it was; this is for its answer to travel. */
const graceMs = 1500;

interface SeatedSide extends Side {
  seat: Seat;
}

/** Runs one cell once: pages, call, body, evidence, verdict; gives the pages back. */
export async function attemptCell(server: SignalingServer, job: CellJob): Promise<AttemptOutcome> {
  const startedAt = new Date();
  const began = performance.now();
  const recorder = new Recorder();
  const seats = await seat(job.sides);
  let call: Call | undefined;
  try {
    call = startCall(server, job.scenario, seats);
  } catch (error) {
    // A page can go between being lent and being put into a call.
    if (!(error instanceof PeerGoneError)) throw error;
  }
  const failure = await runAsTest(titleOf(job), job.timeoutMs + graceMs, () =>
    recordInto(recorder, () => runBody(job, seats, recorder)),
  );
  const states = await Promise.all(seats.map(sideState));
  const outcome = verdict(failure, recorder, states, job.timeoutMs);
  const { bag: evidence, silent } = await gather(call, seats, states, recorder, outcome);
  call?.end('the scenario is over');
  const looks = await giveBack(seats, states, silent);
  const bystander =
    (outcome.status === 'crash' || outcome.status === 'timeout') &&
    looks.some(({ found }) => found === 'was-ended');
  return {
    ...outcome,
    reason: withHang(outcome, looks),
    startedAt: startedAt.toISOString(),
    durationMs: Math.round((performance.now() - began) * 10) / 10,
    checks: recorder.checks,
    measurements: recorder.measurements,
    evidence,
    exits: states.flatMap(({ exit }) => (exit ? [exit] : [])),
    bystander,
  };
}

const titleOf = ({ cell, scenario }: CellJob): string =>
  `${scenario.result.id} ${cell.offerer}${cell.answerer === null ? '' : ` → ${cell.answerer}`}`;

/** Lends a page to each side; browsers in the order of their names, so that two cells cannot wait for each other. */
async function seat(sides: readonly Side[]): Promise<SeatedSide[]> {
  const hosts = [...new Set(sides.map(({ host }) => host))].toSorted((a, b) =>
    a.spec.id < b.spec.id ? -1 : 1,
  );
  const lent: SeatedSide[] = [];
  try {
    for (const host of hosts) {
      const mine = sides.filter((side) => side.host === host);
      const seats = await host.acquire(mine.map(({ setup }) => setup));
      for (const [index, side] of mine.entries()) {
        const taken = seats[index];
        if (taken) lent.push({ ...side, seat: taken });
      }
    }
  } catch (error) {
    for (const { host, seat: taken } of lent) host.release(taken);
    throw error;
  }
  return lent;
}

function startCall(
  server: SignalingServer,
  scenario: Scenario,
  seats: readonly SeatedSide[],
): Call | undefined {
  const offerer = seats.find(({ role }) => role === 'offerer');
  const answerer = seats.find(({ role }) => role === 'answerer');
  if (!offerer || !answerer) return undefined;
  return server.call(
    { offerer: offerer.seat.peer.member, answerer: answerer.seat.peer.member },
    scenario.signaling,
  );
}

async function runBody(job: CellJob, seats: readonly SeatedSide[], recorder: Recorder): Promise<void> {
  const deadline = performance.now() + job.timeoutMs;
  const trouble = new Trouble();
  const handles = new Map(
    seats.map(({ role, host, seat: { peer } }) => {
      trouble.watch(peer, role, host.spec.id);
      const handle = peer.as(role, host.spec.id, host.details, () => deadline - performance.now());
      return [role, trouble.heardBy(handle)];
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
  };
  const context =
    job.scenario.result.roles === 'pair'
      ? { offerer: handle('offerer'), answerer: handle('answerer'), ...tools }
      : { peer: handle('single'), ...tools };
  // A page that goes ends the cell even where the body waits for the other page.
  const gone = seats.map(async ({ seat: { peer } }) => Promise.reject(await peer.gone));
  await Promise.race([job.scenario.body(context), ...gone]);
}

async function sideState({ role, host, seat: taken }: SeatedSide): Promise<SideState> {
  const { peer, browser } = taken;
  let collected: Collected | undefined;
  try {
    collected = await within(collectMs, 'the closing statistics', peer.collect());
  } catch {
    // Not answering is a finding of its own; the verdict is made of it.
  }
  const gone = peer.member.isOpen ? undefined : await peer.gone;
  if (gone) {
    // A browser that dies closes its sockets, some as if its pages left, before its process is seen to be gone.
    await Promise.race([browser.exited, delay(exitMs, undefined, { ref: false })]);
  }
  return { role, browser: host.spec.id, exit: host.exitOf(taken), gone, collected };
}

function verdict(
  failure: unknown,
  recorder: Recorder,
  states: readonly SideState[],
  timeoutMs: number,
): Outcome {
  const thrown = idleEdit(states) ?? failure ?? unheardFailure(states);
  if (thrown !== undefined) return classify(thrown, states, timeoutMs);
  if (recorder.checks.length === 0) {
    const message = 'the scenario checked nothing, so nothing was proven';
    return { status: 'error', phase: 'assert', reason: { code: 'nothing-checked', message, peer: null } };
  }
  const broken = recorder.checks.find(({ ok }) => !ok);
  if (broken) {
    const message = `${broken.name} did not hold, although the scenario went on`;
    return { status: 'fail', phase: 'assert', reason: { code: 'assertion', message, peer: null } };
  }
  return { status: 'pass', phase: null, reason: null };
}

/** Everything a reader needs to judge the cell without running it again, and the sides that no picture came of. */
async function gather(
  call: Call | undefined,
  seats: readonly SeatedSide[],
  states: readonly SideState[],
  recorder: Recorder,
  outcome: Outcome,
): Promise<{ bag: EvidenceBag; silent: Role[] }> {
  const bag: EvidenceBag = [];
  const silent: Role[] = [];
  if (call) {
    bag.push(...sentDescriptions(call.log));
    const lines = call.log.map((entry) => `${JSON.stringify(entry)}\n`);
    bag.push({ kind: 'signaling-log', peer: null, name: 'signaling.jsonl', content: lines.join('') });
  }
  for (const { role, collected } of states) {
    if (collected) bag.push({ kind: 'stats', peer: role, name: 'stats.json', content: statsFile(collected) });
  }
  bag.push(...connectionTraces(states));
  for (const { name, png } of recorder.frames)
    bag.push({ kind: 'frame', peer: null, name: `${name}.png`, content: png });
  for (const { name, json } of recorder.traces)
    bag.push({ kind: 'trace', peer: null, name: `${name}.json`, content: json });
  if (outcome.status === 'pass') return { bag, silent };
  for (const {
    role,
    seat: { peer },
  } of seats) {
    const lines = peer.console.map((entry) => `${JSON.stringify(entry)}\n`);
    bag.push({ kind: 'console', peer: role, name: 'console.jsonl', content: lines.join('') });
  }
  const pictures = seats.map(async ({ role, host, seat: taken }) => {
    if (host.exitOf(taken) !== undefined) return;
    try {
      const png = await within(collectMs, 'a screenshot', taken.page.screenshot());
      bag.push({ kind: 'screenshot', peer: role, name: 'screenshot.png', content: png });
    } catch {
      // A page that is gone or hangs has no picture; neither has one whose browser hangs behind it.
      silent.push(role);
    }
  });
  await Promise.all(pictures);
  return { bag, silent };
}

const statsFile = (collected: NonNullable<SideState['collected']>): string => {
  // descriptions and events are evidence of their own
  const connections = collected.connections.map(({ stats, ...connection }) => ({
    ...connection,
    descriptions: undefined,
    events: undefined,
    stats: stats === null ? null : (JSON.parse(stats) as unknown),
  }));
  return `${JSON.stringify({ connections }, null, 1)}\n`;
};

/** What was seen of the browser of a page that did not answer. */
interface Look {
  role: Role;
  browser: string;
  found: Awaited<ReturnType<BrowserHost['endIfHung']>>;
}

/**
 * Pages that answered start afresh in the background; one that did not is closed. A browser is looked at whose page
 * is silent or whose driver is: its pages may answer while it hangs behind them.
 */
async function giveBack(
  seats: readonly SeatedSide[],
  states: readonly SideState[],
  silent: readonly Role[],
): Promise<Look[]> {
  const looks = seats.map(async ({ role, host, seat: taken }): Promise<Look[]> => {
    const answered = states.some((state) => state.role === role && state.collected !== undefined);
    if (answered && !silent.includes(role)) {
      host.release(taken);
      return [];
    }
    const [found] = await Promise.all([
      host.endIfHung(taken),
      host.exitOf(taken) === undefined ? host.discard(taken) : undefined,
    ]);
    return [{ role, browser: host.spec.id, found }];
  });
  return (await Promise.all(looks)).flat();
}

/** A wait that ran out names what did not come; where a browser hung, it is why. */
function withHang({ status, reason }: Outcome, looks: readonly Look[]): Outcome['reason'] {
  const hung = looks.filter(({ found }) => found === 'hung');
  if (reason === null || status !== 'timeout' || hung.length === 0) return reason;
  const names = hung.map(({ role, browser }) => `${role} ${browser}`).join(' and ');
  return {
    code: 'browser-hangs',
    message: `${names} hangs: it opens no page and was ended. ${reason.message}`,
    peer: hung[0]?.role ?? null,
  };
}
