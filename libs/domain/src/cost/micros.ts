/**
 * Amounts of money are whole millionths of a currency's unit, so that sums are exact. They become
 * decimal numbers only where they are told, each by one division.
 */
export const MICROS_PER_UNIT = 1_000_000;

export const COST_LIMITS = {
  /** An hour of a slot: a million units. */
  rateMicros: 1e12,
  /** What one attempt may tell of outside APIs, in all. */
  apiMicrosPerAttempt: 1e12,
  /** Single amounts kept with their notes; beyond, only the sum is. */
  notedPerAttempt: 50,
  noteChars: 200,
  /** Longer ones are charged as this. */
  chargedMs: 366 * 86_400_000,
} as const;

export const CURRENCY = /^[A-Z]{3}$/;

const DECIMAL = /^(\d{1,12})(?:\.(\d{1,6}))?$/;
const MS_PER_HOUR = 3_600_000n;

/** Of `0.35` or `"0.35"`; undefined when it is no amount from 0 up to `most` millionths. */
export function microsOf(amount: unknown, most: number): number | undefined {
  const micros = typeof amount === 'string' ? ofText(amount) : ofNumber(amount);
  return micros === undefined || micros > most ? undefined : micros;
}

function ofText(text: string): number | undefined {
  const [, units, fraction = ''] = DECIMAL.exec(text) ?? [];
  if (units === undefined) return undefined;
  const micros = Number(units) * MICROS_PER_UNIT + Number(fraction.padEnd(6, '0'));
  return Number.isSafeInteger(micros) ? micros : undefined;
}

/** A number of JSON stands for the decimal that it was written as: to the nearest millionth. */
function ofNumber(amount: unknown): number | undefined {
  if (typeof amount !== 'number' || !(amount >= 0)) return undefined;
  const micros = Math.round(amount * MICROS_PER_UNIT);
  return Number.isSafeInteger(micros) ? micros : undefined;
}

export function unitsOf(micros: number): number {
  return micros / MICROS_PER_UNIT;
}

/** What so long costs at a rate by the hour, to the nearest millionth; half of one counts as one. */
export function chargeOf(rateMicros: number, ms: number): number {
  if (rateMicros === 0 || !(ms > 0)) return 0;
  const charged = Math.trunc(Math.min(COST_LIMITS.chargedMs, ms));
  const perHour = BigInt(rateMicros) * BigInt(charged);
  return Number((perHour + MS_PER_HOUR / 2n) / MS_PER_HOUR);
}

/** A sum stays a whole number, whatever it is of. */
export function addMicros(one: number, other: number): number {
  return Math.min(Number.MAX_SAFE_INTEGER, one + other);
}
