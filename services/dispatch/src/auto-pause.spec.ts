import { expect, test } from '@jest/globals';
import { create, dispatch as d, task as t } from '#libs/contracts';
import { Definitions, DispatchState } from '#libs/domain';
import { tasksToPause } from './auto-pause.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');

const LIMIT_OF_THREE = create(t.SettingsSchema, { pauseAfterFailures: 3 });

function failing(limit: number): DispatchState {
  const state = new DispatchState(new Definitions());
  const settings = create(t.SettingsSchema, { pauseAfterFailures: limit });
  const event = create(t.TaskCreatedSchema, { taskId: 't1', settings, enabled: true });
  state.definitions.define('default', 't1', event, 1, NINE);
  return state;
}

function end(state: DispatchState, status: d.ExecutionStatus, endedAtMs: number): void {
  const finished = { executionId: `e${endedAtMs}`, account: 'default', taskId: 't1', status };
  const { taskId, executionId, account } = finished;
  const task = state.definitions.task(account, taskId);
  const settings = 'settings' in task ? task.settings : LIMIT_OF_THREE;
  const spec = create(d.ExecutionSpecSchema, { taskId, settings, pool: 'system' });
  state.evolve(create(d.ExecutionRequestedSchema, { executionId, account, spec }), endedAtMs);
  state.evolve(create(d.ExecutionFinishedSchema, { ...finished, endedAtMs }), endedAtMs);
}

const { FAILED, TIMEOUT, SUCCESS } = d.ExecutionStatus;

test('a task is to be paused after so many failed runs in a row, and not before', () => {
  const state = failing(3);
  end(state, FAILED, NINE + 1);
  end(state, TIMEOUT, NINE + 2);
  expect(tasksToPause(state)).toEqual([]);
  end(state, FAILED, NINE + 3);
  expect(tasksToPause(state)).toMatchObject([
    { taskId: 't1', failedAtMs: [1, 2, 3].map((ms) => NINE + ms) },
  ]);
});

test('a success ends the row', () => {
  const state = failing(2);
  end(state, FAILED, NINE + 1);
  end(state, SUCCESS, NINE + 2);
  end(state, FAILED, NINE + 3);
  expect(tasksToPause(state)).toEqual([]);
});

test('a task without a limit goes on failing', () => {
  const state = failing(0);
  for (let i = 1; i < 10; i++) end(state, FAILED, NINE + i);
  expect(tasksToPause(state)).toEqual([]);
});

test('after a resume the row begins anew', () => {
  const state = failing(1);
  end(state, FAILED, NINE + 1);
  state.definitions.define('default', 't1', create(t.TaskPausedSchema), 2, NINE + 2);
  expect(tasksToPause(state)).toEqual([]);
  state.definitions.define('default', 't1', create(t.TaskResumedSchema), 3, NINE + 3);
  expect(tasksToPause(state)).toEqual([]);
  end(state, FAILED, NINE + 4);
  expect(tasksToPause(state)).toMatchObject([{ failedAtMs: [NINE + 4] }]);
});

test('so it does when the journal is folded before the definitions are told', () => {
  const state = new DispatchState(new Definitions());
  for (const ms of [1, 2, 5]) end(state, FAILED, NINE + ms);
  const settings = LIMIT_OF_THREE;
  const created = create(t.TaskCreatedSchema, { taskId: 't1', settings, enabled: true });
  state.definitions.define('default', 't1', created, 1, NINE);
  state.definitions.define('default', 't1', create(t.TaskPausedSchema), 2, NINE + 3);
  state.definitions.define('default', 't1', create(t.TaskResumedSchema), 3, NINE + 4);
  expect(tasksToPause(state)).toEqual([]);
});
