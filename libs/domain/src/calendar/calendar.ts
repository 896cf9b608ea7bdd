/**
 * A named calendar: dates, weekly hours, ranges of local time. Each save is a new version, whole.
 *
 *   (none) --save--> saved --save--> saved --delete--> deleted
 */
import { type CalendarEvent, calendar as c, create, equals } from '#libs/contracts';
import { isKnownZone } from '#libs/cron';
import { type Decider, type Decision, impossible, type Rejection, reject } from '../decider.js';

export const CALENDAR_LIMITS = { nameLength: 200, entries: 5_000 } as const;

const DATE = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])$/;
const TIME = /^\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])T([01]\d|2[0-3]):[0-5]\d:[0-5]\d$/;
const MINUTES_A_DAY = 1_440;

export type CalendarState =
  | { readonly status: 'none' | 'deleted' }
  | {
      readonly status: 'saved';
      readonly version: number;
      readonly name: string;
      readonly days: c.Days;
    };

export type CalendarCommand =
  | {
      readonly type: 'save';
      readonly calendarId: string;
      /** False: the command asks for a new one. */
      readonly mustExist: boolean;
      readonly name: string;
      readonly days: c.Days;
    }
  | { readonly type: 'delete' };

export type CalendarRejectionCode = 'calendar-unknown' | 'name-invalid' | 'days-invalid';

export function decide(
  command: CalendarCommand,
  state: CalendarState,
): Decision<CalendarEvent, CalendarRejectionCode> {
  switch (command.type) {
    case 'save':
      return save(command, state);
    case 'delete':
      if (state.status === 'none') return reject('calendar-unknown', 'There is no such calendar.');
      return state.status === 'deleted' ? [] : [create(c.CalendarDeletedSchema)];
    default:
      return impossible(command);
  }
}

function save(
  { calendarId, mustExist, name, days }: CalendarCommand & { type: 'save' },
  state: CalendarState,
): Decision<CalendarEvent, CalendarRejectionCode> {
  if (state.status === 'deleted' || (state.status === 'none' && mustExist))
    return reject('calendar-unknown', 'There is no such calendar.');
  if (name.trim() === '' || name.length > CALENDAR_LIMITS.nameLength)
    return reject(
      'name-invalid',
      `A name has 1 to ${CALENDAR_LIMITS.nameLength} characters.`,
      '/name',
    );
  const refused = daysInvalid(days);
  if (refused) return refused;
  if (state.status === 'saved' && state.name === name && equals(c.DaysSchema, state.days, days))
    return [];
  const version = state.status === 'saved' ? state.version + 1 : 1;
  return [create(c.CalendarSavedSchema, { calendarId, version, name, days })];
}

function daysInvalid(days: c.Days): Rejection<'days-invalid'> | undefined {
  const no = (message: string, field: string) => reject('days-invalid', message, field);
  const { zone, dates, hours, times } = days;
  if (zone !== '' && !isKnownZone(zone)) return no(`There is no time zone ${zone}.`, '/zone');
  if (dates.length + hours.length + times.length > CALENDAR_LIMITS.entries)
    return no(`A calendar has at most ${CALENDAR_LIMITS.entries} entries.`, '');
  const date = dates.findIndex(({ from, to }) => !isDate(from) || !isDate(to) || from > to);
  if (date >= 0) return no('Dates are YYYY-MM-DD, the first not after the last.', `/dates/${date}`);
  const hour = hours.findIndex(
    ({ weekday, fromMinute, toMinute }) =>
      weekday < 1 || weekday > 7 || fromMinute >= toMinute || toMinute > MINUTES_A_DAY,
  );
  if (hour >= 0)
    return no(
      'Hours have a weekday from 1 (Monday) to 7, and end after they begin.',
      `/hours/${hour}`,
    );
  const time = times.findIndex(({ from, to }) => !isTime(from) || !isTime(to) || from >= to);
  if (time >= 0)
    return no('Times are YYYY-MM-DDTHH:mm:ss, the first before the last.', `/times/${time}`);
  return undefined;
}

/** Of the right form, and a day that exists. */
function isDate(text: string): boolean {
  return DATE.test(text) && new Date(Date.parse(text)).toISOString().startsWith(text);
}

function isTime(text: string): boolean {
  return TIME.test(text) && isDate(text.slice(0, 'YYYY-MM-DD'.length));
}

export function evolve(state: CalendarState, event: CalendarEvent): CalendarState {
  switch (event.$typeName) {
    case 'calendar.v1.CalendarSaved': {
      const { version, name, days = create(c.DaysSchema) } = event;
      return { status: 'saved', version, name, days };
    }
    case 'calendar.v1.CalendarDeleted':
      return state.status === 'none' ? state : { status: 'deleted' };
    default:
      return impossible(event);
  }
}

export const calendarDecider: Decider<
  CalendarState,
  CalendarCommand,
  CalendarEvent,
  CalendarRejectionCode
> = { initial: { status: 'none' }, decide, evolve };
