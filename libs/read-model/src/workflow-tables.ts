import type { ColumnType } from 'kysely';
import type { Int8, JsonOrNull } from './column-kinds.js';

/** A workflow as it is now; a run has the version that it began with. */
export interface WorkflowTable {
  account: string;
  id: string;
  name: string;
  /** Counts the saves. */
  version: number;
  /** `namespace/name:version` of the document. */
  reference: string;
  /** As it was written. */
  source: string;
  note: string | null;
  deleted: boolean;
  created_at: Date;
  updated_at: Date;
  created_by: string;
  updated_by: string;
  position: Int8;
}

/** Each version of a workflow, whole. */
export interface WorkflowVersionTable {
  account: string;
  workflow_id: string;
  version: number;
  name: string;
  reference: string;
  source: string;
  note: string | null;
  saved_at: Date;
  author: string;
  position: Int8;
}

export interface StepError {
  type: string;
  status: number;
  title: string;
  detail: string;
}

/** A step of a run: one visit of a task that waits for the outside. */
export interface RunStepTable {
  account: string;
  execution_id: string;
  /** `path#iteration`. */
  step: string;
  /** JSON pointer of its task in the definition. */
  path: string;
  /** running | waiting | retrying | listening | succeeded | failed | timed_out */
  status: string;
  /** The attempt that began it last. */
  attempt: number;
  /** How often it was begun: more than once after a crash. */
  starts: number;
  worker_id: string | null;
  started_at: Date;
  /** Of a wait: when it ends. */
  until_at: Date | null;
  ended_at: Date | null;
  /** Null when it is longer than is kept here. */
  output: JsonOrNull;
  output_bytes: number;
  error: ColumnType<StepError | null, string | null, string | null>;
  /** Sequence in RUNS of its first fact, and its place in the commit. */
  position: Int8;
  place: number;
}
