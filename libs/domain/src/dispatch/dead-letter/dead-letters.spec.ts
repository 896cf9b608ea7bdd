import { describe, expect, test } from '@jest/globals';
import { attempt as a, create, dispatch as d, task as t } from '#libs/contracts';
import { DEAD_LETTERS_MAX, REDRIVE_MAX, SHARED_LOSSES_FREE } from '../limits.js';
import { NINE, ShardUnderTest } from '../testing/shard-under-test.js';

const retries = (maxRetries: number) => ({
  retryPolicy: { maxRetries, initialDelayMs: 1_000, backoffMultiplier: 1, maxDelayMs: 0 },
});

const causes = (shard: ShardUnderTest) =>
  shard.journal.flatMap(({ event }) =>
    event.$typeName === 'dispatch.v1.ExecutionDeadLettered' ? [d.DeadLetterCause[event.cause]] : [],
  );

const kept = (shard: ShardUnderTest) => [...shard.state.deadLetters.all()].map(({ id }) => id);

/** As many dead letters as are named. */
function withDead(count: number): { shard: ShardUnderTest; ids: string[] } {
  const shard = new ShardUnderTest();
  const ids = Array.from({ length: count }, (_, n) => shard.run(`c${n}`, `{"n":${n}}`));
  for (const id of ids) shard.failOnce(id);
  return { shard, ids };
}

const redrive = (executionId: string, parametersJson = '', note = ''): d.Command['body'] => ({
  case: 'redrive',
  value: create(d.RedriveSchema, { executionId, parametersJson, note }),
});

const startRedrive = (executionIds: readonly string[], perMinute: number): d.Command['body'] => ({
  case: 'startRedrive',
  value: create(d.StartRedriveSchema, { executionIds: [...executionIds], perMinute }),
});

const discard = (executionIds: readonly string[], note = ''): d.Command['body'] => ({
  case: 'discardDeadLetters',
  value: create(d.DiscardDeadLettersSchema, { executionIds: [...executionIds], note }),
});

const requested = (shard: ShardUnderTest) =>
  shard.journal.flatMap(({ event }) =>
    event.$typeName === 'dispatch.v1.ExecutionRequested' ? [event] : [],
  );

describe('a process that goes down with others on it', () => {
  const lost = { code: 'CHILD_SHARED_LOST' };
  const { HANDED_BACK } = a.AttemptOutcome;

  test('costs neither a retry nor is it poison, three times', () => {
    const shard = new ShardUnderTest({ retryPolicy: { maxRetries: 0 } });
    const id = shard.run('c');
    for (let loss = 1; loss <= SHARED_LOSSES_FREE; loss++) {
      shard.begin(id);
      expect(shard.end(id, HANDED_BACK, lost)).toContain('RetryPlanned');
      expect(shard.state.executions.get(id)).toMatchObject({
        failures: 0,
        crashes: 0,
        phase: 'offered',
      });
    }
    shard.begin(id);
    expect(shard.end(id, HANDED_BACK, lost)).toContain('ExecutionDeadLettered');
  });

  test('leaves what a drain hands back free', () => {
    const shard = new ShardUnderTest({ retryPolicy: { maxRetries: 1, initialDelayMs: 1_000 } });
    const id = shard.run('c');
    for (let loss = 0; loss <= SHARED_LOSSES_FREE; loss++) {
      shard.begin(id);
      shard.end(id, HANDED_BACK, lost);
    }
    expect(shard.state.executions.get(id)).toMatchObject({ failures: 1, crashes: 1 });
    shard.after(1_000);
    shard.begin(id);
    shard.end(id, HANDED_BACK, { code: 'WORKER_DRAINED' });
    expect(shard.state.executions.get(id)).toMatchObject({ failures: 1, phase: 'offered' });
  });
});

describe('an execution becomes a dead letter', () => {
  test('when the last of its retries failed', () => {
    const shard = new ShardUnderTest(retries(1));
    const id = shard.run('c1');
    expect(shard.failOnce(id)).toEqual(['AttemptClosed', 'RetryPlanned']);
    shard.after(1_000);
    expect(shard.failOnce(id)).toContain('ExecutionDeadLettered');
    expect([causes(shard), kept(shard)]).toEqual([['EXHAUSTED'], [id]]);
  });

  test('when an error is final, however many retries are left', () => {
    const shard = new ShardUnderTest(retries(9));
    shard.failOnce(shard.run('c1'), { code: 'BAD_INPUT', final: true });
    expect(causes(shard)).toEqual(['FINAL']);
  });

  test('when it crashed three times, lost with its worker or dead with its child', () => {
    const shard = new ShardUnderTest(retries(9));
    const id = shard.run('c1');
    shard.begin(id);
    shard.lose();
    shard.after(1_000);
    shard.failOnce(id, { code: 'CHILD_CRASHED' });
    shard.after(1_000);
    shard.begin(id);
    expect(shard.lose()).toContain('ExecutionDeadLettered');
    expect(causes(shard)).toEqual(['POISON']);
  });

  test('but not when it was cancelled, or its task wants none', () => {
    const shard = new ShardUnderTest({ noDeadLetter: true });
    expect(shard.failOnce(shard.run('c1'))).toEqual(['AttemptClosed', 'ExecutionFinished']);
    const other = new ShardUnderTest();
    const id = other.run('c1');
    other.begin(id);
    other.end(id, a.AttemptOutcome.CANCELLED);
    expect(causes(other)).toEqual([]);
  });

  test('with its input kept over a restart', () => {
    const { shard, ids } = withDead(2);
    shard.restart();
    expect(kept(shard)).toEqual(ids);
    expect(shard.state.deadLetters.get('default', ids[1] ?? '')?.parametersJson).toBe(
      '{"a":1,"n":1}',
    );
  });
});

