import { expect, test } from '@jest/globals';
import { all, NOTHING, ranged, toggled } from './selection.js';

const order = ['a', 'b', 'c', 'd', 'e'];

test('a row is chosen, and let go again', () => {
  const one = toggled(NOTHING, 'b');
  expect([...one.chosen]).toEqual(['b']);
  expect([...toggled(one, 'b').chosen]).toEqual([]);
});

test('a range goes from the row that was pressed last, either way, and adds', () => {
  const from = toggled(NOTHING, 'd');
  expect([...ranged(from, 'b', order).chosen].sort()).toEqual(['b', 'c', 'd']);
  expect([...ranged(ranged(from, 'e', order), 'c', order).chosen].sort()).toEqual(['c', 'd', 'e']);
  expect([...ranged(NOTHING, 'c', order).chosen]).toEqual(['c']);
});

test('a range from a row that is gone is that row alone', () => {
  expect([...ranged(toggled(NOTHING, 'gone'), 'c', order).chosen].sort()).toEqual(['c', 'gone']);
});

test('all are those that are on the screen', () => {
  expect(all(order).chosen.size).toBe(5);
});
