import { expect, test } from '@jest/globals';
import { create, dispatch as d, worker as w } from '#libs/contracts';
import { Definitions, DispatchState } from '#libs/domain';
import { stopsFor } from './stop-signals.js';

const SHARD = 0;

/** One run, given out twice: the second time to the other worker. */
function stateAfterTwo(): DispatchState {
  const state = new DispatchState(new Definitions());
  const of = { executionId: 'one', account: 'default', attempt: 1 };
  state.evolve(
    create(d.ExecutionRequestedSchema, { ...of, spec: { taskId: 't1', pool: 'system' } }),
    1,
  );
  state.evolve(create(d.AttemptReleasedSchema, { ...of, fence: 1, workerId: 'w1' }), 2);
  const cause = d.LossCause.WORKER_SILENT;
  state.evolve(create(d.AttemptLostSchema, { ...of, fence: 1, workerId: 'w1', cause }), 3);
  state.evolve(create(d.AttemptReleasedSchema, { ...of, fence: 2, workerId: 'w2' }), 4);
  return state;
}

function stops(workerId: string, executionId: string, fence: number) {
  const running = [{ executionId, fence, shard: SHARD }];
  const heartbeat = create(w.HeartbeatSchema, { workerId, running });
  return [...stopsFor(stateAfterTwo(), heartbeat, SHARD)].map(({ cause }) => w.StopCause[cause]);
}

test('ends what was given to another worker since, or has ended', () => {
  expect(stops('w1', 'one', 1)).toEqual(['SUPERSEDED']);
  expect(stops('w1', 'ended long ago', 1)).toEqual(['SUPERSEDED']);
  expect(stops('w2', 'one', 2)).toEqual([]);
});

test('leaves alone what a newer owner has given out', () => {
  expect(stops('w1', 'one', 3)).toEqual([]);
  expect(stops('w1', 'requested since', 4)).toEqual([]);
});
