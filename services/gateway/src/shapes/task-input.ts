import { z } from 'zod';
import {
  CHANNEL_MAX_CHARS,
  CHANNELS_MAX,
  CONCURRENCY_LIMIT_MAX,
  DESCRIPTION_MAX_CHARS,
  LABELS_PER_TASK_MAX,
  LIMITS_OF_ATTEMPT,
  LIMITS_PER_TASK_MAX,
  PAUSE_AFTER_FAILURES_MAX,
  REASON_MAX_CHARS,
  SCHEDULES_PER_TASK_MAX,
  TIMEOUT_MAX_MINUTES,
  TIMEOUT_MIN_MINUTES,
} from '../limits.js';
import { poolName } from './capacity-input.js';
import { endSettings, retryPolicyShape } from './retry-input.js';
import { scheduleShape } from './schedule-input.js';
import { idText, labelText, nameText, parametersObject, proseText } from './text.js';
import { priorities, taskTypes } from './words.js';

/** What a caller says of a task: one source for REST, OpenAPI and GraphQL's arguments. */

export const targetShape = z
  .strictObject({
    automationId: idText.optional(),
    workflowId: idText.optional(),
    systemTask: z.string().max(100).optional().meta({ example: 'http.request' }),
  })
  .meta({ description: 'The one that fits the type of the task.' });

const notificationsShape = z.strictObject({
  onSuccess: z.boolean().optional(),
  onFailure: z.boolean().optional(),
  channels: z.array(z.string().min(1).max(CHANNEL_MAX_CHARS)).max(CHANNELS_MAX).optional(),
});

const bounded = (name: keyof typeof LIMITS_OF_ATTEMPT, says: string) =>
  z
    .int()
    .min(LIMITS_OF_ATTEMPT[name].min)
    .max(LIMITS_OF_ATTEMPT[name].max)
    .nullable()
    .optional()
    .meta({ description: says });

const limitsShape = z
  .strictObject({
    cpuSeconds: bounded('cpuSeconds', 'CPU time of all its processes.'),
    memoryMb: bounded('memoryMb', 'Memory of all its processes.'),
    diskMb: bounded('diskMb', 'What it writes into its folder.'),
    processes: bounded('processes', 'Processes and threads at once.'),
  })
  .meta({
    description: 'What one attempt may use; null or left out: the default of the type of the task.',
  });

const labelShape = z.strictObject({ key: labelText, value: labelText });

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
  pauseAfterFailures: z.int().min(1).max(PAUSE_AFTER_FAILURES_MAX).nullable().optional().meta({
    description: 'The task is paused after so many failed runs in a row; without it never.',
  }),
  ...endSettings,
  limits: limitsShape.optional(),
  requiredLabels: z
    .array(labelShape)
    .max(LABELS_PER_TASK_MAX)
    .refine((labels) => new Set(labels.map(({ key }) => key)).size === labels.length, {
      message: 'Each key once.',
    })
    .optional()
    .meta({ description: 'Only a worker that has all of these labels runs it.' }),
  pool: poolName.nullable().optional().meta({
    description: 'Whose workers run it; null or left out: the pool of its type.',
  }),
  limitIds: z.array(idText).max(LIMITS_PER_TASK_MAX).optional().meta({
    description: 'The named limits that it is under.',
  }),
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

const noteText = proseText(REASON_MAX_CHARS).optional().meta({
  description: 'Why; kept with the versions of the schedules that it changes.',
});

/** POST and PUT: the whole task. */
export const taskInputShape = z
  .strictObject({ ...taskFields, note: noteText })
  .refine(({ schedule, schedules }) => !(schedule && schedules), oneShapeOfSchedules)
  .refine(({ schedule, schedules }) => schedule !== undefined || schedules !== undefined, {
    message: 'The schedule is missing.',
    path: ['schedule'],
    params: { code: 'missing', remedy: 'Give `schedule`, or `schedules` with any number of them.' },
  });
export type TaskInputShape = z.output<typeof taskInputShape>;

/** PATCH: what is left out stays as it is. */
export const taskPatchShape = z
  .strictObject({ ...taskFields, note: noteText })
  .partial()
  .refine(({ schedule, schedules }) => !(schedule && schedules), oneShapeOfSchedules);
export type TaskPatchShape = z.output<typeof taskPatchShape>;
