import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { leftovers } from './leftovers.ts';

test.each(['TO', 'FIX'])('catches a note that begins with %s', (half) => {
  const word = half === 'TO' ? `${half}DO` : `${half}ME`;
  expect(faults(leftovers, { 'a.ts': `run();\n// ${word}: later` })).toEqual(['a.ts:2']);
  expect(faults(leftovers, { 'README.md': `${word} write this` })).toEqual(['README.md:1']);
});

test('the word inside another one is fine', () => {
  expect(faults(leftovers, { 'a.ts': 'const todoList = mytodos; // todo lists' })).toEqual([]);
});
