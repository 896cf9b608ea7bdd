import { expect, test } from '@jest/globals';
import { holding, instantOf, stateOf } from './state.js';

const at = (hour: number): string => `2026-11-23T${`${hour}`.padStart(2, '0')}:00:00.000Z`;
const now = Date.parse(at(12));
const span = (from: number, until: number | null, ended: number | null = null) => ({
  from: at(from),
  until: until === null ? null : at(until),
  endedAt: ended === null ? null : at(ended),
});

test('a maintenance holds from its beginning until its end, which is excluded', () => {
  expect(stateOf(span(13, null), now)).toBe('planned');
  expect(stateOf(span(12, 13), now)).toBe('active');
  expect(stateOf(span(11, 12), now)).toBe('over');
});

test('whoever ended it, ended it', () => {
  expect(stateOf(span(10, 20, 11), now)).toBe('over');
  expect(stateOf(span(10, null, 11), now)).toBe('over');
});

test('the one that holds longest is told, one without an end before all', () => {
  const short = span(10, 13);
  const long = span(11, 20);
  const open = span(11, null);
  expect(holding([short, long], now)).toBe(long);
  expect(holding([short, open, long], now)).toBe(open);
  expect(holding([span(13, null)], now)).toBeUndefined();
});

test('a field is read by the clock of the page, and is nothing while it is empty', () => {
  expect(instantOf('2026-11-23T12:00', 'utc')).toBe(now);
  expect(instantOf('', 'utc')).toBeUndefined();
  expect(instantOf('', 'local')).toBeUndefined();
});
