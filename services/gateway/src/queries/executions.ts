import { type ExpressionBuilder, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import { type AttemptTable, type ExecutionTable, type ReadModel } from '#libs/read-model';
import { type CountedPage, columnOf, type Order, readCounted, type Window } from './keyset.js';
import { containing, type Db } from './tasks.js';

export type ExecutionRow = Selectable<ExecutionTable>;
export type AttemptRow = Selectable<AttemptTable>;

export interface ExecutionConditions {
  readonly status?: readonly string[];
  readonly taskId?: string;
  readonly backfillId?: string;
  readonly trigger?: readonly string[];
  /** Within the task's name. */
  readonly search?: string;
  /** By the time of the request. */
  readonly from?: Date;
  readonly to?: Date;
}

const byRequest: Order<ExecutionRow> = {
  columns: ['requested_at', 'id'],
  direction: 'desc',
  place: z.tuple([columnOf.time, columnOf.id]),
};

/** The newest request first. */
export function listExecutions(
  db: Db,
  account: string,
  filter: ExecutionConditions,
  window: Window,
): Promise<CountedPage<ExecutionRow>> {
  const matching = db
    .selectFrom('execution')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, filter)));
  return readCounted(db, matching, byRequest, window);
}

function conditions(eb: ExpressionBuilder<ReadModel, 'execution'>, filter: ExecutionConditions) {
  const { status, taskId, backfillId, trigger, search, from, to } = filter;
  return [
    ...(status?.length ? [eb(sql<string>`status`, 'in', [...status])] : []),
    ...(taskId === undefined ? [] : [eb('task_id', '=', taskId)]),
    ...(backfillId === undefined ? [] : [eb('backfill_id', '=', backfillId)]),
    ...(trigger?.length ? [eb('trigger', 'in', [...trigger])] : []),
    ...(search ? [eb('task_name', 'ilike', containing(search))] : []),
    ...(from === undefined ? [] : [eb('requested_at', '>=', from)]),
    ...(to === undefined ? [] : [eb('requested_at', '<', to)]),
  ];
}

export async function findExecution(
  db: Db,
  account: string,
  id: string,
): Promise<ExecutionRow | undefined> {
  const [row] = await executionsByIds(db, account, [id]);
  return row;
}

export function executionsByIds(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<ExecutionRow[]> {
  return db
    .selectFrom('execution')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .execute();
}

/** The newest `limit` of each task, in one query. */
export async function recentOfTasks(
  db: Db,
  account: string,
  taskIds: readonly string[],
  limit: number,
): Promise<ExecutionRow[]> {
  const { rows } = await sql<ExecutionRow>`
    select recent.* from unnest(${taskIds}::text[]) as wanted (task_id)
    cross join lateral (
      select * from execution
      where account = ${account} and task_id = wanted.task_id
      order by requested_at desc, id desc limit ${limit}
    ) as recent`.execute(db);
  return rows;
}

/** In the order in which they were released. */
export function attemptsOfExecutions(
  db: Db,
  account: string,
  executionIds: readonly string[],
): Promise<AttemptRow[]> {
  return db
    .selectFrom('attempt')
    .selectAll()
    .where('account', '=', account)
    .where('execution_id', 'in', executionIds)
    .orderBy('execution_id')
    .orderBy('fence')
    .execute();
}
