import CliTable from 'cli-table3';
import { Command, InvalidArgumentError } from 'commander';
import { commaList } from '../config/lists.ts';
import { plainLines } from '../plain.ts';
import { defaultKinds } from '../setup/install.ts';
import { attackedRun } from './attacked-run.ts';
import type { Attack } from './judge.ts';
import { randomFrom } from './random.ts';

/** `npm run chaos`: kills and stops processes of small runs at random moments; exits with 1 if a run did what it must not. */
function count(text: string): number {
  const value = Number(text);
  if (!Number.isInteger(value) || value < 0) throw new InvalidArgumentError('Give a whole number from 0.');
  return value;
}

const { kills, stops, seed, browsers, perRun } = new Command('chaos')
  .option('--kills <n>', 'processes that get SIGKILL', count, 20)
  .option('--stops <n>', 'processes that get SIGSTOP; half of them get SIGCONT later', count, 20)
  .option('--seed <n>', 'a seed that was printed, for the same choices again', count, Date.now() % 1_000_000)
  .option('--per-run <n>', 'attacks on one run', count, 4)
  .option('--browsers <list>', 'which', commaList, [...defaultKinds()])
  .parse()
  .opts<{ kills: number; stops: number; seed: number; perRun: number; browsers: string[] }>();

const say = (text: string): void => void process.stdout.write(`${plainLines(text)}\n`);
const random = randomFrom(seed);
const left: Attack['signal'][] = [
  ...Array.from({ length: kills }, () => 'SIGKILL' as const),
  ...Array.from({ length: stops }, () => 'SIGSTOP' as const),
];
const scenarios = [
  'data-channels/message/text-echo',
  'codecs/audio/opus',
  'dom-capture/canvas/2d-captured-and-received',
  'dom-capture/canvas-timing/rate-5',
];

// colours would be removed as control sequences
const style = { head: [], border: [] };
const table = new CliTable({ head: ['attacks', 'cells', 'violations'], style });
let wrong = 0;
let made = 0;
say(`seed ${String(seed)}`);
/** How many runs in a row ended before their first attack; several mean that something else is wrong. */
let idle = 0;
while (left.length > 0 && idle < 3) {
  const signals = Array.from({ length: Math.min(perRun, left.length) }, () =>
    left.splice(Math.floor(random() * left.length), 1),
  ).flat();
  const { attacks, statuses, violations, said } = await attackedRun({
    browsers,
    scenarios,
    repeat: 3,
    signals,
    random,
  });
  wrong += violations.length;
  made += attacks.length;
  idle = attacks.length === 0 ? idle + 1 : 0;
  // attacks that did not fit into this run are made in another
  left.push(...signals.slice(attacks.length));
  const row = [
    attacks
      .map(
        ({ at, signal, kind, continuedAt }) =>
          `${new Date(at).toISOString()} ${signal} ${kind}${continuedAt === null ? '' : ', then SIGCONT'}`,
      )
      .join('\n'),
    Object.entries(statuses)
      .map(([status, cells]) => `${String(cells)} ${status}`)
      .join('\n'),
    violations.join('\n'),
  ];
  say(row.map((cell) => cell.replaceAll('\n', '; ')).join(' | '));
  if (said !== '') say(`it said at last: ${said}`);
  table.push(row);
}
say(table.toString());
say(
  `${String(made)} of ${String(kills + stops)} attacks were made, ${String(wrong)} violations, seed ${String(seed)}`,
);
process.exitCode = wrong === 0 && made === kills + stops ? 0 : 1;
