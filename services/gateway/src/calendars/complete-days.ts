import { type CalendarDays } from '#libs/read-model';
import { type DaysInput } from '../shapes/calendar-input.js';

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
