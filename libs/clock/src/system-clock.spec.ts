import { afterEach, beforeEach, describe, expect, jest, test } from '@jest/globals';
import type { ClockStep } from './clock.js';
import { SystemClock } from './system-clock.js';

const NINE = Date.UTC(2026, 2, 1, 9);

function machineAt(wallMs: number) {
  const sources = { wall: wallMs, monotonic: 5_000.25 };
  const pass = (ms: number, drift = 0) => {
    sources.monotonic += ms;
    sources.wall += ms + drift;
  };
  const clock = new SystemClock({
    wallMs: () => sources.wall,
    monotonicMs: () => sources.monotonic,
  });
  return { sources, pass, clock };
}

describe('wall time', () => {
  test('runs with the monotonic clock and is told in whole milliseconds, rounded down', () => {
    const { clock, pass } = machineAt(NINE);
    pass(0.75);
    expect(clock.now()).toBe(NINE);
    pass(0.25);
    expect(clock.now()).toBe(NINE + 1);
  });

  test('follows a step of the machine, and tells by how much', () => {
    const { clock, sources, pass } = machineAt(NINE);
    const steps: ClockStep[] = [];
    const stop = clock.onStep((step) => steps.push(step));
    sources.wall -= 3_600_000;
    pass(1_000);
    expect(clock.now()).toBe(NINE - 3_600_000 + 1_000);
    expect(steps).toEqual([{ byMs: -3_600_000, now: NINE - 3_600_000 + 1_000 }]);
    stop();
  });

  test('catches up a small difference slowly and never goes back', () => {
    const { clock, sources, pass } = machineAt(NINE);
    const steps: ClockStep[] = [];
    const stop = clock.onStep((step) => steps.push(step));
    sources.wall -= 200;
    let before = clock.now();
    for (let second = 0; second < 60; second++) {
      pass(1_000);
      const now = clock.now();
      expect(now).toBeGreaterThan(before);
      before = now;
    }
    expect(Math.abs(clock.now() - sources.wall)).toBeLessThanOrEqual(1);
    expect(steps).toEqual([]);
    stop();
  });
});

describe('timers', () => {
  beforeEach(() => {
    jest.useFakeTimers();
  });
  afterEach(() => {
    jest.useRealTimers();
  });

  test('waits longer than setTimeout can, without firing at once', () => {
    const clock = new SystemClock();
    const fired = jest.fn();
    const days = 60 * 24 * 3_600_000;
    clock.setTimer(fired, days);
    jest.advanceTimersByTime(days - 1);
    expect(fired).not.toHaveBeenCalled();
    jest.advanceTimersByTime(60_000);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  test('does not fire early when the machine wakes it early', () => {
    const machine = { monotonic: 0 };
    const clock = new SystemClock({ wallMs: () => 0, monotonicMs: () => machine.monotonic });
    const fired = jest.fn();
    clock.setTimer(fired, 10);
    machine.monotonic = 9.4;
    jest.advanceTimersByTime(10);
    expect(fired).not.toHaveBeenCalled();
    machine.monotonic = 10.2;
    jest.advanceTimersByTime(1);
    expect(fired).toHaveBeenCalledTimes(1);
  });

  test('a cancelled timer stays silent, also after it was armed again', () => {
    const clock = new SystemClock();
    const fired = jest.fn();
    const timer = clock.setTimer(fired, 90_000);
    jest.advanceTimersByTime(61_000);
    timer.cancel();
    jest.advanceTimersByTime(600_000);
    expect(fired).not.toHaveBeenCalled();
    expect(jest.getTimerCount()).toBe(0);
  });

  test('refuses a span that is no number', () => {
    expect(() => new SystemClock().setTimer(() => {}, Number.NaN)).toThrow(RangeError);
  });
});

test('an aborted sleep ends with the reason and leaves no timer', async () => {
  const aborter = new AbortController();
  const sleeping = new SystemClock().sleep(3_600_000, aborter.signal);
  aborter.abort(new Error('shutting down'));
  await expect(sleeping).rejects.toThrow('shutting down');
});
