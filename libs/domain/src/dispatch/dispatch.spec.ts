import { describe, expect, test } from '@jest/globals';
import {
  attempt as a,
  create,
  dispatch as d,
  type MessageInitShape,
  task as t,
  tick,
} from '#libs/contracts';
import { Definitions } from './definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from './dispatch.js';
import { DispatchState } from './state.js';
import { giveSlots } from './testing/give-slots.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');

/** A shard with one task and as many free slots as are named. */
class Shard {
  readonly state = new DispatchState(new Definitions());
  nowMs = NINE;
  #position = 0;

  constructor(slots: number, settings: MessageInitShape<typeof t.SettingsSchema> = {}) {
    giveSlots(this.state, slots);
    this.define('t1', settings);
  }

  define(taskId: string, settings: MessageInitShape<typeof t.SettingsSchema> = {}): void {
    this.#position += 1;
    const event = create(t.TaskCreatedSchema, {
      taskId,
      name: 'Sync',
      type: t.TaskType.SYSTEM,
      target: { systemTask: 'noop' },
      parametersJson: '{"a":1,"b":2}',
      settings: { timeoutMs: 60_000, priority: t.Priority.NORMAL, ...settings },
      enabled: true,
    });
    this.state.definitions.define('default', taskId, event, this.#position, NINE);
  }

  /** Decides, and tells the events in short. */
  when(inputs: Partial<DispatchDecisionInputs> = {}): string[] {
    const none = { silences: [], facts: [], commands: [], slots: [] };
    const { events } = decideDispatch(this.state, { ...none, nowMs: this.nowMs, ...inputs });
    return events.map(({ event }) => {
      const name = event.$typeName.slice('dispatch.v1.'.length);
      if (event.$typeName === 'dispatch.v1.AttemptReleased')
        return `${name} ${event.attempt}/${event.fence}`;
      if (event.$typeName === 'dispatch.v1.ExecutionFinished')
        return `${name} ${d.ExecutionStatus[event.status]}`;
      if (event.$typeName === 'dispatch.v1.RetryPlanned')
        return `${name} +${event.dueAtMs - this.nowMs}`;
      if (event.$typeName === 'dispatch.v1.ExecutionSkipped')
        return `${name} ${d.SkipCause[event.cause]}`;
      if (event.$typeName === 'dispatch.v1.AttemptLost')
        return `${name} ${d.LossCause[event.cause]}`;
      return name;
    });
  }

  answer(command: d.Command) {
    const none = { silences: [], facts: [], slots: [] };
    return decideDispatch(this.state, { ...none, commands: [command], nowMs: this.nowMs })
      .answers[0];
  }
}

let lastSlot = 0;
function slot(more: MessageInitShape<typeof tick.SlotSchema> = {}): tick.Slot {
  lastSlot += 1;
  return create(tick.SlotSchema, {
    account: 'default',
    taskId: 't1',
    scheduleId: 's1',
    scheduleRevision: 1,
    local: `2026-11-23T09:00:${String(lastSlot % 60).padStart(2, '0')}`,
    zone: 'UTC',
    dueAtMs: NINE,
    outcome: tick.SlotOutcome.FIRED,
    cause: tick.SlotCause.DUE,
    executionId: `e${lastSlot}`,
    ...more,
  });
}

function run(id: string, more: MessageInitShape<typeof d.RunTaskSchema> = {}): d.Command {
  return create(d.CommandSchema, {
    id,
    account: 'default',
    body: { case: 'runTask', value: create(d.RunTaskSchema, { taskId: 't1', ...more }) },
  });
}

function cancel(id: string, executionId: string): d.Command {
  return create(d.CommandSchema, {
    id,
    account: 'default',
    body: { case: 'cancelExecution', value: create(d.CancelExecutionSchema, { executionId }) },
  });
}

function started(executionId: string, fence: number, workerId = 'w1'): a.AttemptStarted {
  const attempt = 1;
  return create(a.AttemptStartedSchema, {
    executionId,
    attempt,
    fence,
    workerId,
    startedAtMs: NINE,
  });
}

function ended(
  executionId: string,
  fence: number,
  outcome: a.AttemptOutcome,
  more: MessageInitShape<typeof a.AttemptEndedSchema> = {},
): a.AttemptEnded {
  return create(a.AttemptEndedSchema, {
    executionId,
    fence,
    workerId: 'w1',
    endedAtMs: NINE,
    outcome,
    ...more,
  });
}

const { SUCCEEDED, FAILED, TIMED_OUT, HANDED_BACK, CANCELLED } = a.AttemptOutcome;
const retry = { maxRetries: 2, initialDelayMs: 1_000, backoffMultiplier: 3, maxDelayMs: 2_500 };

describe('a fired slot', () => {
  test('becomes an execution, and is released at once where there is room', () => {
    expect(new Shard(1).when({ slots: [slot()] })).toEqual([
      'ExecutionRequested',
      'AttemptReleased 1/1',
    ]);
  });

  test('waits where there is none, and is released when a slot comes free', () => {
    const shard = new Shard(0);
    expect(shard.when({ slots: [slot()] })).toEqual(['ExecutionRequested']);
    giveSlots(shard.state, 1);
    expect(shard.when()).toEqual(['AttemptReleased 1/1']);
  });

  test('is skipped while the previous run of its task is open', () => {
    const shard = new Shard(9);
    shard.when({ slots: [slot()] });
    expect(shard.when({ slots: [slot()] })).toEqual(['ExecutionSkipped OVERLAP']);
  });

  test('runs beside the previous one as far as the limit of the task allows', () => {
    const shard = new Shard(9, { concurrencyLimit: 2 });
    shard.when({ slots: [slot()] });
    expect(shard.when({ slots: [slot()] })).toContain('ExecutionRequested');
    expect(shard.when({ slots: [slot()] })).toEqual(['ExecutionSkipped OVERLAP']);
  });

  test('is skipped when its task has been deleted', () => {
    expect(new Shard(1).when({ slots: [slot({ taskId: 'gone' })] })).toEqual([
      'ExecutionSkipped TASK_DELETED',
    ]);
  });

  test('leads to nothing when the ticker did not fire it', () => {
    expect(new Shard(1).when({ slots: [slot({ outcome: tick.SlotOutcome.MISSED })] })).toEqual([]);
  });
});

describe('an attempt', () => {
  const begun = (settings: MessageInitShape<typeof t.SettingsSchema> = {}) => {
    const shard = new Shard(1, settings);
    shard.when({ slots: [slot({ executionId: 'e' })] });
    shard.when({ facts: [started('e', 1)] });
    return shard;
  };

  test('is accepted by the first start with its fence; a second one is stale', () => {
    const shard = new Shard(1);
    shard.when({ slots: [slot({ executionId: 'e' })] });
    expect(shard.when({ facts: [started('e', 1, 'w1'), started('e', 1, 'w2')] })).toEqual([
      'AttemptAccepted',
      'StaleFactIgnored',
    ]);
    expect(shard.state.executions.get('e')?.workerId).toBe('w1');
  });

  test('that succeeds ends the execution', () => {
    expect(begun().when({ facts: [ended('e', 1, SUCCEEDED)] })).toEqual([
      'AttemptClosed',
      'ExecutionFinished SUCCESS',
    ]);
  });

  test('that fails is tried again by the policy, then the execution fails', () => {
    const shard = begun({ retryPolicy: retry });
    expect(shard.when({ facts: [ended('e', 1, FAILED)] })).toEqual([
      'AttemptClosed',
      'RetryPlanned +1000',
    ]);
    shard.nowMs += 999;
    expect(shard.when()).toEqual([]);
    shard.nowMs += 1;
    expect(shard.when()).toEqual(['ExecutionQueued', 'AttemptReleased 2/2']);
    shard.when({ facts: [started('e', 2)] });
    const second = ended('e', 2, TIMED_OUT, { endedAtMs: shard.nowMs });
    // 3,000 by the multiplier, capped at 2,500.
    expect(shard.when({ facts: [second] })).toEqual(['AttemptClosed', 'RetryPlanned +2500']);
    shard.nowMs += 2_500;
    shard.when();
    shard.when({ facts: [started('e', 3)] });
    expect(shard.when({ facts: [ended('e', 3, TIMED_OUT)] })).toEqual([
      'AttemptClosed',
      'ExecutionDeadLettered',
      'ExecutionFinished TIMEOUT',
    ]);
  });

  test('with a final error is not tried again', () => {
    const fact = ended('e', 1, FAILED, { error: { code: 'BAD_INPUT', final: true } });
    expect(begun({ retryPolicy: retry }).when({ facts: [fact] })).toEqual([
      'AttemptClosed',
      'ExecutionDeadLettered',
      'ExecutionFinished FAILED',
    ]);
  });

  test('handed back by a draining worker costs no retry', () => {
    expect(begun().when({ facts: [ended('e', 1, HANDED_BACK)] })).toEqual([
      'AttemptClosed',
      'RetryPlanned +0',
      'ExecutionQueued',
      'AttemptReleased 2/2',
    ]);
  });

  test('whose worker fell silent is lost, and retried by the policy', () => {
    const silences = [create(d.WorkerSilenceSchema, { workerId: 'w1', silentMs: 4_100 })];
    expect(begun().when({ silences })).toEqual([
      'AttemptLost WORKER_SILENT',
      'ExecutionDeadLettered',
      'ExecutionFinished FAILED',
    ]);
    expect(begun({ retryPolicy: retry }).when({ silences })).toEqual([
      'AttemptLost WORKER_SILENT',
      'RetryPlanned +1000',
    ]);
  });

  test('that was lost has a result without effect', () => {
    const shard = begun({ retryPolicy: retry });
    shard.when({ silences: [create(d.WorkerSilenceSchema, { workerId: 'w1' })] });
    expect(shard.when({ facts: [ended('e', 1, SUCCEEDED)] })).toEqual(['StaleFactIgnored']);
    expect(shard.state.executions.has('e')).toBe(true);
  });

  test('whose offer went astray is given out again with a higher fence, and costs no retry', () => {
    const shard = new Shard(1);
    shard.when({ slots: [slot({ executionId: 'e' })] });
    const unclaimed = [create(d.UnclaimedOfferSchema, { executionId: 'e', fence: 1 })];
    expect(shard.when({ unclaimed })).toEqual(['AttemptLost UNCLAIMED', 'AttemptReleased 1/2']);
    expect(shard.when({ facts: [started('e', 1)] })).toEqual(['StaleFactIgnored']);
    expect(shard.when({ unclaimed })).toEqual([]);
    expect(shard.when({ facts: [started('e', 2)], unclaimed })).toEqual(['AttemptAccepted']);
  });

  test('that its living worker began and no longer has is lost, and that consumes a retry', () => {
    const shard = new Shard(1);
    shard.when({ slots: [slot({ executionId: 'e' })] });
    shard.when({ facts: [started('e', 1)] });
    const stray = { executionId: 'e', fence: 1 };
    const told = (begun: boolean) => [create(d.UnclaimedOfferSchema, { ...stray, begun })];
    expect(shard.when({ unclaimed: told(false) })).toEqual([]);
    expect(shard.when({ unclaimed: told(true) })[0]).toBe('AttemptLost FORGOTTEN');
  });

  test('whose offer its worker gives back is given out again after a moment, and costs no retry', () => {
    const shard = new Shard(1);
    shard.when({ slots: [slot({ executionId: 'e' })] });
    expect(shard.when({ facts: [ended('e', 1, HANDED_BACK)] })).toEqual([
      'AttemptLost DECLINED',
      'RetryPlanned +50',
    ]);
    shard.nowMs += 50;
    expect(shard.when()).toEqual(['ExecutionQueued', 'AttemptReleased 1/2']);
  });

  test('that was offered to a worker that fell silent may have begun: it is lost, and that counts', () => {
    const shard = new Shard(1, { retryPolicy: retry });
    shard.when({ slots: [slot({ executionId: 'e' })] });
    const silences = [create(d.WorkerSilenceSchema, { workerId: 'w1', silentMs: 4_100 })];
    expect(shard.when({ silences })).toEqual(['AttemptLost WORKER_SILENT', 'RetryPlanned +1000']);
  });

  test('without an end long after its timeout is lost', () => {
    const shard = begun();
    shard.nowMs += 60_000 + 30_000;
    expect(shard.when()).toEqual([
      'AttemptLost OVERDUE',
      'ExecutionDeadLettered',
      'ExecutionFinished FAILED',
    ]);
  });
});

describe('commands', () => {
  test('a run is accepted, with the task’s parameters and those of the call', () => {
    const shard = new Shard(1);
    expect(shard.when({ commands: [run('c1', { parametersJson: '{"b":3}' })] })).toContain(
      'ExecutionRequested',
    );
    const [execution] = shard.state.executions.values();
    expect(JSON.parse(execution?.spec.parametersJson ?? '')).toEqual({ a: 1, b: 3 });
  });

  test('the same command again gets the same execution and changes nothing', () => {
    const shard = new Shard(1);
    const first = shard.answer(run('c1'));
    expect(shard.when({ commands: [run('c1')] })).toEqual([]);
    expect(shard.answer(run('c1'))).toMatchObject({
      executionId: first?.accepted === true ? first.executionId : '?',
    });
  });

  test('a run tells how many stand before it, by priority', () => {
    const shard = new Shard(0);
    const { HIGH, NORMAL } = t.Priority;
    expect(shard.answer(run('c1', { priority: NORMAL }))).toMatchObject({ queuePosition: 0 });
    expect(shard.answer(run('c2', { priority: NORMAL }))).toMatchObject({ queuePosition: 1 });
    expect(shard.answer(run('c3', { priority: HIGH }))).toMatchObject({ queuePosition: 0 });
    giveSlots(shard.state, 1);
    shard.when();
    const offered = [...shard.state.executions.values()].find(({ phase }) => phase === 'offered');
    expect(offered?.priority).toBe(HIGH);
  });

  test('an unknown task is refused, and nothing is recorded', () => {
    const shard = new Shard(1);
    expect(shard.answer(run('c1', { taskId: 'gone' }))).toMatchObject({ code: 'task-unknown' });
    expect(shard.when({ commands: [run('c1', { taskId: 'gone' })] })).toEqual([]);
  });

  test('a cancel ends what waits at once, and what runs when its worker says so', () => {
    const waiting = new Shard(0);
    waiting.when({ slots: [slot({ executionId: 'e' })] });
    expect(waiting.when({ commands: [cancel('c1', 'e')] })).toEqual([
      'CancelRequested',
      'ExecutionFinished CANCELLED',
    ]);
    const running = new Shard(1, { retryPolicy: retry });
    running.when({ slots: [slot({ executionId: 'e' })] });
    running.when({ facts: [started('e', 1)] });
    expect(running.when({ commands: [cancel('c1', 'e')] })).toEqual(['CancelRequested']);
    expect(running.when({ facts: [ended('e', 1, CANCELLED)] })).toEqual([
      'AttemptClosed',
      'ExecutionFinished CANCELLED',
    ]);
    expect(running.answer(cancel('c2', 'e'))).toMatchObject({ code: 'execution-unknown' });
  });

  test('runs of a task are held at its concurrency limit', () => {
    const shard = new Shard(9, { concurrencyLimit: 2 });
    const events = shard.when({ commands: ['c1', 'c2', 'c3'].map((id) => run(id)) });
    expect(events.filter((event) => event.startsWith('AttemptReleased'))).toHaveLength(2);
  });
});
