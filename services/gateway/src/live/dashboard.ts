import { type Clock } from '#libs/clock';
import { DASHBOARD_UPCOMING_MAX } from '../limits.js';
import {
  type DashboardCounts,
  dashboardCounts,
  endedByHour,
  type FailingTaskRow,
  failingTasks,
  type HourRow,
  recentExecutions,
  runningExecutions,
} from '../queries/dashboard.js';
import { type ExecutionRow } from '../queries/executions.js';
import { type Db } from '../queries/tasks.js';
import { type UpcomingRun, type UpcomingRuns } from './upcoming-runs.js';
import { type BoardedWorker, usageOf, type WorkerBoard } from './worker-board.js';

const DAY_MS = 86_400_000;

/** Everything the first screen shows, of one moment. */
export interface DashboardData {
  readonly serverTime: Date;
  readonly overview: DashboardCounts & {
    readonly todayExecutions: number;
    /** Null when nothing has ended today. */
    readonly todaySuccessRate: number | null;
  };
  readonly running: readonly ExecutionRow[];
  readonly recent: readonly ExecutionRow[];
  readonly upcoming: readonly UpcomingRun[];
  readonly failing: readonly FailingTaskRow[];
  readonly usage: ReturnType<typeof usageOf> & { readonly queueDepth: number };
  readonly workers: readonly BoardedWorker[];
  readonly hours: readonly HourRow[];
}

export interface DashboardSource {
  readonly db: Db;
  readonly account: string;
  readonly clock: Clock;
  readonly workers: WorkerBoard;
  readonly upcoming: UpcomingRuns;
}

export async function readDashboard(source: DashboardSource): Promise<DashboardData> {
  const { db, account, clock } = source;
  const nowMs = clock.now();
  const [counts, running, recent, failing, hours, upcoming] = await Promise.all([
    dashboardCounts(db, account),
    runningExecutions(db, account),
    recentExecutions(db, account),
    failingTasks(db, account),
    endedByHour(db, account, nowMs),
    source.upcoming.next(DASHBOARD_UPCOMING_MAX),
  ]);
  const workers = source.workers.list();
  return {
    serverTime: new Date(nowMs),
    overview: { ...counts, ...today(hours, nowMs) },
    running,
    recent,
    upcoming,
    failing,
    usage: { ...usageOf(workers), queueDepth: counts.queuedExecutions },
    workers,
    hours,
  };
}

/** Of the UTC day: those that ended, and how many of them well. A cancelled one is neither. */
export function today(hours: readonly HourRow[], nowMs: number) {
  const midnightMs = Math.floor(nowMs / DAY_MS) * DAY_MS;
  const of = hours.filter(({ hour }) => hour.getTime() >= midnightMs);
  const sum = (count: (hour: HourRow) => number) =>
    of.reduce((total, hour) => total + count(hour), 0);
  const success = sum((hour) => hour.success);
  const judged = success + sum((hour) => hour.failed + hour.timeout);
  return {
    todayExecutions: judged + sum((hour) => hour.cancelled),
    todaySuccessRate: judged === 0 ? null : success / judged,
  };
}
