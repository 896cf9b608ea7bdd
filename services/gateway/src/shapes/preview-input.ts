import { z } from 'zod';
import { CRON_MAX_CHARS, NEXT_RUNS_DEFAULT, PREVIEW_RUNS_MAX } from '../limits.js';
import { daysShape } from './calendar-input.js';
import { cronFormShape } from './form-input.js';
import { scheduleFields } from './schedule-input.js';

/**
 * A schedule that is being written. Its values may be of any kind: what is wrong with them is what a
 * preview tells. Only the form of the request is held to.
 */
const text = z.string().max(CRON_MAX_CHARS).optional();
const number = z.number().optional();

const previewedUse = z.strictObject({
  calendarId: text.meta({ description: 'A saved calendar; or `days`.' }),
  days: daysShape.optional().meta({ description: 'A calendar that is being written.' }),
  name: text,
  role: text,
  action: text,
});

export const schedulePreviewFields = {
  ...scheduleFields,
  id: text.meta({ description: 'Of the schedule, if it has one: its spread derives from it.' }),
  timezone: text,
  dst: text,
  anchor: text,
  at: text,
  start: text,
  from: text,
  until: text,
  maxRuns: number,
  catchUp: z.strictObject({ mode: text, window: text, limit: number }).optional(),
  startDeadline: text,
  overlap: z.strictObject({ policy: text, bufferLimit: number }).optional(),
  spread: text,
  jitter: text,
  calendars: z.array(previewedUse).max(20).optional(),
};

export const previewBody = z.strictObject({
  ...schedulePreviewFields,
  form: cronFormShape.optional().meta({ description: 'Instead of `cron`: the choices behind it.' }),
  count: z.int().min(1).max(PREVIEW_RUNS_MAX).default(NEXT_RUNS_DEFAULT),
});
export type PreviewBody = z.output<typeof previewBody>;

export const previewChangeBody = z.strictObject(schedulePreviewFields);
export type PreviewChangeBody = z.output<typeof previewChangeBody>;
