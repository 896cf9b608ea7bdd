import { z } from 'zod';
import { waitAnswer } from './capacity-answers.js';
import { settingsShape } from './task-input.js';
import {
  calendarActions,
  calendarRoles,
  catchUpModes,
  dstPolicyWords,
  overlapPolicies,
  restStatuses,
  taskStatuses,
  taskTypes,
  triggers,
  verdicts,
} from './words.js';

/** What the REST API answers, for OpenAPI; the code that builds an answer is held to its type. */

const instant = z.string().meta({ format: 'date-time' });
const json = z.unknown();

export const faultAnswer = z.object({
  path: z.string().meta({ example: '/schedule/cron' }),
  in: z.enum(['query', 'path', 'header']).optional(),
  code: z.string(),
  message: z.string(),
  remedy: z.string().optional(),
  position: z.int().optional().meta({ description: 'Index into the text of the field.' }),
});

export const problemAnswer = z
  .object({
    type: z.string(),
    title: z.string(),
    status: z.int(),
    detail: z.string(),
    code: z.string().meta({ description: 'Stable; match on this.' }),
    instance: z.string().meta({ description: 'The id of the request, as in the log.' }),
    errors: z.array(faultAnswer).optional(),
  })
  .meta({ description: 'Problem details (RFC 9457).' });

const targetAnswer = z.object({
  automationId: z.string().optional(),
  workflowId: z.string().optional(),
  systemTask: z.string().optional(),
});

const duration = z.string().meta({ example: '1h30m' });

/** All that a schedule says, in the words that it is said in. */
export const toldScheduleAnswer = z.object({
  name: z.string(),
  cron: z.string().optional(),
  every: duration.optional(),
  anchor: instant.optional(),
  at: instant.optional(),
  rrule: z.string().optional(),
  start: z.string().optional(),
  timezone: z.string(),
  dst: z.enum(dstPolicyWords),
  enabled: z.boolean(),
  from: instant.optional(),
  until: instant.optional(),
  maxRuns: z.int().optional(),
  catchUp: z.object({
    mode: z.enum(catchUpModes),
    window: duration.optional(),
    limit: z.int().optional(),
  }),
  startDeadline: duration.optional(),
  overlap: z.object({ policy: z.enum(overlapPolicies), bufferLimit: z.int().optional() }),
  spread: duration.optional(),
  jitter: duration.optional(),
  calendars: z.array(
    z.object({
      calendarId: z.string(),
      role: z.enum(calendarRoles),
      action: z.enum(calendarActions),
    }),
  ),
  parameters: z.record(z.string(), json).optional(),
});

/** A slot ahead. */
export const previewRun = z.object({
  at: instant.meta({ description: 'Nominal.' }),
  local: z.string(),
  offset: z.string().meta({ example: '+02:00' }),
  verdict: z.enum(verdicts),
  cause: z.string().nullable().meta({
    description:
      'Why it does not run as it stands: task_paused, maintenance, calendar, moved or merged.',
  }),
  startsAt: instant.nullable().meta({
    description:
      'With spread, jitter, calendars and maintenances; null when it does not start, or nobody knows when.',
  }),
  by: z.string().nullable().meta({
    description: 'The calendar, maintenance or schedule that moves, holds or replaces it.',
  }),
});

const scheduleAnswer = toldScheduleAnswer.extend({
  id: z.string(),
  revision: z.int().meta({ description: 'Rises when it rings at other times.' }),
  cronDescription: z.string().meta({ description: 'In words, whatever way it says when.' }),
  nextRuns: z.array(instant).meta({ description: 'When its next runs start.' }),
  nextSlots: z
    .array(previewRun)
    .meta({ description: 'Its slots ahead, those not run among them.' }),
});

const statsAnswer = z.object({
  totalRuns: z.int(),
  successfulRuns: z.int(),
  failedRuns: z.int(),
  averageDuration: z.number().meta({ description: 'Milliseconds.' }),
  consecutiveFailures: z.int(),
  lastRun: z
    .object({
      executionId: z.string(),
      startedAt: instant.nullable(),
      status: z.string(),
      duration: z.number().nullable().meta({ description: 'Milliseconds.' }),
    })
    .optional(),
});

export const taskCreatedAnswer = z.object({
  taskId: z.string(),
  name: z.string(),
  nextRun: instant.nullable(),
  status: z.enum(['active', 'paused']),
  createdAt: instant,
});
export type TaskCreatedAnswer = z.output<typeof taskCreatedAnswer>;

export const taskAnswer = z.object({
  id: z.string(),
  name: z.string(),
  description: z.string(),
  type: z.enum(taskTypes),
  target: targetAnswer,
  schedule: scheduleAnswer.nullable().meta({ description: 'The first of `schedules`.' }),
  schedules: z.array(scheduleAnswer),
  parameters: z.record(z.string(), json),
  settings: settingsShape,
  status: z.enum(taskStatuses),
  pauseReason: z.string().optional(),
  stats: statsAnswer,
  nextRun: instant.nullable(),
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
  updatedBy: z.string(),
  version: z.int(),
});
export type TaskAnswer = z.output<typeof taskAnswer>;

export const paginationAnswer = z.object({
  total: z.int().meta({ description: 'Counted up to 10,000.' }),
  totalIsExact: z.boolean(),
  limit: z.int(),
  offset: z.int(),
  nextCursor: z.string().optional().meta({ description: 'For `after`; absent on the last page.' }),
});

export const taskListAnswer = z.object({
  tasks: z.array(taskAnswer),
  pagination: paginationAnswer,
});

