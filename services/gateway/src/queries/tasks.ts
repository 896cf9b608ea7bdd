import { type ExpressionBuilder, type Kysely, type Selectable, sql } from 'kysely';
import { z } from 'zod';
import {
  type ReadModel,
  type ScheduleTable,
  type TaskStatsTable,
  type TaskTable,
} from '#libs/read-model';
import { type CountedPage, columnOf, type Order, readCounted, type Window } from './keyset.js';

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

const byName: Order<TaskRow> = {
  columns: ['name', 'id'],
  direction: 'asc',
  place: z.tuple([columnOf.name, columnOf.id]),
};

/** By name. */
export function listTasks(
  db: Db,
  account: string,
  filter: TaskFilter,
  window: Window,
): Promise<CountedPage<TaskRow>> {
  const matching = db
    .selectFrom('task')
    .where('account', '=', account)
    .where((eb) => eb.and(conditions(eb, filter)));
  return readCounted(db, matching, byName, window);
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
