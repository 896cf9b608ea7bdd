import { z } from 'zod';
import { parseDuration } from '#libs/cron';
import { TASK_LIMITS } from '#libs/domain';
import {
  CRON_MAX_CHARS,
  DURATION_MAX_CHARS,
  NAME_MAX_CHARS,
  RRULE_MAX_CHARS,
  ZONE_MAX_CHARS,
} from '../limits.js';
import { idText, parametersObject, proseText } from './text.js';
import {
  calendarActions,
  calendarRoles,
  catchUpModes,
  dstPolicyWords,
  overlapPolicies,
} from './words.js';

/** What a caller says of one schedule. Whether it rings at all, `libs/cron` says in `check-schedule.ts`. */

/** `90s`, `1h30m` or `PT90M`. */
function durationText(maxMs: number) {
  return z
    .string()
    .max(DURATION_MAX_CHARS)
    .refine((text) => (parseDuration(text) ?? Number.POSITIVE_INFINITY) <= maxMs, {
      message: `It has to be a duration of at most ${maxMs / 3_600_000} hours.`,
      params: { code: 'bad-duration', remedy: 'Write it as 90s, 1h30m, 2d or PT90M.' },
    })
    .meta({ example: '15m' });
}

export const instantText = z.iso.datetime({ offset: true }).meta({
  description: 'An instant in ISO 8601, with `Z` or an offset.',
});

const calendarUseShape = z.strictObject({
  calendarId: idText,
  role: z.enum(calendarRoles).optional().meta({
    description: 'exclude (default): not in it; include: only in it.',
  }),
  action: z.enum(calendarActions).optional().meta({
    description:
      'What becomes of a run that it does not allow: skip (default), at_end of that time, or next_day.',
  }),
});

export const scheduleFields = {
  id: idText
    .optional()
    .meta({ description: 'Of a schedule that the task already has; a new one gets its own.' }),
  name: proseText(NAME_MAX_CHARS).optional(),
  cron: z.string().max(CRON_MAX_CHARS).optional().meta({ example: '0 9 * * 1-5' }),
  every: z
    .string()
    .max(DURATION_MAX_CHARS)
    .optional()
    .meta({ description: 'An interval, immune to clock changes, such as `90s` or `PT1H30M`.' }),
  anchor: instantText.optional().meta({ description: 'With `every`: where it counts from.' }),
  at: instantText.optional().meta({ description: 'Once, at this instant.' }),
  rrule: z
    .string()
    .max(RRULE_MAX_CHARS)
    .optional()
    .meta({ description: 'RFC 5545, from `start` on.', example: 'FREQ=WEEKLY;BYDAY=MO' }),
  start: z
    .string()
    .max(DURATION_MAX_CHARS)
    .optional()
    .meta({ description: 'With `rrule`: local time.', example: '2026-03-02T09:00:00' }),
  timezone: z.string().max(ZONE_MAX_CHARS).optional().meta({
    description: 'IANA name. A must with `cron` and `rrule`; else UTC unless given.',
    example: 'America/New_York',
  }),
  dst: z.enum(dstPolicyWords).optional().meta({
    description: 'What happens to local times that a clock change skips or shows twice.',
  }),
  enabled: z.boolean().optional(),
  from: instantText.optional(),
  until: instantText.optional(),
  maxRuns: z.int().min(1).max(TASK_LIMITS.maxRuns).optional().meta({
    description: 'Only so many times, counted from its definition on.',
  }),
  catchUp: z
    .strictObject({
      mode: z.enum(catchUpModes).optional(),
      window: durationText(TASK_LIMITS.catchUpWindowMs).optional(),
      limit: z.int().min(1).max(TASK_LIMITS.catchUpLimit).optional(),
    })
    .optional()
    .meta({ description: 'Times that nobody looked at; by default the latest within 24 hours.' }),
  startDeadline: durationText(TASK_LIMITS.policyMs).optional(),
  overlap: z
    .strictObject({
      policy: z.enum(overlapPolicies).optional(),
      bufferLimit: z.int().min(1).max(TASK_LIMITS.bufferLimit).optional(),
    })
    .optional()
    .meta({ description: 'While an earlier run of the task is open; by default it is skipped.' }),
  spread: durationText(TASK_LIMITS.spreadMs).optional(),
  jitter: durationText(TASK_LIMITS.spreadMs).optional(),
  calendars: z.array(calendarUseShape).max(TASK_LIMITS.calendars).optional(),
  parameters: parametersObject.optional().meta({
    description: 'Override those of the task by key.',
  }),
};

const WAYS = ['cron', 'every', 'at', 'rrule'] as const;
interface Said {
  cron?: string;
  every?: string;
  at?: string;
  rrule?: string;
  anchor?: string;
  start?: string;
  timezone?: string;
}

/** Exactly one way to say when, with what belongs to it. */
export function oneWayToSayWhen(given: Said, { addIssue }: z.core.$RefinementCtx): void {
  const say = (field: keyof Said, code: string, message: string, remedy: string) =>
    addIssue({ code: 'custom', path: [field], message, params: { code, remedy } });
  const ways = WAYS.filter((way) => given[way] !== undefined);
  const [way, another] = ways;
  if (way === undefined)
    say('cron', 'missing', 'It does not say when.', 'Give one of cron, every, at and rrule.');
  if (another !== undefined)
    say(another, 'ambiguous', 'A schedule says when in one way.', `Keep ${way} or ${another}.`);
  if (given.anchor !== undefined && way !== 'every')
    say('anchor', 'unexpected', 'An anchor belongs to `every`.', 'Take it out.');
  if (given.start !== undefined && way !== 'rrule')
    say('start', 'unexpected', 'A start belongs to `rrule`.', 'Take it out, or use `from`.');
  if (given.start === undefined && way === 'rrule')
    say('start', 'missing', 'A rule needs a start.', 'Give a local time: 2026-03-02T09:00:00.');
  if (given.timezone === undefined && (way === 'cron' || way === 'rrule'))
    say('timezone', 'missing', 'It is missing.', 'Give a name such as Europe/Berlin, or UTC.');
}

export const scheduleShape = z.strictObject(scheduleFields).superRefine(oneWayToSayWhen);
export type ScheduleInputShape = z.output<typeof scheduleShape>;
