import {
  type Db,
  findTask,
  type ScheduleRow,
  schedulesOfTasks,
  statsOfTasks,
  type TaskRow,
  type TaskStatsRow,
} from '../queries/tasks.js';
import { surroundingsNow } from '../schedules/around-schedule.js';
import { type Surroundings } from '../schedules/judge-slots.js';

/** Everything there is to say of a task. */
export interface TaskRows {
  readonly row: TaskRow;
  readonly schedules: readonly ScheduleRow[];
  /** Of its schedules, and of others that were read with it. */
  readonly around: Surroundings;
  readonly stats: TaskStatsRow | undefined;
}

/** Undefined also for a deleted task. */
export async function readTask(
  db: Db,
  account: string,
  taskId: string,
  nowMs: number,
): Promise<TaskRows | undefined> {
  const row = await findTask(db, account, taskId);
  return row && (await readTasks(db, account, [row], nowMs))[0];
}

/** The same of many, in five queries. */
export async function readTasks(
  db: Db,
  account: string,
  rows: readonly TaskRow[],
  nowMs: number,
): Promise<TaskRows[]> {
  if (rows.length === 0) return [];
  const ids = rows.map(({ id }) => id);
  const [schedules, stats] = await Promise.all([
    schedulesOfTasks(db, account, ids),
    statsOfTasks(db, account, ids),
  ]);
  const around = await surroundingsNow(db, account, schedules, nowMs);
  const schedulesBy = Map.groupBy(schedules, ({ task_id }) => task_id);
  const statsBy = new Map(stats.map((one) => [one.task_id, one]));
  return rows.map((row) => ({
    row,
    schedules: schedulesBy.get(row.id) ?? [],
    around,
    stats: statsBy.get(row.id),
  }));
}
