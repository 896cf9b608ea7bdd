import { type By, type Changed, define } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { loggedDays } from '../schedules/judge-slots.js';
import { type CalendarInputShape } from '../shapes/calendar-input.js';
import { completeDays } from './complete-days.js';

/** What a caller does to calendars. Whether the days make sense is decided by the definitions. */

export function saveCalendar(
  parts: GatewayParts,
  by: By,
  { calendarId = '', name, days }: CalendarInputShape & { calendarId?: string },
): Promise<Changed> {
  return define(parts, by, {
    case: 'saveCalendar',
    value: {
      $typeName: 'task.v1.SaveCalendar',
      calendarId,
      name,
      days: loggedDays(completeDays(days)),
    },
  });
}

export function deleteCalendar(parts: GatewayParts, by: By, calendarId: string): Promise<Changed> {
  return define(parts, by, {
    case: 'deleteCalendar',
    value: { $typeName: 'task.v1.DeleteCalendar', calendarId },
  });
}
