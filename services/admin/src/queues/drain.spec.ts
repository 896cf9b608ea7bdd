import { expect, test } from '@jest/globals';
import { drainOf, MAX_SAMPLES, type Sample, withSample } from './drain.js';

const samples = (...depths: number[]): Sample[] =>
  depths.map((depth, place) => ({ atMs: place * 10_000, depth }));

test('a queue that falls is empty when it goes on falling so', () => {
  expect(drainOf(samples(100, 90, 80))).toEqual({ kind: 'drains', inMs: 80_000 });
});

test('a queue that rises or stands does not drain', () => {
  expect(drainOf(samples(10, 12))).toEqual({ kind: 'growing' });
  expect(drainOf(samples(10, 10))).toEqual({ kind: 'steady' });
});

test('an empty queue is empty, and of two readings in a row nothing is said', () => {
  expect(drainOf(samples(5, 0))).toEqual({ kind: 'empty' });
  expect(drainOf(samples(5))).toEqual({ kind: 'unknown' });
  expect(drainOf([])).toEqual({ kind: 'unknown' });
});

test('a reading counts once, and only the last ones are kept', () => {
  const once = withSample(samples(1), { atMs: 0, depth: 9 });
  expect(once).toEqual(samples(1));
  const many = Array.from({ length: MAX_SAMPLES + 5 }, (_, at) => ({
    atMs: at * 2_000,
    depth: at,
  }));
  const kept = many.reduce<readonly Sample[]>(withSample, []);
  expect(kept).toHaveLength(MAX_SAMPLES);
  expect(kept.at(-1)?.depth).toBe(MAX_SAMPLES + 4);
});

test('of readings close together the newest stands, and one from before it is left out', () => {
  const [first] = samples(9);
  const told = [500, 1_000, 700].map((atMs) => ({ atMs, depth: atMs }));
  expect(told.reduce<readonly Sample[]>(withSample, first ? [first] : [])).toEqual([
    first,
    { atMs: 1_000, depth: 1_000 },
  ]);
});
