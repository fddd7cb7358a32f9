import { connectionTraces, ownDescriptions, sentDescriptions } from './descriptions.ts';
import type { Call } from '../../fixtures/signaling/server.ts';
import type { Role } from '../protocol/signaling.ts';
import type { NewEvidence } from '../results/store.ts';
import { within } from '../within.ts';
import type { SideState } from './classify.ts';
import type { Limits } from './limits.ts';
import type { Recorder } from './recorder.ts';
import type { SeatedSide } from './seats.ts';

/** What an attempt left, before it is stored. */
export type EvidenceBag = NewEvidence[];

/** One value per line. */
export const jsonLines = (values: readonly unknown[]): string =>
  values.map((value) => `${JSON.stringify(value)}\n`).join('');

/** What every cell has, whatever its outcome: descriptions, signaling log, statistics, what the body kept. */
export function commonEvidence(
  call: Pick<Call, 'log'> | undefined,
  states: readonly SideState[],
  { frames, traces }: Pick<Recorder, 'frames' | 'traces'>,
): EvidenceBag {
  const bag: EvidenceBag = [];
  if (call) {
    const sent = sentDescriptions(call.log);
    bag.push(...(sent.length > 0 ? sent : ownDescriptions(states)));
    bag.push({ kind: 'signaling-log', peer: null, name: 'signaling.jsonl', content: jsonLines(call.log) });
  }
  // Files with descriptions stand together: they are compressed as one, which finds repetitions within 32 kB.
  bag.push(...connectionTraces(states));
  for (const { role, collected } of states) {
    if (collected) bag.push({ kind: 'stats', peer: role, name: 'stats.json', content: statsFile(collected) });
  }
  for (const { name, png } of frames)
    bag.push({ kind: 'frame', peer: null, name: `${name}.png`, content: png });
  for (const { name, json } of traces)
    bag.push({ kind: 'trace', peer: null, name: `${name}.json`, content: json });
  return bag;
}

function statsFile(collected: NonNullable<SideState['collected']>): string {
  // descriptions and events are evidence of their own
  const connections = collected.connections.map(({ stats, ...connection }) => ({
    ...connection,
    descriptions: undefined,
    events: undefined,
    stats: stats === null ? null : (JSON.parse(stats) as unknown),
  }));
  return `${JSON.stringify({ connections }, null, 1)}\n`;
}

/**
 * What a cell that is not a pass has besides: the console, as page and driver saw it, and a screenshot.
 * @param since milliseconds since the epoch; what the driver saw earlier belongs to another cell
 * @param screenshots whether there is one
 * @returns also the sides that gave no screenshot
 */
export async function failureEvidence(
  sides: readonly SeatedSide[],
  since: number,
  screenshots: boolean,
  { collectMs }: Limits,
): Promise<{ bag: EvidenceBag; silent: Role[] }> {
  const silent: Role[] = [];
  const ofSides = sides.map(async ({ role, host, seat: { peer, page }, seat }): Promise<EvidenceBag> => {
    const bag: EvidenceBag = [
      { kind: 'console', peer: role, name: 'console.jsonl', content: jsonLines(peer.console) },
    ];
    // A driver whose browser is gone may have nothing to say; the cell's reason tells what happened.
    const seen = await within(collectMs, 'the console', page.console()).catch(() => []);
    const lines = seen.filter(({ at }) => at >= since);
    if (lines.length > 0)
      bag.push({ kind: 'console', peer: role, name: 'driver-console.jsonl', content: jsonLines(lines) });
    if (!screenshots || host.exitOf(seat) !== undefined) return bag;
    try {
      const png = await within(collectMs, 'a screenshot', page.screenshot());
      bag.push({ kind: 'screenshot', peer: role, name: 'screenshot.png', content: png });
    } catch {
      // There is no screenshot of a page that is gone or hangs, or whose browser hangs.
      silent.push(role);
    }
    return bag;
  });
  return { bag: (await Promise.all(ofSides)).flat(), silent };
}
