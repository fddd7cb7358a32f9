import { UsageError } from '../errors.ts';
import type { Run } from '../results/schema.ts';
import type { Part } from './parts.ts';

/** A system in words: browsers with the same id on two systems are two browsers. */
const systemOf = ({ environment: { os, arch } }: Pick<Run, 'environment'>): string => `${os}-${arch}`;

/** What identifies the plan of a shard: runs of one plan share it. Results that do not name their plan have their flags. */
function planOf({ argv, shard }: Run): string {
  const own = argv.join('\n').replaceAll(/^--(?:shard|out)(?:=.*|\n.*)$/gm, '');
  return JSON.stringify([shard?.total, shard?.plan ?? own]);
}

const numberOf = ({ results: { run } }: Part): number => run.shard?.index ?? 0;
const totalOf = ({ results: { run } }: Part): number => run.shard?.total ?? 0;
const named = (parts: readonly Part[]): string =>
  parts.map((part) => `${part.dir} (${numberOf(part)} of ${totalOf(part)})`).join(', ');

function groupBy<T>(items: readonly T[], keyOf: (item: T) => string): Map<string, [T, ...T[]]> {
  const groups = new Map<string, [T, ...T[]]>();
  for (const item of items) {
    const group = groups.get(keyOf(item));
    if (group) group.push(item);
    else groups.set(keyOf(item), [item]);
  }
  return groups;
}

/** The numbers that a set of shards lacks, and the shards that it has twice. */
function gapsIn(parts: readonly [Part, ...Part[]]): { missing: number[]; twice: Part[] } {
  const byNumber = groupBy(parts, (part) => String(numberOf(part)));
  const numbers = Array.from({ length: totalOf(parts[0]) }, (_, at) => at + 1);
  return {
    missing: numbers.filter((number) => !byNumber.has(String(number))),
    twice: [...byNumber.values()].filter((same) => same.length > 1).flat(),
  };
}

const isWhole = (parts: readonly [Part, ...Part[]]): boolean => {
  const { missing, twice } = gapsIn(parts);
  return missing.length === 0 && twice.length === 0;
};

/**
 * Checks that shards make whole plans: each plan has each of its shards once, or each system has each of them once.
 * @throws {UsageError} `shard-missing`, `shard-twice` or `other-plan`, with the folders
 */
export function checkShards(parts: readonly Part[]): void {
  const plans = groupBy(
    parts.filter(({ results: { run } }) => run.shard !== null),
    ({ results: { run } }) => planOf(run),
  );
  const broken = [...plans.values()].filter((plan) => !isWhole(plan));
  const sets = broken.flatMap((plan) => [...groupBy(plan, ({ results: { run } }) => systemOf(run)).values()]);
  const unfit = sets.filter((set) => !isWhole(set));
  if (unfit.length === 0) return;
  if (broken.length > 1) {
    throw new UsageError(
      'other-plan',
      `These are shards of different plans: ${broken.map(named).join('; and ')}. ` +
        'Shards of one plan are run with the same selection, browsers, scripts and times. Nothing was written.',
    );
  }
  const several = sets.length > 1;
  for (const set of unfit) {
    const { missing, twice } = gapsIn(set);
    const where = several ? ` on ${systemOf(set[0].results.run)}` : '';
    if (twice.length > 0) {
      throw new UsageError(
        'shard-twice',
        `A shard is there twice${where}, and its cells would be counted twice: ${named(twice)}. Nothing was written.`,
      );
    }
    throw new UsageError(
      'shard-missing',
      `Shard ${missing.join(' and ')} of ${totalOf(set[0])} is missing${where}; there are ${named(set)}. Nothing was written.`,
    );
  }
}
