import { describe, expect, test } from '@jest/globals';
import { findJsonFault, nestsTooDeep } from './check-json.js';

const bytes = (text: string) => new TextEncoder().encode(text);
const nested = (levels: number) => '['.repeat(levels) + ']'.repeat(levels);

describe('the depth of a JSON text', () => {
  test('is measured without parsing it, to the level', () => {
    expect(nestsTooDeep(bytes(nested(32)))).toBe(false);
    expect(nestsTooDeep(bytes(nested(33)))).toBe(true);
  });

  test('counts no brackets inside of strings, however they are quoted', () => {
    const text = JSON.stringify({ a: '"'.repeat(10) + '\\'.repeat(9) + '['.repeat(100) });
    expect(nestsTooDeep(bytes(text))).toBe(false);
  });

  test('of text that is no JSON is still an answer', () => {
    for (const text of ['"', '"\\', ']]]]', '', '"\\"[[['])
      expect(nestsTooDeep(bytes(text))).toBe(false);
  });
});

describe('a value that Postgres or a merge could not bear', () => {
  test.each([
    [{ a: ['x', 'y\u0000'] }, '/a/1', 'nul-character'],
    [{ 'k\u0000': 1 }, '/k\u0000', 'nul-character'],
    [{ a: { 'b/c~': '\ud800' } }, '/a/b~1c~0', 'lone-surrogate'],
    [JSON.parse('{"a":{"__proto__":1}}'), '/a/__proto__', 'forbidden-key'],
    [JSON.parse(nested(33)), '/0'.repeat(32), 'too-deep'],
  ])('is named by its place (%#)', (value, path, code) => {
    expect(findJsonFault(value)).toMatchObject({ path, code });
  });

  test('is not one that merely looks strange', () => {
    const value = { 'a.b': null, constructor: '\u{1f514}', n: -0, deep: JSON.parse(nested(31)) };
    expect(findJsonFault(value)).toBeUndefined();
  });
});
