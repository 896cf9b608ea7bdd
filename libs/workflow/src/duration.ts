import type { Duration, DurationUnit } from './definition.js';

export const UNIT_MS: Readonly<Record<DurationUnit, number>> = {
  days: 86_400_000,
  hours: 3_600_000,
  minutes: 60_000,
  seconds: 1_000,
  milliseconds: 1,
};

// Days are of 24 hours. Years, months and weeks have no fixed length here, and the DSL has none.
const ISO =
  /^P(?!$)(?:(\d{1,9})D)?(?:T(?=\d)(?:(\d{1,9})H)?(?:(\d{1,9})M)?(?:(\d{1,9}(?:\.\d{1,3})?)S)?)?$/;

/** Undefined: not a duration. */
export function durationMs(duration: Duration): number | undefined {
  if (typeof duration !== 'string')
    return Object.entries(duration).reduce(
      (sum, [unit, count]) => sum + UNIT_MS[unit as DurationUnit] * (count as number),
      0,
    );
  const found = ISO.exec(duration);
  if (!found) return undefined;
  const [, days = 0, hours = 0, minutes = 0, seconds = 0] = found;
  return (
    Number(days) * UNIT_MS.days +
    Number(hours) * UNIT_MS.hours +
    Number(minutes) * UNIT_MS.minutes +
    Math.round(Number(seconds) * UNIT_MS.seconds)
  );
}