const executionError = z.object({
  message: z.string(),
  code: z.string(),
  stack: z.string().optional(),
});

const artifactAnswer = z.object({
  name: z.string(),
  mediaType: z.string(),
  sizeBytes: z.number(),
  url: z.string(),
});

const milliseconds = z.number().meta({ description: 'Milliseconds.' });

const waitsAnswer = z
  .object({
    plannerMs: milliseconds,
    queueMs: milliseconds,
    limitMs: milliseconds,
    retryMs: milliseconds,
    workerStartMs: milliseconds,
    userCodeMs: milliseconds,
    totalMs: milliseconds,
  })
  .meta({
    description: 'What was waited for, from the effective instant on; `totalMs` is the sum.',
  });

const costAnswer = z
  .object({
    compute: z.number(),
    api: z.number(),
    total: z.number(),
    currency: z.string().nullable().meta({ example: 'EUR' }),
  })
  .meta({ description: 'Exact to the millionth, as it was when the attempts ended.' });

export const executionAnswer = z.object({
  id: z.string(),
  taskId: z.string(),
  taskName: z.string(),
  status: z.enum(restStatuses),
  trigger: z.enum(triggers),
  scheduledAt: instant.optional(),
  requestedAt: instant,
  startedAt: instant.nullable(),
  completedAt: instant.optional(),
  duration: z.number().optional().meta({ description: 'Milliseconds.' }),
  retryCount: z.int(),
  attempt: z.int(),
  retryAt: instant.optional(),
  priority: z.string(),
  workerId: z.string().optional(),
  retryOf: z.string().optional(),
  scheduleId: z.string().optional(),
  backfillId: z.string().optional(),
  redriveId: z.string().optional(),
  skipCause: z.string().optional(),
  skipDetail: z.string().optional(),
  cancelRequested: z.boolean(),
  waits: waitsAnswer.optional(),
  cost: costAnswer.optional(),
  error: executionError.optional(),
  output: json.optional(),
});
export type ExecutionAnswer = z.output<typeof executionAnswer>;

export const executionListAnswer = z.object({
  executions: z.array(executionAnswer),
  pagination: paginationAnswer,
});

const attemptAnswer = z.object({
  attempt: z.int(),
  status: z.string(),
  workerId: z.string().optional(),
  releasedAt: instant,
  startedAt: instant.optional(),
  endedAt: instant.optional(),
  error: executionError.optional(),
  queueMs: z.number().optional().meta({ description: 'Waited, for a slot or its turn.' }),
  limitMs: z.number().optional().meta({ description: 'Waited while one of its limits was full.' }),
  waits: waitsAnswer.optional(),
  cost: costAnswer.optional(),
  artifacts: z.array(artifactAnswer),
});

export const executionDetailsAnswer = executionAnswer.extend({
  parameters: z.record(z.string(), json),
  artifacts: z.array(artifactAnswer),
  attempts: z.array(attemptAnswer),
  waitingFor: waitAnswer.optional().meta({ description: 'While it is queued.' }),
});
export type ExecutionDetailsAnswer = z.output<typeof executionDetailsAnswer>;

export const runAcceptedAnswer = z.object({
  executionId: z.string(),
  taskId: z.string(),
  status: z.literal('queued'),
  queuePosition: z.int(),
  estimatedStart: instant
    .nullable()
    .meta({ description: 'Null while nobody can tell: its pool is paused, or has no worker.' }),
});

export const cancelAcceptedAnswer = z.object({
  executionId: z.string(),
  cancelRequested: z.literal(true),
});

export const logsAnswer = z.object({
  executionId: z.string(),
  logs: z.array(
    z.object({
      timestamp: instant,
      level: z.string(),
      message: z.string(),
      metadata: json.optional(),
      attempt: z.int(),
      line: z.number(),
    }),
  ),
  hasMore: z.boolean(),
  cursor: z.string().optional(),
});

export const bulkAnswer = z.object({
  success: z.array(z.string()),
  failed: z.array(z.object({ taskId: z.string(), error: z.string() })),
});

export const dashboardAnswer = z.object({
  serverTime: instant,
  overview: z.object({
    activeTasks: z.int(),
    pausedTasks: z.int(),
    runningExecutions: z.int(),
    queuedExecutions: z.int(),
    todayExecutions: z.int(),
    todaySuccessRate: z.number().meta({ description: '0..1; 1 when nothing has ended today.' }),
  }),
  recentExecutions: z.array(executionAnswer),
  upcomingRuns: z.array(
    z.object({ taskId: z.string(), taskName: z.string(), scheduledAt: instant }),
  ),
  failedTasks: z.array(
    z.object({
      taskId: z.string(),
      taskName: z.string(),
      lastFailure: instant,
      consecutiveFailures: z.int(),
      lastError: z.string().optional(),
    }),
  ),
  resourceUsage: z.object({
    cpuUtilization: z.number().meta({ description: '0..1' }),
    memoryUtilization: z.number().meta({ description: '0..1' }),
    activeWorkers: z.int(),
    queueDepth: z.int(),
  }),
});
export type DashboardAnswer = z.output<typeof dashboardAnswer>;

export const automationAnswer = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  flow: z.record(z.string(), json),
  createdAt: instant,
  updatedAt: instant,
});
export type AutomationAnswer = z.output<typeof automationAnswer>;

export const automationListAnswer = z.object({ automations: z.array(automationAnswer) });
export const automationSavedAnswer = z.object({ automationId: z.string(), name: z.string() });
