import { describe, expect, test } from '@jest/globals';
import { attempt as a, create, dispatch as d, task as t } from '#libs/contracts';
import { Definitions } from '../definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from '../dispatch.js';
import { DispatchState } from '../state.js';
import { giveSlots } from '../testing/give-slots.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');

function shard(): DispatchState {
  const state = new DispatchState(new Definitions());
  giveSlots(state, 9);
  const event = create(t.TaskCreatedSchema, {
    taskId: 't1',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000 },
    schedules: [{ id: 's1', enabled: true }],
    enabled: true,
  });
  state.definitions.define('default', 't1', event, 1, NINE);
  return state;
}

function decide(state: DispatchState, inputs: Partial<DispatchDecisionInputs>) {
  const none = { silences: [], facts: [], commands: [], slots: [] };
  return decideDispatch(state, { ...none, nowMs: NINE, ...inputs });
}

function when(state: DispatchState, inputs: Partial<DispatchDecisionInputs> = {}): string[] {
  return decide(state, inputs).events.map(({ event }) =>
    event.$typeName.slice('dispatch.v1.'.length),
  );
}

function command(id: string, body: d.Command['body']): d.Command {
  return create(d.CommandSchema, { id, account: 'default', body });
}

function start(slots: number, concurrency = 2): d.Command {
  const value = create(d.StartBackfillSchema, {
    taskId: 't1',
    scheduleId: 's1',
    concurrency,
    slots: Array.from({ length: slots }, (_, day) => ({
      scheduleRevision: 1,
      local: `2026-10-0${day + 1}T09:00:00`,
      zone: 'UTC',
      dueAtMs: NINE - day,
    })),
  });
  return command('c1', { case: 'startBackfill', value });
}

function change(state: DispatchState, how: d.BackfillChange): string[] {
  const [backfill] = state.backfills.all();
  const value = create(d.ChangeBackfillSchema, { backfillId: backfill?.id ?? '', change: how });
  return when(state, { commands: [command(`change ${how}`, { case: 'changeBackfill', value })] });
}

/** Ends every run that is offered. */
function endAll(state: DispatchState): string[] {
  const facts = [...state.executions.values()].flatMap(({ id: executionId, fence }) => [
    create(a.AttemptStartedSchema, { executionId, fence, workerId: 'w', startedAtMs: NINE }),
    create(a.AttemptEndedSchema, {
      executionId,
      fence,
      workerId: 'w',
      endedAtMs: NINE,
      outcome: a.AttemptOutcome.SUCCEEDED,
    }),
  ]);
  return when(state, { facts });
}

const count = (events: readonly string[], name: string) =>
  events.filter((event) => event === name).length;

describe('a backfill', () => {
  test('runs its slots, no more at a time than it may, and finishes with the last', () => {
    const state = shard();
    const first = when(state, { commands: [start(3)] });
    expect(count(first, 'ExecutionRequested')).toBe(2);
    const second = endAll(state);
    expect(count(second, 'ExecutionRequested')).toBe(1);
    expect(second).not.toContain('BackfillFinished');
    expect(endAll(state)).toContain('BackfillFinished');
    expect([...state.backfills.all()]).toEqual([]);
  });

  test('marks its runs, and is nobody’s overlap', () => {
    const state = shard();
    const { events } = decide(state, { commands: [start(2)] });
    const requested = events.flatMap(({ event }) =>
      event.$typeName === 'dispatch.v1.ExecutionRequested' ? [event] : [],
    );
    expect(requested).toMatchObject([
      { trigger: d.Trigger.BACKFILL, slot: { local: '2026-10-01T09:00:00' } },
      { trigger: d.Trigger.BACKFILL, slot: { local: '2026-10-02T09:00:00' } },
    ]);
  });

  test('can be paused, resumed and cancelled', () => {
    const state = shard();
    when(state, { commands: [start(9, 1)] });
    expect(change(state, d.BackfillChange.PAUSE)).toEqual(['BackfillChanged']);
    expect(count(endAll(state), 'ExecutionRequested')).toBe(0);
    expect(change(state, d.BackfillChange.RESUME)).toContain('ExecutionRequested');
    expect(change(state, d.BackfillChange.CANCEL)).toEqual(['BackfillChanged']);
    expect(endAll(state)).toContain('BackfillFinished');
  });

  test('the same command again starts nothing', () => {
    const state = shard();
    when(state, { commands: [start(1)] });
    expect(when(state, { commands: [start(1)] })).toEqual([]);
  });

  test.each([
    ['no slots', start(0), 'slots-invalid'],
    ['no room', start(1, 0), 'concurrency-invalid'],
  ])('with %s is refused', (_, given, code) => {
    expect(decide(shard(), { commands: [given] }).answers).toMatchObject([{ code }]);
  });

  test('ends when its task is deleted', () => {
    const state = shard();
    when(state, { commands: [start(9, 1)] });
    state.definitions.define('default', 't1', create(t.TaskDeletedSchema), 2, NINE);
    expect(endAll(state)).toEqual(expect.arrayContaining(['BackfillChanged', 'BackfillFinished']));
  });
});

describe('a backfill under a key', () => {
  const keyed = (slots: number, chosenBy = ''): d.Command => {
    const one = start(slots);
    if (one.body.case !== 'startBackfill') throw new Error('is one');
    const value = { ...one.body.value, chosenBy };
    return { ...one, keyed: true, body: { case: 'startBackfill', value } };
  };
  const answer = (state: DispatchState, asked: d.Command) =>
    decide(state, { commands: [asked] }).answers[0];

  test('is refused when it comes again for other slots, or another range', () => {
    const state = shard();
    answer(state, keyed(3));
    expect(answer(state, keyed(2))).toMatchObject({ code: 'idempotency-key-reused' });
    const other = shard();
    answer(other, keyed(3, 'October'));
    expect(answer(other, keyed(3, 'November'))).toMatchObject({ code: 'idempotency-key-reused' });
  });

  test('is answered as the first when it comes again, although nothing of its range is left', () => {
    const state = shard();
    const first = answer(state, keyed(3, 'October'));
    expect(first).toMatchObject({ accepted: true });
    expect(answer(state, keyed(0, 'October'))).toEqual(first);
  });
});
