import { type Selectable } from 'kysely';
import { type BackfillTable } from '#libs/read-model';
import { BACKFILL_RUNS_MAX, BACKFILLS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type BackfillRow = Selectable<BackfillTable>;

/** The newest first. */
export function listBackfills(db: Db, account: string, taskId: string): Promise<BackfillRow[]> {
  return db
    .selectFrom('backfill')
    .selectAll()
    .where('account', '=', account)
    .where('task_id', '=', taskId)
    .orderBy('started_at', 'desc')
    .orderBy('id', 'desc')
    .limit(BACKFILLS_MAX)
    .execute();
}

export async function findBackfill(
  db: Db,
  account: string,
  id: string,
): Promise<BackfillRow | undefined> {
  return (await backfillsByIds(db, account, [id]))[0];
}

export function backfillsByIds(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<BackfillRow[]> {
  return db
    .selectFrom('backfill')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .execute();
}

export interface RunsOf {
  readonly taskId: string;
  readonly scheduleId: string;
  /** By the due instant of the slot; both included. */
  readonly from: Date;
  readonly to: Date;
}

/** Runs of the slots of a schedule, the newest last. What was skipped was no run. */
export function runsOfSlots(
  db: Db,
  account: string,
  { taskId, scheduleId, from, to }: RunsOf,
): Promise<{ nominal_at: Date; status: string }[]> {
  return db
    .selectFrom('execution')
    .select(['nominal_at', 'status'])
    .where('account', '=', account)
    .where('task_id', '=', taskId)
    .where('schedule_id', '=', scheduleId)
    .where('nominal_at', '>=', from)
    .where('nominal_at', '<=', to)
    .where('status', '!=', 'skipped')
    .orderBy('requested_at')
    .orderBy('id')
    .limit(BACKFILL_RUNS_MAX)
    .execute();
}
