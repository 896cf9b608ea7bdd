import type { Int8 } from './column-kinds.js';

/** An execution that failed for good. Its input and attempts stand with the execution of its id. */
export interface DeadLetterTable {
  account: string;
  /** Of the execution. */
  id: string;
  task_id: string;
  /** As it was when the execution was requested. */
  task_name: string;
  /** exhausted | final | poison | deadline */
  cause: string;
  attempts: number;
  error_code: string;
  error_message: string;
  died_at: Date;
  /** open | redriven | discarded */
  status: string;
  /** The execution that runs it again, and the redrive that asked for it. */
  redriven_by: string | null;
  redrive_id: string | null;
  /** When it was run again or discarded, and who did it; `limit` when there was no more room. */
  resolved_at: Date | null;
  resolved_by: string | null;
  note: string | null;
  /** Sequence in DISPATCH of the last commit that touched it. */
  position: Int8;
}

/** Dead letters that are run again, so many a minute. */
export interface RedriveTable {
  account: string;
  id: string;
  /** How many there are to run. */
  dead_letters: number;
  per_minute: number;
  note: string | null;
  author: string;
  /** running | cancelled | finished */
  status: string;
  /** Runs so far: begun, and ended how; a failed one may have timed out, a cancelled one been skipped. */
  requested: number;
  /** Dead letters that could not be run: gone meanwhile, or their task. */
  passed_over: number;
  succeeded: number;
  failed: number;
  cancelled: number;
  started_at: Date;
  /** When its last run had ended, also of a cancelled one. */
  finished_at: Date | null;
  position: Int8;
}
