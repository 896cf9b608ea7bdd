import { validateTiming } from '#libs/cron';
import { sentence } from '../problems/plain-text.js';
import { type Fault } from '../problems/problem.js';
import { type DefinedSchedule } from './schedule-definition.js';
import { cronTiming } from './schedule-times.js';

/** What a schema can't say of a schedule: that it rings, and that its bounds make sense. */
export function checkSchedule(schedule: DefinedSchedule, at: string): Fault[] {
  const checked = validateTiming(cronTiming(schedule));
  const faults = (checked.ok ? [] : checked.problems).map(
    ({ field, code, message, remedy, position }): Fault => ({
      path: `${at}/${field}`,
      code,
      message: sentence(message),
      remedy: sentence(remedy),
      ...(position === undefined ? {} : { position }),
    }),
  );
  const { from, until } = schedule;
  faults.push(...beforeTime(schedule, at));
  if (from !== undefined && until !== undefined && Date.parse(until) < Date.parse(from))
    faults.push({
      path: `${at}/until`,
      code: 'bad-range',
      message: 'It ends before it begins.',
      remedy: 'Swap `from` and `until`, or leave one of them out.',
    });
  return faults;
}

/** In the log an instant of zero says that there is none. */
function beforeTime({ timing, from, until }: DefinedSchedule, at: string): Fault[] {
  const instants = { from, until, ...('at' in timing ? { at: timing.at } : {}) };
  return Object.entries(instants).flatMap(([field, iso]): Fault[] =>
    iso === undefined || Date.parse(iso) > 0
      ? []
      : [
          {
            path: `${at}/${field}`,
            code: 'out-of-range',
            message: 'It is before the year 1970.',
            remedy: 'Use a later instant, or leave it out.',
          },
        ],
  );
}

/** Calendars that nobody has; `known` are the ids there are. */
export function checkCalendarUses(
  schedules: readonly DefinedSchedule[],
  known: ReadonlySet<string>,
  pathOf: (place: number) => string,
): Fault[] {
  return schedules.flatMap(({ calendars }, place) =>
    calendars.flatMap(({ calendarId }, index): Fault[] =>
      known.has(calendarId)
        ? []
        : [
            {
              path: `${pathOf(place)}/calendars/${index}/calendarId`,
              code: 'calendar-unknown',
              message: 'There is no calendar with this id.',
              remedy: 'Save the calendar first, and use the id it was given.',
            },
          ],
    ),
  );
}
