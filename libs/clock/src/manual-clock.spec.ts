import { expect, test } from '@jest/globals';
import { ManualClock } from './manual-clock.js';

const NINE = Date.UTC(2026, 2, 1, 9);

test('stands still until it is advanced', async () => {
  const clock = new ManualClock(NINE);
  expect([clock.now(), clock.monotonic()]).toEqual([NINE, 0]);
  await clock.advance(1_500);
  expect([clock.now(), clock.monotonic()]).toEqual([NINE + 1_500, 1_500]);
});

test('fires timers in the order of their time, equal ones in the order of arming', async () => {
  const clock = new ManualClock(NINE);
  const rung: [string, number][] = [];
  const ring = (name: string) => () => rung.push([name, clock.now() - NINE]);
  clock.setTimer(ring('late'), 30);
  clock.setTimer(ring('first'), 10);
  clock.setTimer(ring('second'), 10);
  await clock.advance(29);
  expect(rung).toEqual([
    ['first', 10],
    ['second', 10],
  ]);
  await clock.advance(1);
  expect(rung.at(-1)).toEqual(['late', 30]);
  expect(clock.armed).toBe(0);
});

test('a loop that sleeps makes all its rounds in one advance', async () => {
  const clock = new ManualClock(NINE);
  const rounds: number[] = [];
  const aborter = new AbortController();
  const loop = (async () => {
    for (;;) {
      await clock.sleep(1_000, aborter.signal);
      rounds.push(clock.now() - NINE);
    }
  })();
  await clock.advance(3_500);
  expect(rounds).toEqual([1_000, 2_000, 3_000]);
  aborter.abort(new Error('enough'));
  await expect(loop).rejects.toThrow('enough');
  expect(clock.armed).toBe(0);
});

test('a step moves the wall clock alone and is told', () => {
  const clock = new ManualClock(NINE);
  const steps: number[] = [];
  const stop = clock.onStep((step) => steps.push(step.byMs));
  clock.step(-60_000);
  expect([clock.now(), clock.monotonic()]).toEqual([NINE - 60_000, 0]);
  stop();
  clock.step(5);
  expect(steps).toEqual([-60_000]);
});
