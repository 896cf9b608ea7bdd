import { z } from 'zod';
import {
  BACKOFF_MAX,
  BACKOFF_MIN,
  CHANNEL_MAX_CHARS,
  CHANNELS_MAX,
  CONCURRENCY_LIMIT_MAX,
  CRON_MAX_CHARS,
  DESCRIPTION_MAX_CHARS,
  RETRIES_MAX,
  RETRY_DELAY_MAX_SECONDS,
  SCHEDULES_PER_TASK_MAX,
  TIMEOUT_MAX_MINUTES,
  TIMEOUT_MIN_MINUTES,
  ZONE_MAX_CHARS,
} from '../limits.js';
import { idText, nameText, parametersObject, proseText } from './text.js';
import { dstPolicyWords, priorities, taskTypes } from './words.js';

/** What a caller says of a task: one source for REST, OpenAPI and GraphQL's arguments. */

export const scheduleShape = z.strictObject({
  id: idText
    .optional()
    .meta({ description: 'Of a schedule that the task already has; a new one gets its own.' }),
  cron: z.string().max(CRON_MAX_CHARS).meta({ example: '0 9 * * 1-5' }),
  timezone: z.string().max(ZONE_MAX_CHARS).meta({ example: 'America/New_York' }),
  dst: z.enum(dstPolicyWords).optional().meta({
    description: 'What happens to local times that a clock change skips or shows twice.',
  }),
  enabled: z.boolean().optional(),
});

export const targetShape = z
  .strictObject({
    automationId: idText.optional(),
    workflowId: idText.optional(),
    systemTask: z.string().max(100).optional().meta({ example: 'http.request' }),
  })
  .meta({ description: 'The one that fits the type of the task.' });

const retryPolicyShape = z.strictObject({
  maxRetries: z.int().min(0).max(RETRIES_MAX).optional(),
  initialDelay: z.number().min(0).max(RETRY_DELAY_MAX_SECONDS).optional().meta({
    description: 'Seconds before the first retry.',
  }),
  backoffMultiplier: z.number().min(BACKOFF_MIN).max(BACKOFF_MAX).optional(),
  maxDelay: z.number().min(0).max(RETRY_DELAY_MAX_SECONDS).optional().meta({
    description: 'Seconds that no delay exceeds.',
  }),
});

const notificationsShape = z.strictObject({
  onSuccess: z.boolean().optional(),
  onFailure: z.boolean().optional(),
  channels: z.array(z.string().min(1).max(CHANNEL_MAX_CHARS)).max(CHANNELS_MAX).optional(),
});

export const settingsShape = z.strictObject({
  timeout: z
    .number()
    .min(TIMEOUT_MIN_MINUTES)
    .max(TIMEOUT_MAX_MINUTES)
    .optional()
    .meta({ description: 'Minutes; fractions are allowed.', example: 30 }),
  retryPolicy: retryPolicyShape.optional(),
  notifications: notificationsShape.optional(),
  concurrencyLimit: z.int().min(1).max(CONCURRENCY_LIMIT_MAX).nullable().optional().meta({
    description: 'Runs of this task at once; without it there is no limit.',
  }),
  priority: z.enum(priorities).optional(),
});

const taskFields = {
  name: nameText.meta({ example: 'Daily report' }),
  description: proseText(DESCRIPTION_MAX_CHARS).optional(),
  type: z.enum(taskTypes),
  target: targetShape,
  schedule: scheduleShape.optional().meta({ description: 'One schedule; or use `schedules`.' }),
  schedules: z.array(scheduleShape).max(SCHEDULES_PER_TASK_MAX).optional().meta({
    description: 'All schedules; an empty list makes a task that only runs by hand.',
  }),
  parameters: parametersObject.optional(),
  settings: settingsShape.optional(),
  enabled: z.boolean().optional().meta({ description: 'False: it begins paused.' }),
};

const oneShapeOfSchedules = {
  message: 'A task has either `schedule` or `schedules`.',
  path: ['schedules'],
  params: { code: 'ambiguous', remedy: 'Leave one of them out.' },
};

/** POST and PUT: the whole task. */
export const taskInputShape = z
  .strictObject(taskFields)
  .refine(({ schedule, schedules }) => !(schedule && schedules), oneShapeOfSchedules)
  .refine(({ schedule, schedules }) => schedule !== undefined || schedules !== undefined, {
    message: 'The schedule is missing.',
    path: ['schedule'],
    params: { code: 'missing', remedy: 'Give `schedule`, or `schedules` with any number of them.' },
  });
export type TaskInputShape = z.output<typeof taskInputShape>;

/** PATCH: what is left out stays as it is. */
export const taskPatchShape = z
  .strictObject(taskFields)
  .partial()
  .refine(({ schedule, schedules }) => !(schedule && schedules), oneShapeOfSchedules);
export type TaskPatchShape = z.output<typeof taskPatchShape>;
