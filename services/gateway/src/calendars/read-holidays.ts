import { type CalendarDays } from '#libs/read-model';
import { type Fault } from '../problems/problem.js';
import { type HolidaysImport } from '../shapes/calendar-input.js';

const DAY_MS = 86_400_000;

/**
 * Public holidays by `date-holidays` (code ISC, data CC-BY-3.0). It is large, so it is only loaded
 * when somebody asks.
 */
export async function readHolidays({
  country,
  state,
  years,
}: HolidaysImport): Promise<{ days: CalendarDays } | { faults: Fault[] }> {
  const { default: Holidays } = await import('date-holidays');
  const land = country.toUpperCase();
  const part = state?.toUpperCase();
  const known = new Holidays();
  if (known.getCountries()[land] === undefined)
    return {
      faults: [
        {
          path: '/country',
          code: 'not-one-of',
          message: 'No holidays of this country are known.',
          remedy: 'Use its code of ISO 3166-1, such as DE, or import an iCalendar.',
        },
      ],
    };
  const states: Record<string, string> = known.getStates(land) ?? {};
  if (part !== undefined && states[part] === undefined)
    return {
      faults: [
        {
          path: '/state',
          code: 'not-one-of',
          message: 'The country has no such state.',
          remedy: `Use one of ${Object.keys(states).join(', ') || '(none are known)'}, or none.`,
        },
      ],
    };
  const of = part === undefined ? new Holidays(land) : new Holidays(land, part);
  const days: CalendarDays = { dates: [], hours: [], times: [] };
  for (const year of [...new Set(years)].sort((a, b) => a - b))
    for (const { date, start, end, name, type } of of.getHolidays(year))
      if (type === 'public') take(days, { date, lengthMs: Number(end) - Number(start), name });
  return { days };
}

/** A day that a change of clocks made longer or shorter is still a day. */
function take(
  days: CalendarDays,
  { date, lengthMs, name }: { date: string; lengthMs: number; name: string },
): void {
  const from = date.slice(0, 'YYYY-MM-DD'.length);
  const local = `${from}T${date.slice(11, 19)}`;
  const count = Math.round(lengthMs / DAY_MS);
  if (local.endsWith('T00:00:00') && count >= 1) {
    const to = new Date(Date.parse(from) + (count - 1) * DAY_MS).toISOString().slice(0, 10);
    days.dates.push({ from, to, name });
    return;
  }
  const to = new Date(Date.parse(`${local}Z`) + lengthMs).toISOString().slice(0, 19);
  days.times.push({ from: local, to, name });
}
