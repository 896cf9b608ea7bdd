import { z } from 'zod';
import { waitAnswer, whyNoEstimate } from './capacity-answers.js';
import { paginationAnswer } from './pagination-answer.js';
import { instant, json } from './told.js';
import { restStatuses, triggers } from './words.js';

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
  estimatedStart: instant.nullable().meta({ description: whyNoEstimate }),
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
