import { expect, test } from '@jest/globals';
import { oneOf, oneOrMore, parseSearch, stringifySearch, text } from './search.js';

test('an address stays readable and comes back as it was', () => {
  const address = stringifySearch({ status: ['failed', 'timeout'], q: 'a b', task: undefined });
  expect(address).toBe('?status=failed,timeout&q=a+b');
  expect(parseSearch(address)).toEqual({ status: 'failed,timeout', q: 'a b' });
  expect(stringifySearch({ q: '' })).toBe('');
});

test('what a route does not know is left out, and never breaks it', () => {
  const known = ['failed', 'success'] as const;
  expect(oneOrMore('success,burnt,failed,failed', known)).toEqual(['failed', 'success']);
  expect(oneOrMore('burnt', known)).toBeUndefined();
  expect(oneOrMore(42, known)).toBeUndefined();
  expect(oneOf('success', known)).toBe('success');
  expect(oneOf('burnt', known)).toBeUndefined();
  expect(text('x'.repeat(999))).toHaveLength(200);
  expect(text('')).toBeUndefined();
});
