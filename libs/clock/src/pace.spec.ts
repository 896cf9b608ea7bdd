import { beforeEach, describe, expect, test } from '@jest/globals';
import { Pace } from './pace.js';

const GAP_MS = 5;
let pace: Pace;

beforeEach(() => {
  pace = new Pace({ busyPerMs: 1, gapMs: GAP_MS });
});

describe('the next round', () => {
  test('waits for nothing at first, however much came', () => {
    pace.begin(1_000, 100);
    expect(pace.restMs(100)).toBe(0);
  });

  test('waits for nothing while little comes', () => {
    for (let nowMs = 0; nowMs < 100; nowMs += 2) pace.begin(1, nowMs);
    expect(pace.restMs(98)).toBe(0);
  });

  test('waits out the gap while much comes, and no longer', () => {
    for (let nowMs = 0; nowMs <= 100; nowMs += 2) pace.begin(10, nowMs);
    expect(pace.restMs(101)).toBe(GAP_MS - 1);
    expect(pace.restMs(100 + GAP_MS)).toBe(0);
  });

  test('waits no more once it was quiet', () => {
    for (let nowMs = 0; nowMs <= 100; nowMs += 2) pace.begin(10, nowMs);
    pace.begin(1, 1_000);
    expect(pace.restMs(1_000)).toBe(0);
  });
});
