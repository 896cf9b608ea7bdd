import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { clocks } from './clocks.ts';

const inDomain = (text: string) => faults(clocks, { 'libs/domain/src/x.ts': text });

test.each([
  'const at = Date.now();',
  "const at = Date['now']();",
  'const at = new Date();',
  'const at = Date();',
  'const p = Math.random();',
  'setTimeout(run, 10);',
  'const timer = globalThis.setInterval(run, 10);',
  'await new Promise((resolve) => setTimeout(resolve, 10));',
  "import { setTimeout as sleep } from 'node:timers/promises';",
])('catches %s', (text) => {
  expect(inDomain(text)).toEqual(['libs/domain/src/x.ts:1']);
});

test.each([
  'const at = new Date(atMs);',
  'jest.setTimeout(1_000);',
  '// Date.now() would be wrong here',
  "const script = 'setTimeout(run, 1)';",
])('lets %s be', (text) => {
  expect(inDomain(text)).toEqual([]);
});

test('libs/clock is where they live', () => {
  expect(faults(clocks, { 'libs/clock/src/x.ts': 'setTimeout(run, Date.now());' })).toEqual([]);
});

test('names a listed shell that is gone', () => {
  const list = 'scripts/tidy/rules/clocks.ts';
  expect(faults(clocks, { [list]: '' })).toContain(`${list}:1`);
});
