import { z } from 'zod';
import { isKnownZone } from '#libs/cron';
import {
  CALENDAR_ENTRIES_MAX,
  CALENDAR_NAME_MAX_CHARS,
  HOLIDAY_YEARS_MAX,
  ICS_MAX_CHARS,
  REASON_MAX_CHARS,
  SOON_SLOTS_MAX,
  ZONE_MAX_CHARS,
} from '../limits.js';
import { instantText } from './schedule-input.js';
import { idText, nameText, proseText } from './text.js';
import { aftermaths, scopes } from './words.js';

/** Calendars and maintenance, as a caller says them. What the days mean is held by the domain. */
const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;

function isDay(text: string): boolean {
  return new Date(Date.parse(text)).toISOString().startsWith(text);
}

const inOrder = (message: string) => ({
  message,
  path: ['to'],
  params: { code: 'bad-range', remedy: 'Swap the two.' },
});

const entryName = z.string().max(CALENDAR_NAME_MAX_CHARS).optional();
const date = z
  .string()
  .max(10)
  .refine((text) => DATE.test(text) && isDay(text), {
    message: 'It is not a date of any year.',
    params: { code: 'bad-date', remedy: 'Write it as 2026-12-24.' },
  })
  .meta({ example: '2026-12-24' });
const localTime = z
  .string()
  .max(19)
  .refine((text) => TIME.test(text) && isDay(text.slice(0, 10)), {
    message: 'It is not a local time.',
    params: { code: 'bad-time', remedy: 'Write it as 2026-11-27T18:00:00.' },
  })
  .meta({ example: '2026-11-27T00:00:00' });
const zoneText = z
  .string()
  .max(ZONE_MAX_CHARS)
  .refine((text) => isKnownZone(text), {
    message: 'There is no such time zone.',
    params: { code: 'unknown-zone', remedy: 'Use a name such as Europe/Berlin, or UTC.' },
  });
const zone = zoneText.optional().meta({
  description: 'Whose clock counts; left out: that of each schedule which uses the calendar.',
});
const entries = <T extends z.ZodType>(entry: T) =>
  z.array(entry).max(CALENDAR_ENTRIES_MAX).optional();

export const daysShape = z
  .strictObject({
    zone,
    dates: entries(
      z
        .strictObject({ from: date, to: date.optional(), name: entryName })
        .refine(
          ({ from, to }) => to === undefined || from <= to,
          inOrder('It ends before it begins.'),
        ),
    ).meta({
      description: 'Whole local days, both ends included.',
    }),
    hours: entries(
      z
        .strictObject({
          weekday: z.int().min(1).max(7),
          fromMinute: z.int().min(0).max(1_439),
          toMinute: z.int().min(1).max(1_440),
        })
        .refine(({ fromMinute, toMinute }) => fromMinute < toMinute, {
          ...inOrder('The hours end before they begin.'),
          path: ['toMinute'],
        }),
    ).meta({ description: 'Every week; 1 is Monday, minutes of the local day, the end excluded.' }),
    times: entries(
      z
        .strictObject({ from: localTime, to: localTime, name: entryName })
        .refine(({ from, to }) => from < to, inOrder('It ends before it begins.')),
    ).meta({
      description: 'Local times, the end excluded.',
    }),
  })
  .meta({ description: 'A time is in the calendar when dates, hours or times have it.' });
export type DaysInput = z.output<typeof daysShape>;

export const calendarBody = z.strictObject({ name: nameText, days: daysShape });
export type CalendarInputShape = z.output<typeof calendarBody>;

const importFields = {
  calendarId: idText.optional().meta({ description: 'A new version of this one; else a new one.' }),
  dryRun: z.boolean().optional().meta({ description: 'Only tells what would be saved.' }),
};

export const icsImportBody = z.strictObject({
  ...importFields,
  name: nameText,
  zone,
  ics: z.string().min(1).max(ICS_MAX_CHARS).meta({ description: 'iCalendar (RFC 5545).' }),
});
export type IcsImport = z.output<typeof icsImportBody>;

export const holidaysImportBody = z.strictObject({
  ...importFields,
  name: nameText.optional(),
  country: z
    .string()
    .regex(/^[A-Za-z]{2}$/)
    .meta({ description: 'ISO 3166-1', example: 'DE' }),
  state: z.string().max(10).optional().meta({ description: 'ISO 3166-2', example: 'BY' }),
  years: z.array(z.int().min(1970).max(2199)).min(1).max(HOLIDAY_YEARS_MAX),
});
export type HolidaysImport = z.output<typeof holidaysImportBody>;

const maintenanceFields = {
  scope: z.enum(scopes).optional().meta({
    description:
      'Whose schedules it holds: those of the account (default), or of the whole system.',
  }),
  from: instantText.optional().meta({ description: 'Left out: now.' }),
  until: instantText.optional().meta({ description: 'Left out: until it is ended.' }),
  aftermath: z.enum(aftermaths).optional().meta({
    description: 'Of the slots in it, when it ends: skip, the latest (default) or all run.',
  }),
};

export const maintenanceBody = z.strictObject({
  ...maintenanceFields,
  reason: proseText(REASON_MAX_CHARS).optional(),
});
export type MaintenanceInputShape = z.output<typeof maintenanceBody>;

export const maintenancePreviewBody = z.strictObject({
  ...maintenanceFields,
  limit: z.int().min(1).max(SOON_SLOTS_MAX).optional(),
});
export type MaintenancePreviewInput = z.output<typeof maintenancePreviewBody>;
