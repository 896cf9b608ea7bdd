import { describe, expect, test } from '@jest/globals';
import { addMicros, COST_LIMITS, chargeOf, microsOf, unitsOf } from './micros.js';

const HOUR_MS = 3_600_000;
const MOST = COST_LIMITS.rateMicros;

describe('an amount', () => {
  test.each([
    ['0.35', 350_000],
    ['12', 12_000_000],
    ['0.000001', 1],
    [0.35, 350_000],
    [0, 0],
    [0.1 + 0.2, 300_000],
    ['1000000', MOST],
  ])('%s is %d millionths', (amount, micros) => {
    expect(microsOf(amount, MOST)).toBe(micros);
    expect(microsOf(unitsOf(micros), MOST)).toBe(micros);
  });

  test.each(['', '-1', '1.', '.5', '1e3', '0.0000001', '1000000.000001', -1, Number.NaN, 1e7])(
    '%p is none',
    (amount) => expect(microsOf(amount, MOST)).toBeUndefined(),
  );
  test.each([Number.POSITIVE_INFINITY, null, undefined, {}, true])('%p is none', (amount) =>
    expect(microsOf(amount, MOST)).toBeUndefined(),
  );
});

describe('what a time costs', () => {
  test('is the rate by the hour, to the nearest millionth', () => {
    expect(chargeOf(350_000, HOUR_MS)).toBe(350_000);
    expect(chargeOf(350_000, 1)).toBe(0);
    expect(chargeOf(1_800_000, 1)).toBe(1);
    expect(chargeOf(1_000_000, 90 * 60_000)).toBe(1_500_000);
  });

  test('is exact and a safe number at the highest rate for the longest time', () => {
    const most = chargeOf(COST_LIMITS.rateMicros, Number.POSITIVE_INFINITY);
    expect(most).toBe(366 * 24 * COST_LIMITS.rateMicros);
    expect(Number.isSafeInteger(most)).toBe(true);
    expect(Number.isSafeInteger(addMicros(most, most))).toBe(true);
  });

  test('is nothing for a time that never was', () => {
    expect(chargeOf(5_000_000, -1)).toBe(0);
    expect(chargeOf(5_000_000, Number.NaN)).toBe(0);
  });
});
