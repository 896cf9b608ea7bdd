import DataLoader from 'dataloader';
import { type Clock } from '#libs/clock';
import { type Caller, callerFrom } from '../identity.js';
import { GRAPHQL_PAGE_MAX } from '../limits.js';
import { type CalendarRow, calendarsByIds } from '../queries/calendars.js';
import { type DeadLetterRow, deadLettersByIds } from '../queries/dead-letters.js';
import {
  type AttemptRow,
  attemptsOfExecutions,
  type ExecutionRow,
  recentOfTasks,
} from '../queries/executions.js';
import { type MaintenanceRow, maintenancesAfter } from '../queries/maintenance.js';
import {
  type Db,
  type ScheduleRow,
  schedulesOfTasks,
  statsOfTasks,
  type TaskRow,
  type TaskStatsRow,
  tasksByIds,
} from '../queries/tasks.js';
import { type Surroundings } from '../schedules/judge-slots.js';

/** What the resolvers of one operation have in common. */
export interface OperationContext {
  readonly caller: Caller;
  readonly requestId: string;
  readonly idempotencyKey?: string;
  readonly loaders: Loaders;
}

export interface Loaders {
  readonly task: DataLoader<string, TaskRow | undefined>;
  readonly schedules: DataLoader<string, ScheduleRow[]>;
  readonly calendar: DataLoader<string, CalendarRow | undefined>;
  /** Those that hold the account now or later; there is one key. */
  readonly maintenances: DataLoader<'ahead', MaintenanceRow[]>;
  readonly stats: DataLoader<string, TaskStatsRow | undefined>;
  readonly attempts: DataLoader<string, AttemptRow[]>;
  readonly deadLetter: DataLoader<string, DeadLetterRow | undefined>;
  readonly recent: (limit: number) => DataLoader<string, ExecutionRow[]>;
}

export function operationContext(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  from: { ip: string; requestId: string; idempotencyKey?: string },
): OperationContext {
  const { ip, ...rest } = from;
  const caller = callerFrom(ip);
  return { ...rest, caller, loaders: loadersOf(db, clock, caller.account) };
}

/**
 * One query for all rows of a kind that a level of the answer needs. They only batch and keep
 * nothing: a subscription uses the same ones for hours, and must never push what it read before.
 */
function loadersOf(db: Db, clock: Clock, account: string): Loaders {
  const recent = new Map<number, DataLoader<string, ExecutionRow[]>>();
  return {
    task: loader(
      (ids) => tasksByIds(db, account, ids),
      (row) => row.id,
      (rows) => rows[0],
    ),
    schedules: loader(
      (ids) => schedulesOfTasks(db, account, ids),
      (row) => row.task_id,
      (rows) => rows,
    ),
    calendar: loader(
      (ids) => calendarsByIds(db, account, ids),
      (row) => row.id,
      (rows) => rows[0],
    ),
    maintenances: new DataLoader(
      async (keys: readonly 'ahead'[]) => {
        const rows = await maintenancesAfter(db, account, new Date(clock.now()));
        return keys.map(() => rows);
      },
      { cache: false },
    ),
    stats: loader(
      (ids) => statsOfTasks(db, account, ids),
      (row) => row.task_id,
      (rows) => rows[0],
    ),
    attempts: loader(
      (ids) => attemptsOfExecutions(db, account, ids),
      (row) => row.execution_id,
      (rows) => rows,
    ),
    deadLetter: loader(
      (ids) => deadLettersByIds(db, account, ids),
      (row) => row.id,
      (rows) => rows[0],
    ),
    recent: (limit) => {
      const known = recent.get(limit);
      if (known) return known;
      const made = loader(
        (ids) => recentOfTasks(db, account, ids, limit),
        (row: ExecutionRow) => row.task_id,
        (rows) => rows,
      );
      recent.set(limit, made);
      return made;
    },
  };
}

function loader<R, T>(
  read: (ids: readonly string[]) => Promise<R[]>,
  keyOf: (row: R) => string,
  answer: (rows: R[]) => T,
): DataLoader<string, T> {
  return new DataLoader<string, T>(
    async (ids) => {
      const rows = Map.groupBy(await read([...new Set(ids)]), keyOf);
      return ids.map((id) => answer(rows.get(id) ?? []));
    },
    { cache: false, maxBatchSize: GRAPHQL_PAGE_MAX },
  );
}

/** What stands around these schedules. */
export async function surroundingsFor(
  { calendar, maintenances }: Loaders,
  schedules: readonly { readonly calendars: readonly { readonly calendarId: string }[] }[],
): Promise<Surroundings> {
  const ids = schedules.flatMap(({ calendars }) => calendars.map(({ calendarId }) => calendarId));
  const [rows, held] = await Promise.all([
    Promise.all([...new Set(ids)].map((id) => calendar.load(id))),
    maintenances.load('ahead'),
  ]);
  return { calendars: rows.filter((row) => row !== undefined), maintenances: held };
}
