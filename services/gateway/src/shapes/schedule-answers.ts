import { z } from 'zod';
import { cronFormShape } from './form-input.js';
import { previewRun, toldScheduleAnswer } from './told-schedule-answer.js';

/** What is told of a schedule that is being written, and of what it was before. */
const instant = z.string().meta({ format: 'date-time' });

export const previewAnswer = z.object({
  valid: z.boolean(),
  problems: z.array(
    z.object({
      field: z.string(),
      code: z.string(),
      message: z.string(),
      remedy: z.string(),
      position: z.int().optional(),
    }),
  ),
  description: z.string(),
  cron: z.string().nullable(),
  form: cronFormShape.nullable().meta({ description: 'Null when the choices can not say it.' }),
  nextRuns: z.array(previewRun),
  lints: z.array(z.object({ code: z.string(), message: z.string() })),
  presets: z.array(z.object({ id: z.string(), label: z.string(), expression: z.string() })),
});

export const changePreviewAnswer = z.object({
  comparedUntil: instant,
  addedCount: z.int(),
  removedCount: z.int(),
  unchangedCount: z.int(),
  added: z.array(previewRun).meta({ description: 'The first ones.' }),
  removed: z.array(previewRun).meta({ description: 'The first ones.' }),
});

export const scheduleVersionsAnswer = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      revision: z.int(),
      kind: z.string().meta({ description: 'added, changed, removed, paused or resumed' }),
      definition: toldScheduleAnswer,
      taskPaused: z.boolean(),
      validFrom: instant,
      validUntil: instant.nullable(),
      author: z.string(),
      note: z.string().nullable(),
    }),
  ),
});
export type ScheduleVersionsAnswer = z.output<typeof scheduleVersionsAnswer>;
