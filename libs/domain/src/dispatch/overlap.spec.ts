import { describe, expect, test } from '@jest/globals';
import {
  attempt as a,
  create,
  dispatch as d,
  type MessageInitShape,
  maintenance as m,
  task as t,
  tick,
} from '#libs/contracts';
import { Definitions } from './definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from './dispatch.js';
import { DispatchState } from './state.js';
import { giveSlots } from './testing/give-slots.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const { SKIP, BUFFER_ONE, BUFFER_ALL, CANCEL_OTHER, TERMINATE_OTHER, ALLOW_ALL } = t.OverlapPolicy;

let nowMs = NINE;

function shardWith(overlap: MessageInitShape<typeof t.OverlapSchema>): DispatchState {
  nowMs = NINE;
  const state = new DispatchState(new Definitions());
  giveSlots(state, 9);
  const event = create(t.TaskCreatedSchema, {
    taskId: 't1',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000 },
    schedules: [{ id: 's1', enabled: true, overlap }],
    enabled: true,
  });
  state.definitions.define('default', 't1', event, 1, NINE);
  return state;
}

function when(state: DispatchState, inputs: Partial<DispatchDecisionInputs>): string[] {
  const none = { silences: [], facts: [], commands: [], slots: [] };
  return decideDispatch(state, { ...none, nowMs, ...inputs }).events.map(
    ({ event, executionId }) => {
      const name = event.$typeName.slice('dispatch.v1.'.length);
      const cause =
        event.$typeName === 'dispatch.v1.ExecutionSkipped' ? ` ${d.SkipCause[event.cause]}` : '';
      return `${executionId} ${name}${cause}`;
    },
  );
}

function slot(executionId: string, effectiveAtMs = nowMs): tick.Slot {
  return create(tick.SlotSchema, {
    account: 'default',
    taskId: 't1',
    scheduleId: 's1',
    scheduleRevision: 1,
    local: '2026-11-23T09:00:00',
    zone: 'UTC',
    dueAtMs: nowMs,
    effectiveAtMs,
    outcome: tick.SlotOutcome.FIRED,
    cause: tick.SlotCause.DUE,
    executionId,
  });
}

/** A shard whose run `e1` is going on. */
function busy(overlap: MessageInitShape<typeof t.OverlapSchema>): DispatchState {
  const state = shardWith(overlap);
  when(state, { slots: [slot('e1')] });
  const fence = state.fence;
  when(state, {
    facts: [
      create(a.AttemptStartedSchema, {
        executionId: 'e1',
        fence,
        workerId: 'w1',
        startedAtMs: nowMs,
      }),
    ],
  });
  return state;
}

function end(state: DispatchState, outcome = a.AttemptOutcome.SUCCEEDED): string[] {
  const { fence = 0 } = state.executions.get('e1') ?? {};
  return when(state, {
    facts: [create(a.AttemptEndedSchema, { executionId: 'e1', fence, endedAtMs: nowMs, outcome })],
  });
}

describe('while a run of the task is open, a slot', () => {
  test('is skipped under skip', () => {
    expect(when(busy({ policy: SKIP }), { slots: [slot('e2')] })).toEqual([
      'e2 ExecutionSkipped OVERLAP',
    ]);
  });

  test('waits under buffer one, and the next is skipped', () => {
    const state = busy({ policy: BUFFER_ONE });
    expect(when(state, { slots: [slot('e2')] })).toEqual(['e2 ExecutionRequested']);
    expect(when(state, { slots: [slot('e3')] })).toEqual(['e3 ExecutionSkipped BUFFER_FULL']);
    expect(end(state)).toEqual(['e1 AttemptClosed', 'e1 ExecutionFinished', 'e2 AttemptReleased']);
  });

  test('waits under buffer all, as many as the limit, and they run one after another', () => {
    const state = busy({ policy: BUFFER_ALL, bufferLimit: 2 });
    for (const id of ['e2', 'e3']) expect(when(state, { slots: [slot(id)] })).toHaveLength(1);
    expect(when(state, { slots: [slot('e4')] })).toEqual(['e4 ExecutionSkipped BUFFER_FULL']);
    expect(end(state).filter((event) => event.includes('Released'))).toEqual([
      'e2 AttemptReleased',
    ]);
  });

  test('waits also while the run before it waits for its retry', () => {
    const state = busy({ policy: BUFFER_ONE });
    const [execution] = state.executions.values();
    if (execution?.spec.settings)
      execution.spec.settings.retryPolicy = create(t.RetryPolicySchema, {
        maxRetries: 1,
        initialDelayMs: 5_000,
        backoffMultiplier: 1,
      });
    when(state, { slots: [slot('e2')] });
    expect(end(state, a.AttemptOutcome.FAILED)).toEqual(['e1 AttemptClosed', 'e1 RetryPlanned']);
    expect(when(state, {})).toEqual([]);
  });

  test.each([
    [CANCEL_OTHER, false],
    [TERMINATE_OTHER, true],
  ])('ends the other under policy %d, and runs after it', (policy, force) => {
    const state = busy({ policy });
    expect(when(state, { slots: [slot('e2')] })).toEqual([
      'e1 CancelRequested',
      'e2 ExecutionRequested',
    ]);
    expect(state.executions.get('e1')?.force).toBe(force);
    expect(end(state, a.AttemptOutcome.CANCELLED)).toContain('e2 AttemptReleased');
  });

  test('runs beside it under allow all', () => {
    expect(when(busy({ policy: ALLOW_ALL }), { slots: [slot('e2')] })).toEqual([
      'e2 ExecutionRequested',
      'e2 AttemptReleased',
    ]);
  });
});