test('an account keeps so many, and the oldest is discarded with a word', () => {
  const { shard, ids } = withDead(1);
  const event = (n: number) => create(d.ExecutionDeadLetteredSchema, dead(`old ${n}`));
  for (let n = 1; n < DEAD_LETTERS_MAX; n++) shard.state.evolve(event(n), shard.nowMs);
  expect(shard.failOnce(shard.run('more'))).toEqual([
    'AttemptClosed',
    'ExecutionDeadLettered',
    'ExecutionFinished',
    'DeadLettersDiscarded',
  ]);
  expect(shard.journal.at(-1)?.event).toMatchObject({
    cause: d.DiscardCause.ROOM,
    executionIds: ids,
  });
  expect(kept(shard)).toHaveLength(DEAD_LETTERS_MAX);
});

const dead = (executionId: string) => ({ executionId, account: 'default', taskId: 't1' });

describe('running one again', () => {
  test('takes its input, links both, and takes it off the list', () => {
    const { shard, ids } = withDead(1);
    const [id = ''] = ids;
    const answer = shard.answer('again', redrive(id));
    const again = requested(shard).at(-1);
    expect(again).toMatchObject({ retryOf: id, redriveOf: id, trigger: d.Trigger.RETRY });
    expect(again?.spec?.parametersJson).toBe('{"a":1,"n":0}');
    expect(answer).toMatchObject({ accepted: true, executionId: again?.executionId });
    expect(kept(shard)).toEqual([]);
  });

  test('takes an edited input whole', () => {
    const { shard, ids } = withDead(1);
    shard.answer('again', redrive(ids[0] ?? '', '{"b":2}'));
    expect(requested(shard).at(-1)?.spec?.parametersJson).toBe('{"b":2}');
  });

  test('is refused once it is gone, and for an input that is no object', () => {
    const { shard, ids } = withDead(1);
    const [id = ''] = ids;
    expect(shard.answer('x', redrive(id, '[1]'))).toMatchObject({ code: 'parameters-invalid' });
    shard.answer('again', redrive(id));
    expect(shard.answer('twice', redrive(id))).toMatchObject({ code: 'dead-letter-unknown' });
  });

  test('happens as well by a retry of the execution', () => {
    const { shard, ids } = withDead(1);
    const value = create(d.RetryExecutionSchema, {
      executionId: ids[0] ?? '',
      taskId: 't1',
      parametersJson: '{}',
    });
    shard.answer('retry', { case: 'retryExecution', value });
    expect(kept(shard)).toEqual([]);
  });

  test('that fails again leaves a dead letter of its own', () => {
    const { shard, ids } = withDead(1);
    const answer = shard.answer('again', redrive(ids[0] ?? ''));
    if (!answer?.accepted) throw new Error('it was refused');
    shard.failOnce(answer.executionId);
    expect(kept(shard)).toEqual([answer.executionId]);
  });
});

