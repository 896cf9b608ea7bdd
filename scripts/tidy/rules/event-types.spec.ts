import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { eventTypes } from './event-types.ts';

const registry = 'libs/contracts/src/registry.ts';
const whole = {
  [registry]: 'export const all = {\n  task: [task.TaskPausedSchema],\n};',
  'libs/domain/src/golden/0.1.0/task.json': '[{ "type": "task.v1.TaskPaused" }]',
  'libs/domain/src/task/task.ts': "return [create(t.TaskPausedSchema, { reason: '' })];",
};

test('is quiet when each event type is told and recorded', () => {
  expect(faults(eventTypes, whole)).toEqual([]);
});

test('catches an event type without a golden log', () => {
  expect(faults(eventTypes, { ...whole, 'libs/domain/src/golden/0.1.0/task.json': '[]' })).toEqual([
    `${registry}:2`,
  ]);
});

test('catches an event type that only specs make', () => {
  const { 'libs/domain/src/task/task.ts': text, ...others } = whole;
  expect(faults(eventTypes, { ...others, 'libs/domain/src/task/task.spec.ts': text })).toEqual([
    `${registry}:2`,
  ]);
});
