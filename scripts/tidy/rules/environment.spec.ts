import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { environment } from './environment.ts';

test.each([
  'const url = process.env.NATS_URL;',
  "const url = process.env['NATS_URL'];",
  "const url = process['env'].NATS_URL;",
  "import { env } from 'node:process';",
  'const { env } = process;',
])('catches %s', (text) => {
  expect(faults(environment, { 'services/ticker/src/tick-loop.ts': text })).toEqual([
    'services/ticker/src/tick-loop.ts:1',
  ]);
});

test.each([
  'services/ticker/src/config.ts',
  'libs/runtime/src/run-service.ts',
  'scripts/start/settings.ts',
  'jest.config.mjs',
])('lets %s read it', (path) => {
  expect(faults(environment, { [path]: 'const { PATH } = process.env;' })).toEqual([]);
});
