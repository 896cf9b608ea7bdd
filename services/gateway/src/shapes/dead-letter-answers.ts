import { z } from 'zod';
import { executionDetailsAnswer } from './execution-answers.js';
import { paginationAnswer } from './pagination-answer.js';
import { deadLetterCauses, deadLetterStatuses } from './words.js';

const instant = z.string().meta({ format: 'date-time' });

export const deadLetterAnswer = z.object({
  id: z.string().meta({ description: 'Of the execution that died.' }),
  taskId: z.string(),
  taskName: z.string(),
  cause: z.enum(deadLetterCauses),
  attempts: z.int(),
  error: z.object({ code: z.string(), message: z.string() }),
  diedAt: instant,
  status: z.enum(deadLetterStatuses),
  redrivenBy: z.string().optional().meta({ description: 'The execution that runs it again.' }),
  redriveId: z.string().optional(),
  resolvedAt: instant.optional(),
  resolvedBy: z.string().optional().meta({
    description: '`limit` when the account had more of them than are kept.',
  }),
  note: z.string().optional(),
});
export type DeadLetterAnswer = z.output<typeof deadLetterAnswer>;

export const deadLetterDetailsAnswer = deadLetterAnswer.extend({
  execution: executionDetailsAnswer.nullable(),
});

export const deadLetterListAnswer = z.object({
  deadLetters: z.array(deadLetterAnswer),
  pagination: paginationAnswer,
});

export const redrivePlanAnswer = z.object({
  redriveId: z.string().nullable().meta({ description: 'Null after a dry run.' }),
  count: z.int(),
  hasMore: z.boolean().meta({ description: 'More than may be taken at once.' }),
});

export const discardAnswer = z.object({ count: z.int(), hasMore: z.boolean() });

export const redriveAnswer = z.object({
  id: z.string(),
  status: z.enum(['running', 'cancelled', 'finished']),
  deadLetters: z.int(),
  perMinute: z.int(),
  note: z.string().nullable(),
  author: z.string(),
  progress: z.object({
    requested: z.int(),
    passedOver: z.int().meta({ description: 'Gone meanwhile, or their task.' }),
    open: z.int(),
    succeeded: z.int(),
    failed: z.int(),
    cancelled: z.int(),
    remaining: z.int(),
  }),
  startedAt: instant,
  finishedAt: instant.nullable(),
});
export type RedriveAnswer = z.output<typeof redriveAnswer>;

export const redriveListAnswer = z.object({ redrives: z.array(redriveAnswer) });

export const retryTimelineAnswer = z.object({
  retries: z.array(
    z.object({
      retry: z.int(),
      delayMin: z.number().meta({ description: 'Seconds.' }),
      delayMax: z.number().meta({ description: 'Seconds.' }),
      sinceFirst: z.number().meta({ description: 'Seconds; attempts themselves left out.' }),
    }),
  ),
});
