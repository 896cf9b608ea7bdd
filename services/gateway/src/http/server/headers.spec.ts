import { describe, expect, test } from '@jest/globals';
import { hostCheck, isOfAnotherSite } from './headers.js';

describe('the name that a request came by', () => {
  test('is one of the loopback names while only those can reach the gateway', () => {
    const known = hostCheck({ host: '127.0.0.1', publicHosts: undefined });
    expect(['127.0.0.1:7070', 'localhost', '[::1]:7070', 'LOCALHOST:1'].map(known)).toEqual(
      Array(4).fill(true),
    );
    expect(['evil.example', '127.0.0.1.evil.example', '', undefined].map(known)).toEqual(
      Array(4).fill(false),
    );
  });

  test('is anything on an open address, unless names are listed', () => {
    expect(hostCheck({ host: '0.0.0.0', publicHosts: undefined })('any.example')).toBe(true);
    const listed = hostCheck({ host: '0.0.0.0', publicHosts: 'bells.example, b.example' });
    expect([listed('bells.example:443'), listed('b.example'), listed('any.example')]).toEqual([
      true,
      true,
      false,
    ]);
  });
});

test.each([
  [{ host: 'a:1', origin: 'http://a:1' }, false],
  [{ host: 'a:1', origin: 'http://a:2' }, true],
  [{ host: 'a:1', origin: 'null' }, true],
  [{ host: 'a:1' }, false],
  [{ host: 'a:1', 'sec-fetch-site': 'same-origin' }, false],
  [{ host: 'a:1', 'sec-fetch-site': 'none' }, false],
  [{ host: 'a:1', 'sec-fetch-site': 'same-site' }, true],
  [{ host: 'a:1', 'sec-fetch-site': 'cross-site' }, true],
])('a request with %j is of another site: %s', (headers, expected) => {
  expect(isOfAnotherSite({ headers })).toBe(expected);
});
