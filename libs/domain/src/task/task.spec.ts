import { describe, expect, test } from '@jest/globals';
import { create, type TaskEvent, task as t } from '#libs/contracts';
import { isRejection } from '../decider.js';
import { type TaskCommand, type TaskState, taskDecider } from './task.js';

/** Of a message, those that a test wants to say. */
type Fields<T> = Partial<Omit<T, '$typeName' | '$unknown'>>;

const RETRY = {
  maxRetries: 1,
  initialDelayMs: 1_000,
  backoffMultiplier: 2,
  maxDelayMs: 60_000,
};
const settings = (more: Fields<t.Settings> = {}) =>
  create(t.SettingsSchema, {
    timeoutMs: 60_000,
    retryPolicy: create(t.RetryPolicySchema, RETRY),
    ...more,
  });

const draft = (more: Fields<t.TaskDraft> = {}): t.TaskDraft =>
  create(t.TaskDraftSchema, {
    name: 'Nightly report',
    type: t.TaskType.SYSTEM,
    target: create(t.TargetSchema, { systemTask: 'noop' }),
    parametersJson: '{}',
    settings: settings(),
    schedules: [
      create(t.ScheduleSchema, { cron: '0 9 * * *', zone: 'Europe/Berlin', enabled: true }),
    ],
    enabled: true,
    ...more,
  });

const creation = { type: 'create', taskId: 't1', commandId: 'c1', draft: draft() } as const;

function given(...commands: TaskCommand[]): TaskState {
  let state = taskDecider.initial;
  for (const command of commands) {
    const decision = taskDecider.decide(command, state);
    if (isRejection(decision)) throw new Error(decision.message);
    state = decision.reduce(taskDecider.evolve, state);
  }
  return state;
}

function when(state: TaskState, command: TaskCommand) {
  return taskDecider.decide(command, state);
}

function names(decision: ReturnType<typeof when>): string[] {
  if (isRejection(decision)) throw new Error(decision.message);
  return decision.map(({ $typeName }) => $typeName.slice('task.v1.'.length));
}

function schedulesOf(state: TaskState): readonly t.Schedule[] {
  return state.status === 'active' || state.status === 'paused' ? state.schedules : [];
}

describe('creating a task', () => {
  test('records it whole, each schedule with an id and a first revision', () => {
    const state = given(creation);
    expect(state.status).toBe('active');
    expect(schedulesOf(state)).toMatchObject([{ revision: 1, cron: '0 9 * * *' }]);
    expect(schedulesOf(state)[0]?.id).toMatch(/^[0-9a-f-]{36}$/);
  });

  test('is quiet when the same command comes again', () => {
    expect(names(when(given(creation), creation))).toEqual([]);
  });

  test('begins paused when it is not enabled', () => {
    expect(given({ ...creation, draft: draft({ enabled: false }) }).status).toBe('paused');
  });

  test.each<[string, Fields<t.TaskDraft>, string, string]>([
    ['a blank name', { name: '  ' }, 'name-invalid', '/name'],
    ['no target', { target: create(t.TargetSchema) }, 'target-invalid', '/target/systemTask'],
    ['an unknown type', { type: t.TaskType.UNSPECIFIED }, 'target-invalid', '/type'],
    [
      'parameters that are no object',
      { parametersJson: '[1]' },
      'parameters-invalid',
      '/parameters',
    ],
    ['broken parameters', { parametersJson: '{' }, 'parameters-invalid', '/parameters'],
    [
      'a cron that nobody can read',
      { schedules: [create(t.ScheduleSchema, { cron: '61 * * * *', zone: 'UTC' })] },
      'schedule-invalid',
      '/schedules/0/cron',
    ],
    [
      'an unknown zone',
      { schedules: [create(t.ScheduleSchema, { cron: '* * * * *', zone: 'Mars/Phobos' })] },
      'schedule-invalid',
      '/schedules/0/timezone',
    ],
    [
      'a timeout of nothing',
      { settings: create(t.SettingsSchema, { timeoutMs: 0 }) },
      'settings-invalid',
      '/settings/timeout',
    ],
  ])('refuses %s', (_, fault, code, field) => {
    const decision = when(taskDecider.initial, { ...creation, draft: draft(fault) });
    expect(decision).toMatchObject({ rejected: code, field });
  });
});

describe('a retry policy', () => {
  test.each<[string, Fields<t.RetryPolicy>, string]>([
    ['more retries than a hundred', { maxRetries: 101 }, 'maxRetries'],
    ['a delay of more than 30 days', { initialDelayMs: 31 * 86_400_000 }, 'initialDelay'],
    ['a delay that is no number', { maxDelayMs: Number.NaN }, 'maxDelay'],
    ['a shrinking backoff', { backoffMultiplier: 0.5 }, 'backoffMultiplier'],
    ['a jitter of more than all', { jitter: 1.1 }, 'jitter'],
    ['a code that nobody writes so', { finalErrors: ['HTTP_*', 'not so'] }, 'finalErrors/1'],
    ['too many codes', { retriedErrors: Array<string>(51).fill('A') }, 'retriedErrors'],
  ])('refuses %s', (_, fault, field) => {
    const retryPolicy = create(t.RetryPolicySchema, { ...RETRY, ...fault });
    const decision = when(taskDecider.initial, {
      ...creation,
      draft: draft({ settings: settings({ retryPolicy }) }),
    });
    expect(decision).toMatchObject({
      rejected: 'settings-invalid',
      field: `/settings/retryPolicy/${field}`,
    });
  });
});

