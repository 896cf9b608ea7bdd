import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { looseTypes } from './loose-types.ts';

test.each(['let x: any;', 'const x = y as any;', 'const x: Map<string, any> = m;'])(
  'catches %s',
  (text) => {
    expect(faults(looseTypes, { 'a.ts': text })).toEqual(['a.ts:1']);
  },
);

test('catches a comment that silences the compiler for good', () => {
  expect(faults(looseTypes, { 'a.ts': 'x();\n// @ts-ignore\ny();' })).toEqual(['a.ts:2']);
});

test('the word in a sentence or a name is fine', () => {
  expect(faults(looseTypes, { 'a.ts': '// any of them\nconst any = 1;' })).toEqual([]);
});
