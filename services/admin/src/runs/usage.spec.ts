import { expect, test } from '@jest/globals';
import { usageOf } from './usage.js';

test('tells what was measured, and nothing of what was not', () => {
  expect(
    usageOf({
      cpuMs: 120,
      peakMemoryBytes: 5e7,
      peakDiskBytes: 0,
      processStartMs: 0,
      logLinesDropped: 3,
      logLines: 9,
      isolation: 'sandbox',
    }),
  ).toEqual({
    cpuMs: 120,
    peakMemoryBytes: 5e7,
    logLinesDropped: 3,
    isolation: 'sandbox',
    apiCosts: [],
  });
});

test('tells what outside APIs cost, each with its note', () => {
  expect(usageOf({ apiCosts: [{ amount: 0.02, note: 'geocoding' }, 'odd'] }).apiCosts).toEqual([
    { amount: 0.02, note: 'geocoding' },
  ]);
});

test('takes an attempt that has told nothing yet', () => {
  expect(usageOf(null)).toEqual({ apiCosts: [] });
});