describe('a redrive', () => {
  const startedAt = (shard: ShardUnderTest) =>
    requested(shard)
      .filter(({ redriveId }) => redriveId !== '')
      .map(({ requestedAtMs }) => requestedAtMs - NINE);

  test('starts so many a minute, in order, and finishes with the last end', () => {
    const { shard, ids } = withDead(3);
    shard.answer('r', startRedrive(ids, 60));
    while (startedAt(shard).length < 3) shard.after(500);
    expect(startedAt(shard)).toEqual([0, 1_000, 2_000]);
    expect(
      requested(shard)
        .slice(3)
        .map(({ redriveOf }) => redriveOf),
    ).toEqual(ids);
    const open = [...shard.state.executions.keys()];
    for (const id of open) {
      shard.begin(id);
      shard.end(id, a.AttemptOutcome.SUCCEEDED);
    }
    expect(shard.journal.at(-1)?.event.$typeName).toBe('dispatch.v1.RedriveFinished');
  });

  test('goes on after a restart where it was, and makes up for no outage', () => {
    const { shard, ids } = withDead(9);
    shard.answer('r', startRedrive(ids, 60));
    shard.restart();
    shard.after(60_000);
    expect(startedAt(shard).length).toBeLessThanOrEqual(3);
  });

  test('can be cancelled: what was started goes on, the rest stays a dead letter', () => {
    const { shard, ids } = withDead(3);
    const answer = shard.answer('r', startRedrive(ids, 1));
    if (!answer?.accepted) throw new Error('it was refused');
    const value = create(d.CancelRedriveSchema, { redriveId: answer.executionId });
    shard.answer('stop', { case: 'cancelRedrive', value });
    shard.after(600_000);
    expect(kept(shard)).toEqual(ids.slice(1));
    const [open = ''] = shard.state.executions.keys();
    shard.begin(open);
    expect(shard.end(open, a.AttemptOutcome.SUCCEEDED)).toContain('RedriveFinished');
  });

  test('passes over what was discarded meanwhile, and all when the task is gone', () => {
    const { shard, ids } = withDead(3);
    shard.answer('r', startRedrive(ids, 60));
    shard.answer('d', discard([ids[1] ?? '']));
    shard.state.definitions.define('default', 't1', create(t.TaskDeletedSchema), 2, shard.nowMs);
    shard.after(1_000);
    shard.after(1_000);
    const passed = shard.journal.flatMap(({ event }) =>
      event.$typeName === 'dispatch.v1.DeadLetterPassedOver' ? [d.PassOverCause[event.cause]] : [],
    );
    expect(passed).toEqual(['GONE', 'TASK_DELETED']);
    expect(kept(shard)).toEqual([ids[2]]);
  });

  test.each([
    ['nothing', [], 60, 'dead-letters-invalid'],
    [
      'too much',
      Array.from({ length: REDRIVE_MAX + 1 }, (_, n) => `${n}`),
      60,
      'dead-letters-invalid',
    ],
    ['no pace', ['x'], 0, 'rate-invalid'],
    ['a pace beyond the bound', ['x'], 6_001, 'rate-invalid'],
    ['only what is not there', ['x'], 60, 'dead-letter-unknown'],
  ])('of %s is refused', (_, ids, perMinute, code) => {
    expect(new ShardUnderTest().answer('r', startRedrive(ids, perMinute))).toMatchObject({ code });
  });
});

test('discarding takes those that are there off the list, with a note', () => {
  const { shard, ids } = withDead(2);
  const [first = '', second] = ids;
  shard.answer('d', discard([first, 'nobody'], 'a bad import'));
  expect(shard.journal.at(-1)?.event).toMatchObject({
    executionIds: [first],
    note: 'a bad import',
  });
  expect(kept(shard)).toEqual([second]);
  expect(shard.answer('d2', discard([first]))).toMatchObject({ code: 'dead-letter-unknown' });
});

describe('a command under a key', () => {
  const HOUR = 3_600_000;
  const wish = (priority = t.Priority.LOW): d.Command['body'] => ({
    case: 'runTask',
    value: create(d.RunTaskSchema, { taskId: 't1', priority }),
  });

  test('gives the same execution for a day, also after a restart', () => {
    const shard = new ShardUnderTest();
    const first = shard.answer('k', wish(), true);
    shard.nowMs += 23 * HOUR;
    shard.restart();
    expect(shard.answer('k', wish(), true)).toMatchObject({
      accepted: true,
      executionId: first?.accepted && first.executionId,
    });
    expect(requested(shard)).toHaveLength(1);
  });

  test('is refused when the same key asks for something else, also of another kind', () => {
    const shard = new ShardUnderTest();
    const first = shard.answer('k', wish(), true);
    shard.restart();
    const refused = { code: 'idempotency-key-reused' };
    expect(shard.answer('k', wish(t.Priority.HIGH), true)).toMatchObject(refused);
    const executionId = first?.accepted ? first.executionId : '';
    const value = create(d.CancelExecutionSchema, { executionId });
    expect(shard.answer('k', { case: 'cancelExecution', value }, true)).toMatchObject(refused);
  });

  test('outlives any number of commands without one', () => {
    const shard = new ShardUnderTest();
    shard.answer('k', wish(), true);
    for (let n = 0; n < 50; n++) {
      shard.nowMs += 20 * 60_000;
      shard.answer(`other ${n}`, wish());
    }
    expect([...shard.state.commands.ids()]).toEqual(['k', 'other 49']);
  });
});

test('a dead letter that is run again keeps why', () => {
  const { shard, ids } = withDead(1);
  shard.answer('again', redrive(ids[0] ?? '', '', 'the shop is back'));
  expect(shard.journal.map(({ event }) => event)).toContainEqual(
    expect.objectContaining({ redriveOf: ids[0], redriveNote: 'the shop is back' }),
  );
});
