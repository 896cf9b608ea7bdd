import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { bannedNames } from './banned-names.ts';

test.each([
  'libs/domain/src/utils.ts',
  'libs/domain/src/text-helpers.ts',
  'services/gateway/src/shared/problem.ts',
  'services/gateway/src/tasks.service.ts',
  'services/gateway/src/task.dto.ts',
  'services/gateway/src/graphql/index.ts',
  'libs/domain/src/task/index.ts',
])('refuses %s', (path) => {
  expect(faults(bannedNames, { [path]: '' })).toEqual([`${path}:1`]);
});

test.each([
  'libs/domain/src/index.ts',
  'libs/runtime/src/common-settings.ts',
  'services/admin/index.html',
  'services/ticker/src/tick-loop.ts',
])('lets %s be', (path) => {
  expect(faults(bannedNames, { [path]: '' })).toEqual([]);
});
