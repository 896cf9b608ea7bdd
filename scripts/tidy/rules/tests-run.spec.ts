import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { testsRun } from './tests-run.ts';

test.each([
  "test.only('x', run);",
  "describe.skip('x', run);",
  "test.skip.each([1])('x', run);",
  "it.todo('x');",
  "xit('x', run);",
  "fdescribe('x', run);",
  "test.describe.only('x', run);",
])('catches %s', (text) => {
  expect(faults(testsRun, { 'a.spec.ts': text })).toContain('a.spec.ts:1');
});

test('a test that the machine has no part for may be left out', () => {
  const text = 'const browserTest = chromium ? test : test.skip;';
  expect(faults(testsRun, { 'a.spec.ts': text })).toEqual([]);
});
