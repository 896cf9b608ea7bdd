import { z } from 'zod';
import { instant, json } from './told.js';
import {
  calendarActions,
  calendarRoles,
  catchUpModes,
  dstPolicyWords,
  overlapPolicies,
  verdicts,
} from './words.js';

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

export const scheduleAnswer = toldScheduleAnswer.extend({
  id: z.string(),
  revision: z.int().meta({ description: 'Rises when it rings at other times.' }),
  cronDescription: z.string().meta({ description: 'In words, whatever way it says when.' }),
  nextRuns: z.array(instant).meta({ description: 'When its next runs start.' }),
  nextSlots: z
    .array(previewRun)
    .meta({ description: 'Its slots ahead, those not run among them.' }),
});
