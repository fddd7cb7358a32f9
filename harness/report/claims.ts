import { areaOf } from '../results/cell-key.ts';
import type { Cell } from '../results/schema.ts';
import type { ReportClaims } from './data.ts';

/** Scenarios name some hundreds; names may come from a page. */
const mostMembers = 2000;

/** What browsers say in the members of dictionaries, as cells compared it with what is known: one table per area. */
export class Claims {
  readonly #areas = new Map<string, Map<string, ReportClaims['members'][number]>>();
  #members = 0;

  /** How many claims are left out because there are too many members. */
  left = 0;

  add({ scenario, status, checks }: Cell, at: number): void {
    // if the harness or the machine failed, a check that did not hold says nothing about the browser
    if (status === 'error') return;
    for (const { expected, actual, claim } of checks) {
      if (claim === undefined) continue;
      const { peer, dictionary, member, verdict, unit } = claim;
      const area = areaOf(scenario);
      const members = this.#areas.get(area) ?? new Map<string, ReportClaims['members'][number]>();
      const key = JSON.stringify([dictionary, member]);
      const known = members.get(key);
      if (known === undefined && this.#members === mostMembers) {
        this.left += 1;
        continue;
      }
      const about = known ?? { dictionary, member, claims: [] };
      about.claims.push({ cell: at, peer, verdict, expected, actual, unit });
      if (known !== undefined) continue;
      this.#members += 1;
      this.#areas.set(area, members.set(key, about));
    }
  }

  /** How many members there are. */
  get size(): number {
    return this.#members;
  }

  /** The members grouped by dictionary, dictionaries and members in the order in which they came. */
  tables(): ReportClaims[] {
    return [...this.#areas].map(([area, members]) => {
      const all = [...members.values()];
      const dictionaries = new Set(all.map(({ dictionary }) => dictionary));
      return {
        area,
        members: [...dictionaries].flatMap((name) => all.filter(({ dictionary }) => dictionary === name)),
      };
    });
  }
}
