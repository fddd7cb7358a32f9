/** A shard of a plan: number `index` of `total`, counted from 1. */
export interface Shard {
  index: number;
  total: number;
}
