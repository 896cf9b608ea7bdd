import { NEXT_RUNS_DEFAULT } from '../limits.js';
import { nextStartsOf, nextStartsOfAll } from '../next-starts.js';
import { type CalendarRow } from '../queries/calendars.js';
import { type TaskRow, type TaskStatsRow } from '../queries/tasks.js';
import { type TaskRows } from '../read-task.js';
import { descriptionOf } from '../schedule-times.js';
import { type TaskAnswer } from '../shapes/answers.js';
import { type TaskTypeWord } from '../shapes/words.js';
import {
  averageOf,
  type KnownSchedule,
  knownSchedule,
  statusOf,
  targetOf,
} from '../task-of-rows.js';
import { toldSchedule } from '../told-schedule.js';

export function taskAnswerOf(
  { row, schedules, calendars, stats }: TaskRows,
  nowMs: number,
): TaskAnswer {
  const known = schedules.map(knownSchedule);
  const told = known.map((one) => scheduleAnswerOf(one, { row, calendars, nowMs }));
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    type: row.type as TaskTypeWord,
    target: targetOf(row),
    schedule: told[0] ?? null,
    schedules: told,
    parameters: row.parameters,
    settings: row.settings,
    status: statusOf(row),
    ...(row.pause_reason ? { pauseReason: row.pause_reason } : {}),
    stats: statsAnswerOf(stats),
    nextRun: nextRunOf(known, { row, calendars, nowMs }),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
  };
}

interface Around {
  readonly row: TaskRow;
  readonly calendars: readonly CalendarRow[];
  readonly nowMs: number;
}

/** A paused task rings at no time. */
function nextRunOf(
  schedules: readonly KnownSchedule[],
  { row, calendars, nowMs }: Around,
): string | null {
  const isActive = row.status === 'active';
  const next = isActive ? nextStartsOfAll(schedules, calendars, nowMs, 1)[0] : undefined;
  return next === undefined ? null : new Date(next).toISOString();
}

function scheduleAnswerOf(schedule: KnownSchedule, { row, calendars, nowMs }: Around) {
  const nextRuns =
    row.status === 'active' ? nextStartsOf(schedule, calendars, nowMs, NEXT_RUNS_DEFAULT) : [];
  return {
    id: schedule.id,
    revision: schedule.revision,
    ...toldSchedule(schedule),
    cronDescription: descriptionOf(schedule),
    nextRuns: nextRuns.map((ms) => new Date(ms).toISOString()),
  };
}

function statsAnswerOf(stats: TaskStatsRow | undefined): TaskAnswer['stats'] {
  if (stats === undefined)
    return {
      totalRuns: 0,
      successfulRuns: 0,
      failedRuns: 0,
      averageDuration: 0,
      consecutiveFailures: 0,
    };
  return {
    totalRuns: stats.total_runs,
    successfulRuns: stats.successful_runs,
    failedRuns: stats.failed_runs,
    averageDuration: averageOf(stats) ?? 0,
    consecutiveFailures: stats.consecutive_failures,
    ...(stats.last_execution_id === null
      ? {}
      : {
          lastRun: {
            executionId: stats.last_execution_id,
            startedAt: stats.last_started_at?.toISOString() ?? null,
            status: stats.last_status ?? '',
            duration: stats.last_duration_ms,
          },
        }),
  };
}
