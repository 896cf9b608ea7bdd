import { describe, expect, test } from '@jest/globals';
import { create, dispatch as d, task as t } from '#libs/contracts';
import { Definitions } from '../definitions.js';
import type { Execution } from '../execution.js';
import { DispatchState } from '../state.js';
import { giveSlots } from '../testing/give-slots.js';
import { placeOn, whyUnplaced } from './placement.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');

function shard(): DispatchState {
  return new DispatchState(new Definitions());
}

function requested(state: DispatchState, id: string, requiredLabels: Record<string, string> = {}) {
  const event = create(d.ExecutionRequestedSchema, {
    executionId: id,
    account: 'default',
    spec: {
      taskId: 't1',
      type: t.TaskType.SYSTEM,
      pool: 'system',
      settings: {
        requiredLabels: Object.entries(requiredLabels).map(([key, value]) => ({ key, value })),
      },
    },
  });
  state.evolve(event, NINE);
  return state.executions.get(id) as Execution;
}

function released(state: DispatchState, executionId: string, workerId: string): void {
  const fence = state.fence + 1;
  const event = { executionId, account: 'default', attempt: 1, fence, workerId };
  state.evolve(create(d.AttemptReleasedSchema, event), NINE);
}

describe('an attempt goes', () => {
  test('to the worker with the most free slots of its pool, and to the first by name of two alike', () => {
    const state = shard();
    giveSlots(state, 2, { workerId: 'b' });
    giveSlots(state, 2, { workerId: 'a' });
    giveSlots(state, 9, { workerId: 'c', pool: 'browser' });
    const order = ['e1', 'e2', 'e3', 'e4'].map((id) => {
      const workerId = placeOn(state, requested(state, id)) ?? '';
      released(state, id, workerId);
      return workerId;
    });
    expect(order).toEqual(['a', 'b', 'a', 'b']);
    expect(placeOn(state, requested(state, 'e5'))).toBeUndefined();
  });

  test('only to a worker that has all the labels that its task wants', () => {
    const state = shard();
    giveSlots(state, 9, { workerId: 'a', labels: { site: 'berlin' } });
    giveSlots(state, 1, { workerId: 'b', labels: { site: 'berlin', gpu: 'yes' } });
    expect(placeOn(state, requested(state, 'e1', { gpu: 'yes', site: 'berlin' }))).toBe('b');
    expect(placeOn(state, requested(state, 'e2', { gpu: 'no' }))).toBeUndefined();
  });

  test('elsewhere after a loss or a refusal, where there is an elsewhere', () => {
    const state = shard();
    giveSlots(state, 9, { workerId: 'a' });
    const execution = requested(state, 'e1');
    released(state, 'e1', 'a');
    const lost = { executionId: 'e1', cause: d.LossCause.DECLINED };
    state.evolve(create(d.AttemptLostSchema, lost), NINE);
    expect(placeOn(state, execution)).toBe('a');
    giveSlots(state, 1, { workerId: 'b' });
    expect(placeOn(state, execution)).toBe('b');
  });

  test('to no worker that drains or is gone', () => {
    const state = shard();
    const execution = requested(state, 'e1');
    for (const last of [{ draining: true }, { gone: true }]) {
      giveSlots(state, 9, { workerId: 'a' });
      const pools = [{ pool: 'system', slots: 9 }];
      state.fleet.know(create(d.WorkerCapacitySchema, { workerId: 'a', pools, ...last }));
      expect(placeOn(state, execution)).toBeUndefined();
    }
  });
});

test('what no worker can be given is told with the reason', () => {
  const state = shard();
  const execution = requested(state, 'e1', { gpu: 'yes' });
  expect(whyUnplaced(state, execution)).toBe('no-worker');
  giveSlots(state, 1, { workerId: 'a' });
  expect(whyUnplaced(state, execution)).toBe('labels-missing');
  giveSlots(state, 1, { workerId: 'b', labels: { gpu: 'yes' } });
  expect(whyUnplaced(state, execution)).toBeUndefined();
  released(state, requested(state, 'e2').id, 'b');
  expect(whyUnplaced(state, execution)).toBe('workers-busy');
});
