import { type By, type Changed, define } from './carry-out.js';
import { completeDays } from './complete-days.js';
import { type GatewayParts } from './gateway-parts.js';
import { loggedDays } from './judge-slots.js';
import { type CalendarInputShape } from './shapes/calendar-input.js';

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
