import { expect, test } from '@jest/globals';
import { groupsOf, previewOf } from './groups.js';

const died = (errorCode: string, taskId: string) => ({ errorCode, taskId });

test('the most common error comes first, with the number of tasks that it hit', () => {
  const letters = [died('B', '1'), died('A', '1'), died('B', '2'), died('B', '2'), died('C', '1')];
  expect(groupsOf(letters)).toEqual([
    { code: 'B', count: 3, tasks: 2 },
    { code: 'A', count: 1, tasks: 1 },
    { code: 'C', count: 1, tasks: 1 },
  ]);
  expect(groupsOf([])).toEqual([]);
});

test('an input is known by its first characters', () => {
  expect(previewOf({ a: 1 })).toBe('{"a":1}');
  expect(previewOf(null)).toBe('{}');
  expect(previewOf({ text: 'x'.repeat(50) }, 12)).toBe('{"text":"xx…');
});
