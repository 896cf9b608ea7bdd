import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from './manual-clock.js';
import { WitnessedClock } from './witnessed-clock.js';

const NINE = Date.UTC(2026, 2, 1, 9);
const HOUR = 3_600_000;

let machine: ManualClock;
let other: ManualClock;
let answers: boolean;
let verdicts: [string, number][];
let clock: WitnessedClock;

beforeEach(() => {
  machine = new ManualClock(NINE);
  other = new ManualClock(NINE);
  answers = true;
  verdicts = [];
  clock = new WitnessedClock({
    clock: machine,
    witness: async () => {
      if (!answers) throw new Error('away');
      return other.now();
    },
    onVerdict: (verdict, offMs) => verdicts.push([verdict, offMs]),
  });
});

async function pass(ms: number) {
  await Promise.all([machine.advance(ms), other.advance(ms)]);
}

test('runs with the machine while nobody moves it', async () => {
  await clock.start();
  await pass(1_500);
  expect(clock.now()).toBe(NINE + 1_500);
  expect(verdicts).toEqual([]);
});

describe('when the machine is moved', () => {
  test.each([
    ['ahead', HOUR],
    ['back', -HOUR],
  ])('holds its course when the witness has not moved (%s)', async (_way, byMs) => {
    const steps: number[] = [];
    clock.onStep((step) => steps.push(step.byMs));
    machine.step(byMs);
    expect(clock.now()).toBe(NINE);
    await pass(60_000);
    expect(clock.now()).toBe(NINE + 60_000);
    expect(verdicts).toEqual([['step-refused', byMs]]);
    expect(steps).toEqual([]);
  });

  test('follows when the witness says the same, and tells who listens', async () => {
    const steps: number[] = [];
    clock.onStep((step) => steps.push(step.byMs));
    other.step(HOUR);
    machine.step(HOUR);
    expect(clock.now()).toBe(NINE);
    await pass(1);
    expect(clock.now()).toBe(NINE + HOUR + 1);
    expect(steps).toEqual([HOUR]);
    expect(verdicts).toEqual([['step-followed', 0]]);
  });

  test('holds its course for as long as the witness is away', async () => {
    answers = false;
    other.step(HOUR);
    machine.step(HOUR);
    await pass(5_000);
    expect(clock.now()).toBe(NINE + 5_000);
    answers = true;
    await pass(1_000);
    expect(clock.now()).toBe(NINE + HOUR + 6_000);
  });

  test('believes it again as soon as it is moved back', async () => {
    machine.step(HOUR);
    await pass(1_000);
    machine.step(-HOUR);
    await pass(1);
    expect(clock.now()).toBe(NINE + 1_001);
    machine.step(300);
    await pass(1);
    expect(clock.now()).toBe(NINE + 1_002);
    expect(verdicts.at(-1)).toEqual(['step-refused', 300]);
  });

  test('believes it again some time after the witness has come round', async () => {
    machine.step(HOUR);
    await pass(1_000);
    other.step(HOUR);
    await pass(15_000);
    expect(clock.now()).toBe(NINE + HOUR + 16_000);
  });
});

test('takes the time of the witness when it starts far from it', async () => {
  machine.step(HOUR);
  clock.stop();
  clock = new WitnessedClock({
    clock: machine,
    witness: async () => other.now(),
    onVerdict: (verdict, offMs) => verdicts.push([verdict, offMs]),
  });
  verdicts = [];
  await clock.start();
  expect(clock.now()).toBe(NINE);
  expect(verdicts).toEqual([['start-corrected', HOUR]]);
});

test('leaves no timer behind when it is stopped', async () => {
  machine.step(HOUR);
  await pass(1_000);
  clock.stop();
  await pass(0);
  expect(machine.armed).toBe(0);
});
