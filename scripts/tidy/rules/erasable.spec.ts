import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { erasable } from './erasable.ts';

test.each([
  'enum Color { Red }',
  'namespace a { export const b = 1; }',
  'class A { constructor(private readonly b: string) {} }',
  "import fs = require('node:fs');",
])('catches %s', (text) => {
  expect(faults(erasable, { 'libs/domain/src/a.ts': text })).toEqual(['libs/domain/src/a.ts:1']);
});

test('a declaration alone, and a room that is built, are fine', () => {
  const text = 'declare module "x" { export const y: string; }';
  expect(faults(erasable, { 'libs/domain/src/a.ts': text })).toEqual([]);
  expect(faults(erasable, { 'services/gateway/src/a.ts': 'enum Color { Red }' })).toEqual([]);
});
