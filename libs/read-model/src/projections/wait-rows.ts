import type { DispatchEvent, dispatch } from '#libs/contracts';
import { type Counted, countFrom, countOn, plus, type Waits } from '#libs/domain';
import { instant, int8 } from '../storable.js';
import type { AttemptRow } from './attempt-rows.js';
import type { ExecutionRow, Progress } from './execution-rows.js';

/** Where the count of a run's waits stands is read from its row: the count is the domain's. */

type WaitColumns = Pick<
  ExecutionRow,
  | 'planner_ms'
  | 'queue_ms'
  | 'limit_ms'
  | 'retry_ms'
  | 'worker_start_ms'
  | 'user_code_ms'
  | 'counted_until'
  | 'queued_at'
>;

/** Of a slot that was skipped before there was a run. */
export const NEVER_COUNTED: WaitColumns = {
  planner_ms: null,
  queue_ms: null,
  limit_ms: null,
  retry_ms: null,
  worker_start_ms: null,
  user_code_ms: null,
  counted_until: null,
  queued_at: null,
};

export function countedFrom(event: dispatch.ExecutionRequested): WaitColumns {
  const { counted, waits } = countFrom(event);
  return columnsOfCount(counted, waits);
}

/** What an event adds to a run, and to its attempt; `startedAt` of the attempt that is out. */
export function countedOn(
  row: Progress,
  startedAt: Date | null,
  event: DispatchEvent,
  atMs: number,
): { readonly columns: WaitColumns; readonly ofAttempt: Waits } | undefined {
  if (row.counted_until === null) return undefined;
  const { counted, waits: added } = countOn(countedOf(row, startedAt), event, atMs);
  const before = waitsOfRow(row);
  // What the request counted belongs to the first attempt.
  const ofAttempt = row.attempt === 0 ? plus(before, added) : added;
  return { columns: columnsOfCount(counted, plus(before, added)), ofAttempt };
}

/** Of an attempt, by its release: what came before it. By its end: the rest. */
export function withWaits(row: AttemptRow, event: DispatchEvent, waits: Waits): AttemptRow {
  return event.$typeName === 'dispatch.v1.AttemptReleased'
    ? {
        ...row,
        planner_ms: int8(waits.planner),
        retry_ms: int8(waits.retry),
        queue_ms: int8(waits.queue),
        limit_ms: int8(waits.limit),
      }
    : {
        ...row,
        worker_start_ms: int8(waits.workerStart),
        user_code_ms: int8(waits.userCode),
      };
}

function countedOf(row: Progress, startedAt: Date | null): Counted {
  const { status, attempt, counted_until, queued_at } = row;
  const wasReleased = attempt > 0;
  const isOffered = status === 'queued' && wasReleased && queued_at === null;
  return {
    stage: status === 'running' ? 'running' : isOffered ? 'offered' : 'waiting',
    untilMs: counted_until?.getTime() ?? 0,
    queuedAtMs: queued_at?.getTime(),
    wasReleased,
    startedAtMs: startedAt?.getTime(),
  };
}

function waitsOfRow(row: WaitColumns): Waits {
  return {
    planner: row.planner_ms ?? 0,
    queue: row.queue_ms ?? 0,
    limit: row.limit_ms ?? 0,
    retry: row.retry_ms ?? 0,
    workerStart: row.worker_start_ms ?? 0,
    userCode: row.user_code_ms ?? 0,
  };
}

function columnsOfCount({ untilMs, queuedAtMs }: Counted, waits: Waits): WaitColumns {
  return {
    planner_ms: int8(waits.planner),
    queue_ms: int8(waits.queue),
    limit_ms: int8(waits.limit),
    retry_ms: int8(waits.retry),
    worker_start_ms: int8(waits.workerStart),
    user_code_ms: int8(waits.userCode),
    counted_until: instant(untilMs),
    queued_at: queuedAtMs === undefined ? null : instant(queuedAtMs),
  };
}
