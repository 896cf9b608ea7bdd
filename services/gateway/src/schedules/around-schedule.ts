import { type Clock } from '#libs/clock';
import { type CalendarUse } from '#libs/read-model';
import { completeDays } from '../calendars/complete-days.js';
import { type Fault } from '../problems/problem.js';
import { calendarsByIds, calendarsOfSchedules } from '../queries/calendars.js';
import { maintenancesAfter } from '../queries/maintenance.js';
import { type Db } from '../queries/tasks.js';
import { type PreviewChangeBody } from '../shapes/preview-input.js';
import { type Surroundings } from './judge-slots.js';
import { inlineId } from './preview-schedule.js';

/** What stands around schedules as they are. */
export async function surroundingsNow(
  db: Db,
  account: string,
  schedules: readonly { readonly calendars: readonly CalendarUse[] }[],
  nowMs: number,
): Promise<Surroundings> {
  const [calendars, maintenances] = await Promise.all([
    calendarsOfSchedules(db, account, schedules),
    maintenancesAfter(db, account, new Date(nowMs)),
  ]);
  return { calendars, maintenances };
}

/** What stands around a schedule that is being written: saved and inline calendars, maintenances. */
export async function surroundingsOf(
  { db, clock }: { readonly db: Db; readonly clock: Clock },
  account: string,
  given: PreviewChangeBody['calendars'] = [],
): Promise<Surroundings & { faults: Fault[] }> {
  const ids = given.flatMap(({ calendarId }) => (calendarId === undefined ? [] : [calendarId]));
  const [saved, maintenances] = await Promise.all([
    calendarsByIds(db, account, ids),
    maintenancesAfter(db, account, new Date(clock.now())),
  ]);
  const known = new Set(saved.map(({ id }) => id));
  const faults = given.flatMap(({ calendarId, days }, place): Fault[] => {
    const path = `/calendars/${place}`;
    if ((calendarId === undefined) === (days === undefined))
      return [
        {
          path,
          code: 'ambiguous',
          message: 'It names a calendar, or says its days.',
          remedy: 'Give either `calendarId` or `days`.',
        },
      ];
    if (calendarId === undefined || known.has(calendarId)) return [];
    return [
      {
        path: `${path}/calendarId`,
        code: 'calendar-unknown',
        message: 'There is no calendar with this id.',
        remedy: 'Save the calendar first, or say its days here.',
      },
    ];
  });
  const inline = given.flatMap(({ days, name }, place) =>
    days === undefined
      ? []
      : [{ id: inlineId(place), name: name ?? 'inline', version: 1, days: completeDays(days) }],
  );
  return { calendars: [...saved, ...inline], maintenances, faults };
}
