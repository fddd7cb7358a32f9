import type { VNode } from 'preact';
import type { RunEntry } from '../schema.ts';
import { byLabel } from '../timeline.ts';
import { runName, versionsOfRun } from './parts.tsx';

/** Chooses a run, those of one label together, the newest first. */
export function RunSelect({
  name,
  title,
  runs,
  chosen,
  onChoose,
}: {
  name: string;
  title: string;
  runs: readonly RunEntry[];
  chosen: RunEntry;
  onChoose: (id: string) => void;
}): VNode {
  const options = (of: readonly RunEntry[]): VNode[] =>
    of.toReversed().map((run) => (
      <option value={run.id} selected={run.id === chosen.id}>
        {runName(run)}: {versionsOfRun(run)}
      </option>
    ));
  const series = [...byLabel(runs)];
  return (
    <p class="run-select">
      <label for={name}>{title}</label>
      <select id={name} onChange={({ currentTarget }) => onChoose(currentTarget.value)}>
        {series.length === 1
          ? options(runs)
          : series.map(([label, of]) => (
              <optgroup label={label || 'without a label'}>{options(of)}</optgroup>
            ))}
      </select>
    </p>
  );
}
