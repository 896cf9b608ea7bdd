import { expect, test } from '@jest/globals';
import { redactor } from './redact.js';

test.each<[string, object, string, string]>([
  ['a password', { password: 'hunter2' }, 'typed hunter2!', 'typed [secret]!'],
  ['a nested token', { api: { accessToken: 'abcd1' } }, 'abcd1', '[secret]'],
  [
    'all below a secret name',
    { credentials: { user: 'adal', n: [{ x: 'deep' }] } },
    'adal deep',
    '[secret] [secret]',
  ],
  ['one that is encoded in an address', { apiKey: 'a b&c' }, '?k=a%20b%26c', '?k=[secret]'],
  ['one that is escaped in JSON', { secret: 'a"b\n' }, '{"x":"a\\"b\\n"}', '{"x":"[secret]"}'],
  ['the longer of two', { token: 'abcd', secret: 'abcdef' }, 'abcdef', '[secret]'],
  ['no other parameter', { user: 'adal', note: 'abcd' }, 'adal abcd', 'adal abcd'],
  ['nothing too short to be one', { pass: 'abc' }, 'abc', 'abc'],
])('takes out %s', (_what, parameters, text, redacted) => {
  expect(redactor(parameters as Record<string, unknown>)(text)).toBe(redacted);
});
