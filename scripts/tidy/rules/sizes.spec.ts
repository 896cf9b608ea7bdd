import { expect, test } from '@jest/globals';
import { repositoryOf } from '../spec.ts';
import { sizes } from './sizes.ts';

const found = (path: string, lines: number) =>
  [...sizes.check(repositoryOf({ [path]: 'x;\n'.repeat(lines) }))].map(({ isWarning }) =>
    isWarning ? 'warning' : 'failure',
  );

test('warns above 300 lines and fails above 500', () => {
  expect(found('libs/a/src/a.ts', 300)).toEqual([]);
  expect(found('libs/a/src/a.ts', 301)).toEqual(['warning']);
  expect(found('libs/a/src/a.ts', 501)).toEqual(['failure']);
});

test('a spec may have 800', () => {
  expect(found('libs/a/src/a.spec.ts', 800)).toEqual([]);
  expect(found('libs/a/src/a.spec.ts', 801)).toEqual(['failure']);
});

test('what is generated may be as long as it likes', () => {
  expect(found('libs/contracts/src/gen/task/v1/types_pb.ts', 900)).toEqual([]);
});
