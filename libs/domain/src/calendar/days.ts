/**
 * Whether a local time lies in a calendar, and where that next changes. Local times are texts
 * (`YYYY-MM-DDTHH:mm:ss`), whose order is that of the clock.
 */
import type { calendar as c } from '#libs/contracts';

const DAY_MS = 86_400_000;
const MINUTES_A_DAY = 1_440;

export function contains(days: c.Days, local: string): boolean {
  const date = dateOf(local);
  if (days.dates.some(({ from, to }) => from <= date && date <= to)) return true;
  if (days.times.some(({ from, to }) => from <= local && local < to)) return true;
  if (days.hours.length === 0) return false;
  const weekday = weekdayOf(date);
  const minute = minuteOf(local);
  return days.hours.some(
    (hours) => hours.weekday === weekday && hours.fromMinute <= minute && minute < hours.toMinute,
  );
}

/** The next local time after `local` at which `contains` may give another answer: at most a day on. */
export function nextEdge(days: c.Days, local: string): string {
  const date = dateOf(local);
  const weekday = weekdayOf(date);
  const edges = [`${nextDate(date)}T00:00:00`];
  for (const { from, to } of days.times) edges.push(from, to);
  for (const hours of days.hours)
    if (hours.weekday === weekday)
      edges.push(atMinute(date, hours.fromMinute), atMinute(date, hours.toMinute));
  return edges.filter((edge) => edge > local).sort()[0] as string;
}

/** The same time of the next day. */
export function nextDay(local: string): string {
  return `${nextDate(dateOf(local))}${local.slice('YYYY-MM-DD'.length)}`;
}

function atMinute(date: string, minute: number): string {
  if (minute >= MINUTES_A_DAY) return `${nextDate(date)}T00:00:00`;
  const two = (value: number) => String(value).padStart(2, '0');
  return `${date}T${two(Math.floor(minute / 60))}:${two(minute % 60)}:00`;
}

function dateOf(local: string): string {
  return local.slice(0, 'YYYY-MM-DD'.length);
}

function nextDate(date: string): string {
  return new Date(Date.parse(date) + DAY_MS).toISOString().slice(0, 'YYYY-MM-DD'.length);
}

/** 1 is Monday, as in ISO 8601. */
function weekdayOf(date: string): number {
  return new Date(Date.parse(date)).getUTCDay() || 7;
}

function minuteOf(local: string): number {
  return Number(local.slice(11, 13)) * 60 + Number(local.slice(14, 16));
}
