import { type ExpressionBuilder, type Selectable, type SqlBool, sql } from 'kysely';
import { type AttemptTable, type ExecutionTable, type ReadModel } from '#libs/read-model';
import { COUNT_MAX } from '../limits.js';
import { type Page } from './page.js';
import { containing, type Db, type Window } from './tasks.js';

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

/** The newest request first. One row more than asked for, if there is one. */
export async function listExecutions(
  db: Db,
  account: string,
  filter: ExecutionConditions,
  { limit, after, offset = 0 }: Window<{ at: Date; id: string }>,
): Promise<Page<ExecutionRow>> {
  const matching = db
    .selectFrom('execution')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, filter)));
  const rows = await matching
    .selectAll()
    .$if(after !== undefined, (query) =>
      query.where(sql<SqlBool>`(requested_at, id) < (${after?.at}, ${after?.id})`),
    )
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(limit + 1)
    .offset(offset)
    .execute();
  const { counted } = await db
    .selectFrom(
      matching
        .select(sql`1`.as('one'))
        .limit(COUNT_MAX + 1)
        .as('seen'),
    )
    .select((eb) => eb.fn.countAll<number>().as('counted'))
    .executeTakeFirstOrThrow();
  return { rows, counted };
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
