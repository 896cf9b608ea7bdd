import { sql } from 'kysely';
import {
  DASHBOARD_FAILING_MAX,
  DASHBOARD_HOURS,
  DASHBOARD_RECENT_MAX,
  DASHBOARD_RUNNING_MAX,
  UPCOMING_SCHEDULES_MAX,
} from '../limits.js';
import { type ExecutionRow } from './executions.js';
import { type Db, type ScheduleRow, sinceOfSchedule } from './tasks.js';

const HOUR_MS = 3_600_000;

export interface DashboardCounts {
  readonly activeTasks: number;
  readonly pausedTasks: number;
  readonly runningExecutions: number;
  readonly queuedExecutions: number;
}

/** Rows of open executions are few: they are counted where the index on the open ones has them. */
export async function dashboardCounts(db: Db, account: string): Promise<DashboardCounts> {
  const { rows } = await sql<DashboardCounts>`select
    (select count(*) from task where account = ${account} and status = 'active') as "activeTasks",
    (select count(*) from task where account = ${account} and status = 'paused') as "pausedTasks",
    (select count(*) from execution
      where account = ${account} and status = 'running') as "runningExecutions",
    (select count(*) from execution
      where account = ${account} and status in ('queued', 'retrying')) as "queuedExecutions"
  `.execute(db);
  return rows[0] ?? { activeTasks: 0, pausedTasks: 0, runningExecutions: 0, queuedExecutions: 0 };
}

export function runningExecutions(db: Db, account: string): Promise<ExecutionRow[]> {
  return db
    .selectFrom('execution')
    .selectAll()
    .where('account', '=', account)
    .where('status', '=', 'running')
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(DASHBOARD_RUNNING_MAX)
    .execute();
}

export function recentExecutions(db: Db, account: string): Promise<ExecutionRow[]> {
  return db
    .selectFrom('execution')
    .selectAll()
    .where('account', '=', account)
    .orderBy('requested_at', 'desc')
    .orderBy('id', 'desc')
    .limit(DASHBOARD_RECENT_MAX)
    .execute();
}

export interface FailingTaskRow {
  readonly taskId: string;
  readonly taskName: string;
  readonly lastFailure: Date;
  readonly consecutiveFailures: number;
  readonly lastExecutionId: string | null;
  readonly lastError: string | null;
}

/** Tasks whose last run failed, the newest failure first. */
export async function failingTasks(db: Db, account: string): Promise<FailingTaskRow[]> {
  const { rows } = await sql<FailingTaskRow>`
    select s.task_id as "taskId", t.name as "taskName", s.last_failure_at as "lastFailure",
      s.consecutive_failures as "consecutiveFailures", s.last_execution_id as "lastExecutionId",
      e.error ->> 'message' as "lastError"
    from task_stats s
    join task t on t.account = s.account and t.id = s.task_id and t.status <> 'deleted'
    left join execution e on e.account = s.account and e.id = s.last_execution_id
    where s.account = ${account} and s.consecutive_failures > 0 and s.last_failure_at is not null
    order by s.last_failure_at desc limit ${DASHBOARD_FAILING_MAX}`.execute(db);
  return rows;
}

export interface HourRow {
  readonly hour: Date;
  readonly success: number;
  readonly failed: number;
  readonly timeout: number;
  readonly cancelled: number;
}

/** Ended executions of the last hours, oldest first, an hour without any included. */
export async function endedByHour(db: Db, account: string, nowMs: number): Promise<HourRow[]> {
  const lastHourMs = Math.floor(nowMs / HOUR_MS) * HOUR_MS;
  const firstHourMs = lastHourMs - (DASHBOARD_HOURS - 1) * HOUR_MS;
  const rows = await db
    .selectFrom('execution_hour')
    .select(['hour', 'status', 'count'])
    .where('account', '=', account)
    .where('hour', '>=', new Date(firstHourMs))
    .execute();
  const counts = new Map(rows.map((row) => [`${row.hour.getTime()}:${row.status}`, row.count]));
  return Array.from({ length: DASHBOARD_HOURS }, (_, index) => {
    const hourMs = firstHourMs + index * HOUR_MS;
    const count = (status: string) => Number(counts.get(`${hourMs}:${status}`) ?? 0);
    return {
      hour: new Date(hourMs),
      success: count('success'),
      failed: count('failed'),
      timeout: count('timeout'),
      cancelled: count('cancelled'),
    };
  });
}

export type UpcomingSchedule = ScheduleRow & { readonly taskName: string };

/** Of one account, or of all of them. */
export function ringingSchedules(db: Db, account: string | undefined): Promise<UpcomingSchedule[]> {
  return db
    .selectFrom('schedule')
    .innerJoin('task', (join) =>
      join.onRef('task.account', '=', 'schedule.account').onRef('task.id', '=', 'schedule.task_id'),
    )
    .selectAll('schedule')
    .select(['task.name as taskName', sinceOfSchedule])
    .$if(account !== undefined, (query) => query.where('schedule.account', '=', account ?? ''))
    .where('schedule.enabled', '=', true)
    .where('task.status', '=', 'active')
    .limit(UPCOMING_SCHEDULES_MAX)
    .execute();
}
