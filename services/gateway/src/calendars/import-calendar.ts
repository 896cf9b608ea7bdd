import { type CalendarDays } from '#libs/read-model';
import { type By } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { CALENDAR_ENTRIES_MAX } from '../limits.js';
import { invalid } from '../problems/problem.js';
import { type HolidaysImport, type IcsImport } from '../shapes/calendar-input.js';
import { readHolidays } from './read-holidays.js';
import { type ReadDays, readIcs } from './read-ics.js';
import { saveCalendar } from './save-calendar.js';

export interface Imported extends ReadDays {
  /** Null after a dry run. */
  readonly calendarId: string | null;
  /** Of the command; 0 after a dry run. */
  readonly position: number;
  readonly name: string;
}

export function importIcs(parts: GatewayParts, by: By, asked: IcsImport): Promise<Imported> {
  const read = readIcs(asked.ics, asked.zone);
  if (read === undefined)
    throw invalid([
      {
        path: '/ics',
        code: 'bad-format',
        message: 'It is no iCalendar: it has no BEGIN:VCALENDAR.',
        remedy: 'Give the text of an .ics file.',
      },
    ]);
  return take(parts, by, { ...asked, path: '/ics' }, read);
}

export async function importHolidays(
  parts: GatewayParts,
  by: By,
  asked: HolidaysImport,
): Promise<Imported> {
  const read = await readHolidays(asked);
  if ('faults' in read) throw invalid(read.faults);
  const { country, state, years } = asked;
  const place = [country, state].filter(Boolean).join('-').toUpperCase();
  const name = asked.name ?? `Holidays ${place} ${years.join(', ')}`;
  return take(parts, by, { ...asked, name, path: '/years' }, { ...read, skipped: [] });
}

interface Wish {
  readonly calendarId?: string;
  readonly dryRun?: boolean;
  readonly name: string;
  /** Where the fault of too many, or none, is told. */
  readonly path: string;
}

async function take(
  parts: GatewayParts,
  by: By,
  { calendarId, dryRun = false, name, path }: Wish,
  { days, skipped }: ReadDays,
): Promise<Imported> {
  const count = countOf(days);
  if (count === 0 || count > CALENDAR_ENTRIES_MAX)
    throw invalid([
      {
        path,
        code: count === 0 ? 'nothing-to-import' : 'too-long',
        message: `It has ${count} entries; a calendar has 1 to ${CALENDAR_ENTRIES_MAX}.`,
        remedy: skipped[0]?.reason ?? 'Import a part of it.',
      },
    ]);
  if (dryRun) return { calendarId: null, position: 0, name, days, skipped };
  const wish = { name, days, ...(calendarId === undefined ? {} : { calendarId }) };
  const { id, position } = await saveCalendar(parts, by, wish);
  return { calendarId: id, position, name, days, skipped };
}

function countOf({ dates, hours, times }: CalendarDays): number {
  return dates.length + hours.length + times.length;
}
