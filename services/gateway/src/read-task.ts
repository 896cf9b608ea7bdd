import { type CalendarRow, calendarsOfSchedules } from './queries/calendars.js';
import {
  type Db,
  findTask,
  type ScheduleRow,
  schedulesOfTasks,
  statsOfTasks,
  type TaskRow,
  type TaskStatsRow,
} from './queries/tasks.js';

/** Everything there is to say of a task. */
export interface TaskRows {
  readonly row: TaskRow;
  readonly schedules: readonly ScheduleRow[];
  /** Those that its schedules use, and those of others. */
  readonly calendars: readonly CalendarRow[];
  readonly stats: TaskStatsRow | undefined;
}

/** Undefined also for a deleted task. */
export async function readTask(
  db: Db,
  account: string,
  taskId: string,
): Promise<TaskRows | undefined> {
  const row = await findTask(db, account, taskId);
  return row && (await readTasks(db, account, [row]))[0];
}

/** The same of many, in four queries. */
export async function readTasks(
  db: Db,
  account: string,
  rows: readonly TaskRow[],
): Promise<TaskRows[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [schedules, stats] = await Promise.all([
    schedulesOfTasks(db, account, ids),
    statsOfTasks(db, account, ids),
  ]);
  const calendars = await calendarsOfSchedules(db, account, schedules);
  const schedulesBy = Map.groupBy(schedules, ({ task_id }) => task_id);
  const statsBy = new Map(stats.map((one) => [one.task_id, one]));
  return rows.map((row) => ({
    row,
    schedules: schedulesBy.get(row.id) ?? [],
    calendars,
    stats: statsBy.get(row.id),
  }));
}
