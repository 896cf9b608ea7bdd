import { type Selectable } from 'kysely';
import { type CalendarTable, type CalendarUse, type CalendarVersionTable } from '#libs/read-model';
import { CALENDAR_VERSIONS_MAX, CALENDAR_VERSIONS_THEN_MAX, CALENDARS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type CalendarRow = Selectable<CalendarTable>;
export type CalendarVersionRow = Selectable<CalendarVersionTable>;

/** By name. */
export function listCalendars(db: Db, account: string): Promise<CalendarRow[]> {
  return db
    .selectFrom('calendar')
    .selectAll()
    .where('account', '=', account)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('id')
    .limit(CALENDARS_MAX)
    .execute();
}

export async function findCalendar(
  db: Db,
  account: string,
  id: string,
): Promise<CalendarRow | undefined> {
  return (await calendarsByIds(db, account, [id]))[0];
}

/** Without deleted ones; of one account, or of whichever. */
export function calendarsByIds(
  db: Db,
  account: string | undefined,
  ids: readonly string[],
): Promise<CalendarRow[]> {
  if (ids.length === 0) return Promise.resolve([]);
  return db
    .selectFrom('calendar')
    .selectAll()
    .$if(account !== undefined, (query) => query.where('account', '=', account ?? ''))
    .where('id', 'in', [...new Set(ids)])
    .where('deleted', '=', false)
    .execute();
}

export function calendarsOfSchedules(
  db: Db,
  account: string | undefined,
  schedules: readonly { readonly calendars: readonly CalendarUse[] }[],
): Promise<CalendarRow[]> {
  const ids = schedules.flatMap(({ calendars }) => calendars.map(({ calendarId }) => calendarId));
  return calendarsByIds(db, account, ids);
}

/** Those of a schedule in all their versions, the oldest first, deleted ones included: as they once were. */
export async function calendarsThen(
  db: Db,
  account: string,
  ids: readonly string[],
): Promise<{ calendars: CalendarRow[]; calendarVersions: CalendarVersionRow[] }> {
  if (ids.length === 0) return { calendars: [], calendarVersions: [] };
  const [calendars, calendarVersions] = await Promise.all([
    db
      .selectFrom('calendar')
      .selectAll()
      .where('account', '=', account)
      .where('id', 'in', [...new Set(ids)])
      .execute(),
    db
      .selectFrom('calendar_version')
      .selectAll()
      .where('account', '=', account)
      .where('calendar_id', 'in', [...new Set(ids)])
      .orderBy('calendar_id')
      .orderBy('version')
      .limit(CALENDAR_VERSIONS_THEN_MAX)
      .execute(),
  ]);
  return { calendars, calendarVersions };
}

/** The newest first; also of a deleted calendar, whose slots still refer to it. */
export function versionsOfCalendar(
  db: Db,
  account: string,
  calendarId: string,
): Promise<CalendarVersionRow[]> {
  return db
    .selectFrom('calendar_version')
    .selectAll()
    .where('account', '=', account)
    .where('calendar_id', '=', calendarId)
    .orderBy('version', 'desc')
    .limit(CALENDAR_VERSIONS_MAX)
    .execute();
}

export function findCalendarVersion(
  db: Db,
  account: string,
  calendarId: string,
  version: number,
): Promise<CalendarVersionRow | undefined> {
  return db
    .selectFrom('calendar_version')
    .selectAll()
    .where('account', '=', account)
    .where('calendar_id', '=', calendarId)
    .where('version', '=', version)
    .executeTakeFirst();
}
