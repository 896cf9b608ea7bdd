import { type Ahead } from '#libs/domain';
import { NEXT_RUNS_DEFAULT } from '../limits.js';
import { unknownTask } from '../problems/unknown.js';
import { type Db, type TaskStatsRow } from '../queries/tasks.js';
import { surroundingsNow } from '../schedules/around-schedule.js';
import { planAround } from '../schedules/judge-slots.js';
import { aheadOf, nextStartsOf, nextStartsOfAll, slotsAhead } from '../schedules/next-starts.js';
import { namesOf, type PreviewRun, runOf } from '../schedules/preview-schedule.js';
import { descriptionOf } from '../schedules/schedule-times.js';
import { toldSchedule } from '../schedules/told-schedule.js';
import { type TaskAnswer } from '../shapes/task-answers.js';
import { type TaskTypeWord } from '../shapes/words.js';
import { readTask, type TaskRows } from '../tasks/read-task.js';
import { type TaskDefinition } from '../tasks/task-definition.js';
import {
  averageOf,
  type KnownSchedule,
  knownSchedule,
  statusOf,
  targetOf,
} from '../tasks/task-of-rows.js';
import { type Resource } from './resource.js';

export const tasks: Resource<TaskRows, TaskAnswer> = {
  collection: 'tasks',
  unknown: unknownTask,
  find: ({ db }, account, id, nowMs) => readTask(db, account, id, nowMs),
  answer: taskAnswerOf,
  positionOf: ({ row }) => row.position,
};

export function taskAnswerOf(
  { row, schedules, around, stats }: TaskRows,
  nowMs: number,
): TaskAnswer {
  const known = schedules.map(knownSchedule);
  const task = { schedules: known, paused: row.status !== 'active' };
  const ahead = aheadOf(task, planAround(around), nowMs);
  const told = known.map((one) => scheduleAnswerOf(one, { ahead, names: namesOf(around), nowMs }));
  const [next] = nextStartsOfAll(ahead, nowMs, 1);
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
    nextRun: isoOrNull(next),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
  };
}

/** Of a task that was just made; what stands around it may be out of reach. */
export async function nextRunOfNew(
  db: Db,
  account: string,
  { schedules, enabled }: TaskDefinition,
  nowMs: number,
): Promise<string | null> {
  const nothing = { calendars: [], maintenances: [] };
  const around = await surroundingsNow(db, account, schedules, nowMs).catch(() => nothing);
  const ahead = aheadOf({ schedules, paused: !enabled }, planAround(around), nowMs);
  return isoOrNull(nextStartsOfAll(ahead, nowMs, 1)[0]);
}

function isoOrNull(ms: number | undefined): string | null {
  return ms === undefined ? null : new Date(ms).toISOString();
}

interface Around {
  readonly ahead: Ahead;
  readonly names: ReadonlyMap<string, string>;
  readonly nowMs: number;
}

function scheduleAnswerOf(schedule: KnownSchedule, { ahead, names, nowMs }: Around) {
  const { id, zone } = schedule;
  const slots = slotsAhead(ahead, id, nowMs, NEXT_RUNS_DEFAULT);
  return {
    id,
    revision: schedule.revision,
    ...toldSchedule(schedule),
    cronDescription: descriptionOf(schedule),
    nextRuns: nextStartsOf(ahead, id, nowMs, NEXT_RUNS_DEFAULT).map((ms) =>
      new Date(ms).toISOString(),
    ),
    nextSlots: slots.map((slot) => runAnswerOf(runOf(slot, zone, names))),
  };
}

export function runAnswerOf({ at, startsAt, ...run }: PreviewRun) {
  return { at: at.toISOString(), ...run, startsAt: startsAt?.toISOString() ?? null };
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
