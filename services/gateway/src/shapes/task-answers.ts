import { z } from 'zod';
import { paginationAnswer } from './pagination-answer.js';
import { settingsShape } from './task-input.js';
import { instant, json } from './told.js';
import { scheduleAnswer } from './told-schedule-answer.js';
import { taskStatuses, taskTypes } from './words.js';

const targetAnswer = z.object({
  automationId: z.string().optional(),
  workflowId: z.string().optional(),
  systemTask: z.string().optional(),
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

export const taskListAnswer = z.object({
  tasks: z.array(taskAnswer),
  pagination: paginationAnswer,
});

export const bulkAnswer = z.object({
  success: z.array(z.string()),
  failed: z.array(z.object({ taskId: z.string(), error: z.string() })),
});
