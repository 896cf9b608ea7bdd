import { type CalendarDays } from '#libs/read-model';
import { type By, type Changed } from './change-task.js';
import { type DefinitionCommand, defineBy } from './commands.js';
import { commandBy, type GatewayParts, visible } from './gateway-parts.js';
import { loggedDays } from './judge-slots.js';
import { type CalendarInputShape, type DaysInput } from './shapes/calendar-input.js';

/** What a caller does to calendars. Whether the days make sense is decided by the definitions. */

/** A day that names no end is one day. */
export function completeDays({ zone, dates, hours, times }: DaysInput): CalendarDays {
  return {
    ...(zone ? { zone } : {}),
    dates: (dates ?? []).map(({ from, to, name }) => ({ from, to: to ?? from, ...named(name) })),
    hours: hours ?? [],
    times: (times ?? []).map(({ from, to, name }) => ({ from, to, ...named(name) })),
  };
}

function named(name: string | undefined): { name?: string } {
  return name ? { name } : {};
}

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

async function define(parts: GatewayParts, by: By, body: DefinitionCommand): Promise<Changed> {
  const { id, position } = await defineBy(commandBy(parts, by.caller, by.idempotencyKey), body);
  return { id, position, isReadable: await visible(parts, by.caller, 'DEFINITIONS', position) };
}
