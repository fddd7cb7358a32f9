/**
 * What `import … from 'webrtc-interop/results'` exports: the format of a run's files, its types, and a reader, for
 * programs that process results. The format has a version of its own, `schemaVersion`.
 */
export {
  cellSchema,
  evidenceKinds,
  phases,
  resultsJsonSchema,
  resultsSchema,
  schemaVersion,
  statuses,
  type Attempt,
  type BrowserResult,
  type Cell,
  type CellLoad,
  type Check,
  type Evidence,
  type EvidenceKind,
  type Measurement,
  type Phase,
  type Reason,
  type Results,
  type Run,
  type ScenarioResult,
  type Status,
} from '../results/schema.ts';
export { openStoredRun, readRun, wholeOf, type Say, type StoredRun } from '../results/read-run.ts';
export { EvidenceReader, type FoundEvidence, type Pack } from '../results/evidence-reader.ts';
