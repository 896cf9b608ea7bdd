import { describe, expect, test } from '@jest/globals';
import { builtinJob, validateBuiltin } from './builtin.js';
import { parseStatusRange } from './status-range.js';

const slot = {
  local: '2026-01-01T09:00:00',
  nominal: '2026-01-01T08:00:00Z',
  zone: 'Europe/Berlin',
};
const job = (name: string, parameters: Record<string, unknown>) =>
  builtinJob(name, { parameters, slot });

describe('http.request', () => {
  test('needs an address and nothing else', () => {
    expect(job('http.request', { url: 'https://example.com/' })).toEqual({
      ok: true,
      job: {
        name: 'http.request',
        url: 'https://example.com/',
        method: 'GET',
        headers: {},
        body: undefined,
        expected: [[200, 299]],
        followRedirects: true,
      },
    });
  });

  test('takes inputs that its templates name, and sends objects as JSON', () => {
    const parameters = {
      url: 'https://example.com/{{customer}}',
      method: 'post',
      body: { at: '{{slot.local}}', n: 1 },
      expectedStatus: [201, '3xx', '400-404'],
      customer: 'ada',
    };
    expect(validateBuiltin('http.request', parameters)).toEqual({ ok: true });
    expect(job('http.request', parameters)).toMatchObject({
      job: {
        url: 'https://example.com/ada',
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: '{"at":"2026-01-01T09:00:00","n":1}',
        expected: [
          [201, 201],
          [300, 399],
          [400, 404],
        ],
      },
    });
  });

  test.each([
    ['no address', {}, 'url'],
    ['a foreign scheme', { url: 'ftp://x.test' }, 'url'],
    ['half an address', { url: '/path' }, 'url'],
    ['a method nobody knows', { url: 'https://x.test', method: 'FETCH' }, 'method'],
    ['a slip of the pen', { url: 'https://x.test', methd: 'GET' }, 'methd'],
    [
      'a line break in a header',
      { url: 'https://x.test', headers: { a: 'b\r\nc: d' } },
      'headers.a',
    ],
    ['a name that is none', { url: 'https://x.test', headers: { 'a b': 'c' } }, 'headers.a b'],
    ['framing of its own', { url: 'https://x.test', headers: { Host: 'y' } }, 'headers.Host'],
    ['a body on GET', { url: 'https://x.test', body: 'x' }, 'body'],
    ['a status beyond the range', { url: 'https://x.test', expectedStatus: 700 }, 'expectedStatus'],
    [
      'a range turned round',
      { url: 'https://x.test', expectedStatus: '299-200' },
      'expectedStatus',
    ],
    ['an open template', { url: 'https://x.test/{{a' }, 'url'],
  ])('refuses %s, and names the field', (_what, parameters, path) => {
    const result = validateBuiltin('http.request', parameters);
    expect(result.ok ? [] : result.problems.map((one) => one.path)).toEqual([path]);
    expect(job('http.request', parameters).ok).toBe(false);
  });

  test('refuses a template without a value, and an address that only looks templated', () => {
    expect(job('http.request', { url: 'https://x.test/{{who}}' })).toMatchObject({
      problems: [{ path: 'url' }],
    });
    expect(job('http.request', { url: '\\{{x' })).toMatchObject({ problems: [{ path: 'url' }] });
  });

  test('refuses bottomless nesting', () => {
    let deep: Record<string, unknown> = {};
    for (let i = 0; i < 10_000; i++) deep = { deep };
    expect(
      validateBuiltin('http.request', { url: 'https://x.test', method: 'POST', body: deep }),
    ).toMatchObject({ problems: [{ path: '' }] });
  });
});

test('noop takes a duration and nothing else', () => {
  expect(job('noop', {})).toEqual({ ok: true, job: { name: 'noop', durationMs: 0 } });
  expect(job('noop', { durationMs: 5 })).toMatchObject({ job: { durationMs: 5 } });
  expect(job('noop', { durationMs: -1 })).toMatchObject({ problems: [{ path: 'durationMs' }] });
  expect(job('noop', { fail: true })).toMatchObject({ problems: [{ path: 'fail' }] });
});

describe('script.run and shell.run', () => {
  test('take a program and values for it, and never read the program as a template', () => {
    const script = 'export default ({ params }) => `{{not}} a template`';
    const parameters = { script, params: { who: '{{customer}}' }, customer: 'ada' };
    expect(validateBuiltin('script.run', parameters)).toEqual({ ok: true });
    expect(job('script.run', parameters)).toMatchObject({
      job: { script, language: 'typescript', params: { who: 'ada' }, network: 'full' },
    });
    expect(
      job('shell.run', { script: 'echo $WHO {{', env: { WHO: '{{c}}' }, c: 'ada; rm -rf /' }),
    ).toMatchObject({
      job: { script: 'echo $WHO {{', shell: 'sh', env: { WHO: 'ada; rm -rf /' } },
    });
  });

  test.each([
    ['no program', 'shell.run', {}, 'script'],
    ['a blank program', 'script.run', { script: ' ' }, 'script'],
    ['a program that is too large', 'shell.run', { script: 'é'.repeat(31_000) }, 'script'],
    ['a shell nobody brings', 'shell.run', { script: 'x', shell: 'fish' }, 'shell'],
    ['a language nobody runs', 'script.run', { script: 'x', language: 'perl' }, 'language'],
    ['half a network', 'script.run', { script: 'x', network: 'some' }, 'network'],
    ['a variable that is none', 'shell.run', { script: 'x', env: { 'a b': '' } }, 'env.a b'],
    [
      'a reserved variable',
      'shell.run',
      { script: 'x', env: { LD_PRELOAD: 'x' } },
      'env.LD_PRELOAD',
    ],
    ['a field of another task', 'shell.run', { script: 'x', url: 'https://x.test' }, 'url'],
    ['values that are no object', 'script.run', { script: 'x', params: [1] }, 'params'],
  ])('refuses %s, and names the field', (_what, name, parameters, path) => {
    const result = validateBuiltin(name, parameters);
    expect(result.ok ? [] : result.problems.map((one) => one.path)).toEqual([path]);
  });
});

test('a system task that nobody brought is refused by its name', () => {
  expect(job('rm', {})).toMatchObject({ ok: false, problems: [{ path: '' }] });
});

test.each([
  [204, [204, 204]],
  ['2xx', [200, 299]],
  ['200 - 299', [200, 299]],
  ['99', undefined],
  ['600', undefined],
  [200.5, undefined],
  ['6xx', undefined],
  ['', undefined],
])('status %j is %j', (written, range) => {
  expect(parseStatusRange(written)).toEqual(range);
});
