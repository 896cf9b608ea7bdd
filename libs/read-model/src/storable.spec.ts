import { describe, expect, test } from '@jest/globals';
import {
  instant,
  int4,
  int8,
  JSON_DEPTH_MAX,
  json,
  jsonOf,
  jsonOrNull,
  key,
  text,
} from './storable.js';

describe('text', () => {
  test('keeps what Postgres can hold', () => {
    expect(text('Ünïcode \u{1f514} \t\n')).toBe('Ünïcode \u{1f514} \t\n');
  });

  test('puts U+FFFD in place of U+0000 and of a lone surrogate', () => {
    expect(text('a\0b')).toBe('a\ufffdb');
    expect(text('a\ud800b\udc00')).toBe('a\ufffdb\ufffd');
  });

  test('cuts a key to what an index can hold, and never half a character', () => {
    expect(key('x'.repeat(500))).toHaveLength(128);
    expect(key(`${'x'.repeat(127)}\u{1f514}`)).toBe(`${'x'.repeat(127)}\ufffd`);
  });
});

describe('numbers and instants', () => {
  test('stay within their columns', () => {
    expect(int4(4_294_967_295)).toBe(2_147_483_647);
    expect(int4(Number.NaN)).toBe(0);
    expect(int8(1e300)).toBe(Number.MAX_SAFE_INTEGER);
    expect(int8(1.9)).toBe(1);
    expect(instant(Number.NaN).getTime()).toBe(0);
    expect(instant(Number.POSITIVE_INFINITY).toISOString()).toBe('9999-12-31T23:59:59.999Z');
    expect(instant(-1e300).toISOString()).toBe('0001-01-01T00:00:00.000Z');
  });
});

describe('json', () => {
  test('is kept to the letter when nothing is wrong with it', () => {
    const source = '{ "a": [1, 2.50, -3], "b": "\\n\\u00fc [[[" , "c": null}';
    expect(json(source)).toBe(source);
  });

  test('puts U+FFFD in place of an escaped U+0000 and of an escaped lone surrogate', () => {
    expect(JSON.parse(json('{"a\\u0000":"\\u0000","b":"\\ud800","c":"\\uDC00x"}'))).toEqual({
      'a\ufffd': '\ufffd',
      b: '\ufffd',
      c: '\ufffdx',
    });
  });

  test('keeps a pair of surrogates, and a backslash before the letter u', () => {
    expect(JSON.parse(json('["\\ud83d\\udd14","\\\\u0000","\\\\\\u0000"]'))).toEqual([
      '\u{1f514}',
      '\\u0000',
      '\\\ufffd',
    ]);
  });

  test('gives the digits as a string when a number is beyond a double, else what a reader would see', () => {
    expect(json('[1e999,-1e999,1e-999,12345678901234567890]')).toBe(
      '["1e999","-1e999",0,12345678901234567000]',
    );
    expect(json(`[${'9'.repeat(400)}]`)).toBe(`["${'9'.repeat(400)}"]`);
  });

  test.each([10_000, 1_000_000])('cuts what lies too deep, %d levels down', (depth) => {
    const deep = json(`${'['.repeat(depth)}1${']'.repeat(depth)}`);
    expect(deep).toBe(
      `${'['.repeat(JSON_DEPTH_MAX)}"(nested too deep)"${']'.repeat(JSON_DEPTH_MAX)}`,
    );
    const objects = json(`${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}`);
    expect(JSON.parse(objects)).toBeDefined();
  });

  test('keeps what stands beside the part that was cut', () => {
    const depth = JSON_DEPTH_MAX + 5;
    const source = `{"before":1,"deep":${'['.repeat(depth)}{"x":[2]}${']'.repeat(depth)},"after":3}`;
    expect(JSON.parse(json(source))).toMatchObject({ before: 1, after: 3 });
  });

  test('keeps text that is no JSON as a string', () => {
    expect(JSON.parse(json('{"a":'))).toEqual({ unreadable: '{"a":' });
    expect(JSON.parse(json('\0'))).toEqual({ unreadable: '\ufffd' });
  });

  test('takes a string of a megabyte', () => {
    const source = JSON.stringify([`\u0000${'\\"x'.repeat(350_000)}`]);
    expect(JSON.parse(json(source))[0]).toBe(`\ufffd${'\\"x'.repeat(350_000)}`);
  });

  test('knows nothing from an empty object', () => {
    expect(json('')).toBe('{}');
    expect(jsonOrNull('')).toBeNull();
    expect(jsonOf({ a: '\ud800' })).toBe('{"a":"\ufffd"}');
  });
});
