import { expect, test } from '@jest/globals';
import { paceOf } from './rate-pace.js';

const rate = (count: number, perMs: number, excess: 'wait' | 'skip' = 'skip') => ({
  rate: { count, perMs, excess },
});

test.each([
  ['the pace of a rate, in whole seconds', [rate(10, 65_000)], 7],
  ['a second at least', [rate(1_000, 1_000)], 1],
  ['the pace of the slowest', [rate(10, 60_000), rate(1, 30_000)], 30],
  ['an hour at most', [rate(1, 86_400_000)], 3_600],
  ['nothing where a rate lets its runs wait', [rate(1, 60_000, 'wait')], undefined],
  ['nothing without a rate', [{ rate: null }], undefined],
])('%s is what a caller beyond it waits', (_what, limits, seconds) => {
  expect(paceOf(limits)).toBe(seconds);
});