describe('a slot with a later effective instant', () => {
  test('is requested at once, and starts at that instant', () => {
    const state = shardWith({});
    expect(when(state, { slots: [slot('e1', NINE + 5_000)] })).toEqual(['e1 ExecutionRequested']);
    nowMs = NINE + 4_999;
    expect(when(state, {})).toEqual([]);
    nowMs = NINE + 5_000;
    expect(when(state, {})).toEqual(['e1 ExecutionQueued', 'e1 AttemptReleased']);
  });

  test('is in nobody’s way until then, and meets the overlap rule when it comes', () => {
    const state = shardWith({});
    when(state, { slots: [slot('e1', NINE + 5_000)] });
    expect(when(state, { slots: [slot('e2')] })).toContain('e2 AttemptReleased');
    nowMs = NINE + 5_000;
    expect(when(state, {})).toEqual(['e1 ExecutionSkipped OVERLAP']);
    expect(state.executions.has('e1')).toBe(false);
  });
});

describe('during a maintenance', () => {
  const held = (aftermath: m.Aftermath, overlap: t.OverlapPolicy): DispatchState => {
    const state = shardWith({ policy: overlap });
    const planned = { maintenanceId: 'm1', fromMs: NINE, untilMs: NINE + 60_000, aftermath };
    const event = create(m.MaintenancePlannedSchema, planned);
    state.definitions.define('default', 'm1', event, 2, NINE);
    return state;
  };

  test('slots are held, the latest replaces the one before, and runs when it ends', () => {
    const state = held(m.Aftermath.LATEST, SKIP);
    expect(when(state, { slots: [slot('e1')] })).toEqual(['e1 ExecutionRequested']);
    expect(when(state, { slots: [slot('e2')] })).toEqual([
      'e1 ExecutionSkipped SUPERSEDED',
      'e2 ExecutionRequested',
    ]);
    nowMs = NINE + 59_999;
    expect(when(state, {})).toEqual([]);
    nowMs = NINE + 60_000;
    expect(when(state, {})).toEqual(['e2 AttemptReleased']);
  });

  test('the one that was replaced names the maintenance, and what it would have run', () => {
    const state = held(m.Aftermath.LATEST, SKIP);
    when(state, { slots: [slot('e1')] });
    const none = { silences: [], facts: [], commands: [] };
    const { events } = decideDispatch(state, { ...none, nowMs, slots: [slot('e2')] });
    expect(events[0]?.event).toMatchObject({
      executionId: 'e1',
      maintenanceId: 'm1',
      type: t.TaskType.SYSTEM,
      pool: 'system',
    });
  });

  test('all of them are held and run in turn, when that is wanted', () => {
    const state = held(m.Aftermath.ALL, SKIP);
    expect(when(state, { slots: [slot('e1'), slot('e2')] })).toEqual([
      'e1 ExecutionRequested',
      'e2 ExecutionRequested',
    ]);
    nowMs = NINE + 60_000;
    expect(when(state, {})).toEqual(['e1 AttemptReleased']);
  });

  test('a run by hand goes on', () => {
    const state = held(m.Aftermath.LATEST, SKIP);
    const command = create(d.CommandSchema, {
      id: 'c1',
      account: 'default',
      body: { case: 'runTask', value: create(d.RunTaskSchema, { taskId: 't1' }) },
    });
    expect(when(state, { commands: [command] })).toHaveLength(2);
  });
});