describe('deadlines and grace', () => {
  test.each<[string, Fields<t.Settings>, string]>([
    ['a deadline of more than 90 days', { totalDeadlineMs: 91 * 86_400_000 }, 'totalDeadline'],
    ['a deadline in the past', { startDeadlineMs: -1 }, 'startDeadline'],
    ['a grace of more than a minute', { stopGraceMs: 60_001 }, 'stopGrace'],
  ])('refuse %s', (_, fault, field) => {
    const decision = when(taskDecider.initial, {
      ...creation,
      draft: draft({ settings: settings(fault) }),
    });
    expect(decision).toMatchObject({ rejected: 'settings-invalid', field: `/settings/${field}` });
  });
});

describe('labels that a worker has to have', () => {
  test.each([
    [[['', 'x']]],
    [[['site', '']]],
    [[['si te', 'x']]],
    [
      [
        ['site', 'a'],
        ['site', 'b'],
      ],
    ],
    [
      [
        ['site', 'a'],
        ['gpu', 'b'],
      ],
    ],
  ])('are not %j: each key stands once, in order, and has a value', (labels) => {
    const requiredLabels = labels.map(([key = '', value = '']) =>
      create(t.LabelSchema, { key, value }),
    );
    const decision = taskDecider.decide(
      {
        type: 'create',
        taskId: 't1',
        commandId: 'c1',
        draft: draft({ settings: settings({ requiredLabels }) }),
      },
      taskDecider.initial,
    );
    expect(decision).toMatchObject({ field: '/settings/requiredLabels' });
  });
});

describe('updating a task', () => {
  const same = (state: TaskState): t.TaskDraft => draft({ schedules: [...schedulesOf(state)] });

  test('is quiet when nothing changes', () => {
    const state = given(creation);
    expect(names(when(state, { type: 'update', commandId: 'c2', draft: same(state) }))).toEqual([]);
  });

  test('records each change as a fact of its own', () => {
    const state = given(creation);
    const changed = { ...same(state), name: 'Daily report', parametersJson: '{"durationMs":1}' };
    const decision = when(state, { type: 'update', commandId: 'c2', draft: changed });
    expect(names(decision)).toEqual(['TaskRenamed', 'ParametersChanged']);
  });

  test('moves the revision of a schedule when its expression moves, and only then', () => {
    const state = given(creation);
    const [schedule] = schedulesOf(state);
    const update = (change: Partial<t.Schedule>): TaskState =>
      given(creation, {
        type: 'update',
        commandId: 'c2',
        draft: draft({ schedules: [{ ...(schedule as t.Schedule), ...change }] }),
      });
    expect(schedulesOf(update({ cron: '0 10 * * *' }))).toMatchObject([{ revision: 2 }]);
    expect(schedulesOf(update({ zone: 'Asia/Tokyo' }))).toMatchObject([{ revision: 2 }]);
    expect(schedulesOf(update({ enabled: false }))).toMatchObject([{ revision: 1 }]);
  });

  test('adds a schedule without an id, and removes one that is left out', () => {
    const state = given(creation);
    const added = create(t.ScheduleSchema, { cron: '@hourly', zone: 'UTC', enabled: true });
    const decision = when(state, {
      type: 'update',
      commandId: 'c2',
      draft: draft({ schedules: [added] }),
    });
    expect(names(decision)).toEqual(['ScheduleRemoved', 'ScheduleAdded']);
  });

  test('refuses a schedule with an id that the task does not have', () => {
    const stranger = create(t.ScheduleSchema, { id: 'x', cron: '@hourly', zone: 'UTC' });
    const command = { type: 'update', commandId: 'c2', draft: draft({ schedules: [stranger] }) };
    expect(when(given(creation), command as TaskCommand)).toMatchObject({
      rejected: 'schedule-unknown',
      field: '/schedules/0/id',
    });
  });
});

describe('pausing, resuming, deleting', () => {
  const pause = { type: 'pause', reason: 'maintenance' } as const;

  test('pauses once, and resumes once', () => {
    expect(names(when(given(creation), pause))).toEqual(['TaskPaused']);
    expect(names(when(given(creation, pause), pause))).toEqual([]);
    expect(given(creation, pause, { type: 'resume' }).status).toBe('active');
    expect(names(when(given(creation), { type: 'resume' }))).toEqual([]);
  });

  test('takes nothing more once it is deleted', () => {
    const gone = given(creation, { type: 'delete' });
    expect(when(gone, pause)).toMatchObject({ rejected: 'task-unknown' });
    expect(when(gone, creation)).toMatchObject({ rejected: 'task-unknown' });
    const late: TaskEvent = create(t.TaskRenamedSchema, { name: 'too late' });
    expect(taskDecider.evolve(gone, late)).toEqual(gone);
  });
});
