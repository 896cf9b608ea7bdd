import { z } from 'zod';
import { aftermaths, scopes } from './words.js';

/** What is told of calendars and maintenances. */
const instant = z.string().meta({ format: 'date-time' });

const daysAnswer = z.object({
  zone: z.string().optional(),
  dates: z.array(z.object({ from: z.string(), to: z.string(), name: z.string().optional() })),
  hours: z.array(z.object({ weekday: z.int(), fromMinute: z.int(), toMinute: z.int() })),
  times: z.array(z.object({ from: z.string(), to: z.string(), name: z.string().optional() })),
});

export const calendarAnswer = z.object({
  id: z.string(),
  name: z.string(),
  version: z.int(),
  days: daysAnswer,
  createdAt: instant,
  updatedAt: instant,
  createdBy: z.string(),
  updatedBy: z.string(),
});
export type CalendarAnswer = z.output<typeof calendarAnswer>;

export const calendarListAnswer = z.object({ calendars: z.array(calendarAnswer) });
export const calendarSavedAnswer = z.object({ calendarId: z.string(), name: z.string() });

export const calendarVersionsAnswer = z.object({
  versions: z.array(
    z.object({
      version: z.int(),
      name: z.string(),
      days: daysAnswer,
      savedAt: instant,
      author: z.string(),
    }),
  ),
});

export const calendarImportAnswer = z.object({
  calendarId: z.string().nullable().meta({ description: 'Null after a dry run.' }),
  name: z.string(),
  days: daysAnswer,
  skipped: z.array(z.object({ name: z.string(), reason: z.string() })),
});

export const maintenanceAnswer = z.object({
  id: z.string(),
  scope: z.enum(scopes).meta({ description: 'Whose schedules it holds.' }),
  from: instant,
  until: instant.nullable().meta({ description: 'As planned; null: until it is ended.' }),
  aftermath: z.enum(aftermaths),
  reason: z.string(),
  state: z.enum(['planned', 'active', 'over']),
  plannedAt: instant,
  author: z.string(),
  endedAt: instant.nullable().meta({ description: 'When somebody ended it.' }),
  endedBy: z.string().nullable(),
});
export type MaintenanceAnswer = z.output<typeof maintenanceAnswer>;

export const maintenanceListAnswer = z.object({ maintenances: z.array(maintenanceAnswer) });

export const maintenancePreviewAnswer = z.object({
  heldCount: z.int(),
  countIsExact: z.boolean(),
  runsAfter: z.int().meta({ description: 'How many of them run when it ends.' }),
  lookedUntil: instant,
  first: z.array(
    z.object({
      account: z.string(),
      taskId: z.string(),
      taskName: z.string(),
      scheduleId: z.string(),
      at: instant,
      local: z.string(),
      timezone: z.string(),
    }),
  ),
});
