import { type Selectable } from 'kysely';
import { z } from 'zod';
import { type DefinitionChangeTable, type SlotTable } from '#libs/read-model';
import { columnOf, type Order, type Page, readPage, type Window } from './keyset.js';
import { type Db } from './tasks.js';

export type SlotRow = Selectable<SlotTable>;
export type DefinitionChangeRow = Selectable<DefinitionChangeTable>;

export interface SlotFilter {
  readonly taskId: string;
  readonly scheduleId?: string;
  readonly outcome?: readonly string[];
  /** By their due instant: from included, to excluded. */
  readonly from?: Date;
  readonly to?: Date;
}

const byInstant: Order<SlotRow> = {
  columns: ['due_at', 'schedule_id', 'schedule_revision', 'local', 'pass'],
  direction: 'desc',
  place: z.tuple([columnOf.time, columnOf.id, columnOf.int4, columnOf.id, columnOf.pass]),
};

/** The latest first. */
export function listSlots(
  db: Db,
  account: string,
  { taskId, scheduleId, outcome, from, to }: SlotFilter,
  window: Window,
): Promise<Page<SlotRow>> {
  const matching = db
    .selectFrom('slot')
    .where('account', '=', account)
    .where('task_id', '=', taskId)
    .$if(scheduleId !== undefined, (query) => query.where('schedule_id', '=', scheduleId ?? ''))
    .$if(outcome !== undefined, (query) => query.where('outcome', 'in', [...(outcome ?? [])]))
    .$if(from !== undefined, (query) => query.where('due_at', '>=', from as Date))
    .$if(to !== undefined, (query) => query.where('due_at', '<', to as Date));
  return readPage(matching, byInstant, window);
}

export interface SlotKey {
  readonly scheduleId: string;
  readonly revision: number;
  readonly local: string;
  readonly pass: number;
}

export function findSlot(
  db: Db,
  account: string,
  { taskId, scheduleId, revision, local, pass }: SlotKey & { readonly taskId: string },
): Promise<SlotRow | undefined> {
  return db
    .selectFrom('slot')
    .selectAll()
    .where('account', '=', account)
    .where('schedule_id', '=', scheduleId)
    .where('schedule_revision', '=', revision)
    .where('local', '=', local)
    .where('pass', '=', pass)
    .where('task_id', '=', taskId)
    .executeTakeFirst();
}

/** The next slot of the same schedule that ran late: it stood for those before it. */
export function caughtUpAfter(
  db: Db,
  account: string,
  { schedule_id, due_at }: SlotRow,
): Promise<SlotRow | undefined> {
  return db
    .selectFrom('slot')
    .selectAll()
    .where('account', '=', account)
    .where('schedule_id', '=', schedule_id)
    .where('due_at', '>', due_at)
    .where('outcome', '=', 'fired')
    .orderBy('due_at')
    .limit(1)
    .executeTakeFirst();
}

/** The slot of another schedule that runs in its place. */
export function mergedSlotOf(
  db: Db,
  account: string,
  { merged_into, due_at }: SlotRow,
): Promise<SlotRow | undefined> {
  return db
    .selectFrom('slot')
    .selectAll()
    .where('account', '=', account)
    .where('schedule_id', '=', merged_into ?? '')
    .where('due_at', '=', due_at)
    .limit(1)
    .executeTakeFirst();
}

/** What had paused a task at an instant: the last of these changes before it. */
export function pauseBefore(
  db: Db,
  account: string,
  { task_id, due_at }: SlotRow,
): Promise<DefinitionChangeRow | undefined> {
  return db
    .selectFrom('definition_change')
    .selectAll()
    .where('account', '=', account)
    .where('kind', '=', 'task')
    .where('id', '=', task_id)
    .where('event', 'in', ['TaskPaused', 'TaskCreated'])
    .where('occurred_at', '<=', due_at)
    .orderBy('position', 'desc')
    .orderBy('place', 'desc')
    .limit(1)
    .executeTakeFirst();
}
