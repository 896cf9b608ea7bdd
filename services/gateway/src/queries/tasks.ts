import { type ExpressionBuilder, type Kysely, type Selectable, type SqlBool, sql } from 'kysely';
import {
  type ReadModel,
  type ScheduleTable,
  type TaskStatsTable,
  type TaskTable,
} from '#libs/read-model';
import { COUNT_MAX } from '../limits.js';
import { type Page } from './page.js';

/** Every query names the account first: what it is not given it can't see. */
export type Db = Kysely<ReadModel>;
export type TaskRow = Selectable<TaskTable>;
export type ScheduleRow = Selectable<ScheduleTable> & {
  /** When its definition came into force: it owes nothing earlier, and its runs are counted from there. */
  readonly since: Date | null;
};
export type TaskStatsRow = Selectable<TaskStatsTable>;

export interface TaskFilter {
  readonly search?: string;
  readonly status?: 'active' | 'paused';
  readonly type?: string;
}

/** Which part of a list; a cursor and an offset are not given together. */
export interface Window<Place> {
  readonly limit: number;
  readonly after?: Place;
  readonly offset?: number;
}

/** By name. One row more than asked for, if there is one. */
export async function listTasks(
  db: Db,
  account: string,
  filter: TaskFilter,
  { limit, after, offset = 0 }: Window<{ name: string; id: string }>,
): Promise<Page<TaskRow>> {
  const matching = db
    .selectFrom('task')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, filter)));
  const rows = await matching
    .selectAll()
    .$if(after !== undefined, (query) =>
      query.where(sql<SqlBool>`(name, id) > (${after?.name}, ${after?.id})`),
    )
    .orderBy('name')
    .orderBy('id')
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

function conditions(eb: ExpressionBuilder<ReadModel, 'task'>, filter: TaskFilter) {
  const { search, status, type } = filter;
  return [
    status === undefined ? eb('status', '!=', 'deleted') : eb('status', '=', status),
    ...(type === undefined ? [] : [eb('type', '=', type)]),
    ...(search ? [eb('name', 'ilike', containing(search))] : []),
  ];
}

/** A pattern in which the text stands for itself. */
export function containing(text: string): string {
  return `%${text.replace(/[\\%_]/g, '\\$&')}%`;
}

/** Undefined also for a deleted task. */
export function findTask(db: Db, account: string, id: string): Promise<TaskRow | undefined> {
  return db
    .selectFrom('task')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', id)
    .where('status', '!=', 'deleted')
    .executeTakeFirst();
}

/** Deleted ones too: whoever is told of a change wants to know that. */
export function tasksByIds(db: Db, account: string, ids: readonly string[]): Promise<TaskRow[]> {
  return db
    .selectFrom('task')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .execute();
}

export function schedulesOfTasks(
  db: Db,
  account: string,
  taskIds: readonly string[],
): Promise<ScheduleRow[]> {
  return db
    .selectFrom('schedule')
    .selectAll()
    .select(sinceOfSchedule)
    .where('account', '=', account)
    .where('task_id', 'in', taskIds)
    .orderBy('place')
    .execute();
}

/** Of a row of `schedule`: when what it says now came into force. */
export const sinceOfSchedule = sql<Date | null>`(
  select valid_from from schedule_version as v
  where v.account = schedule.account and v.task_id = schedule.task_id
    and v.schedule_id = schedule.id and v.valid_until is null
  order by version desc limit 1)`.as('since');

export function statsOfTasks(
  db: Db,
  account: string,
  taskIds: readonly string[],
): Promise<TaskStatsRow[]> {
  return db
    .selectFrom('task_stats')
    .selectAll()
    .where('account', '=', account)
    .where('task_id', 'in', taskIds)
    .execute();
}
