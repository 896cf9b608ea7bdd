import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { deadFiles } from './dead-files.ts';

test('catches a file that nobody imports', () => {
  const files = {
    'services/ticker/src/main.ts': "import { loop } from './tick-loop.js';",
    'services/ticker/src/tick-loop.ts': 'export const loop = 1;',
    'services/ticker/src/forgotten.ts': 'export const old = 1;',
  };
  expect(faults(deadFiles, files)).toEqual(['services/ticker/src/forgotten.ts:1']);
});

test('a child that is started by its path is alive', () => {
  const files = {
    'services/execution/src/main.ts': "fork(new URL('./child/attempt-child.js', here));",
    'services/execution/src/child/attempt-child.ts': 'run();',
  };
  expect(faults(deadFiles, files)).toEqual([]);
});
