import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { create, dispatch, task as t } from '#libs/contracts';
import { type GatewayUnderTest, gatewayUnderTest } from '../testing/gateway-under-test.js';
import { TASKS, taskBody as task } from '../testing/task-body.js';

let gateway: GatewayUnderTest;

beforeAll(async () => {
  gateway = await gatewayUnderTest({ adminDir: '/nowhere' });
});
afterAll(() => gateway?.stop());
beforeEach(() => {
  gateway.commands.length = 0;
  gateway.answerWith({});
});

const withSettings = (settings: object) => ({
  ...task,
  settings: { ...task.settings, ...settings },
});

function firstSent<C extends t.Command | dispatch.Command>(): C {
  const [first] = gateway.commands;
  if (first === undefined) throw new Error('no command was sent');
  return first.command as C;
}

describe('a command', () => {
  test('carries the task in the words of the log, and its answer the position', async () => {
    const answer = await gateway.send(
      'POST',
      TASKS,
      withSettings({ priority: 'high', timeout: 0.5 }),
    );
    expect(answer.status).toBe(201);
    expect(answer.json).toEqual({
      taskId: expect.any(String),
      name: 'Daily report',
      nextRun: expect.stringMatching(/^\d{4}-\d\d-\d\dT1[34]:00:00\.000Z$/),
      status: 'active',
      createdAt: expect.any(String),
    });
    expect(answer.response.headers.get('carillon-position')).toBe('DEFINITIONS/1');
    const sent = firstSent<t.Command>();
    expect(sent).toMatchObject({ account: 'default', actor: { id: 'local-admin' } });
    const draft = sent.body.case === 'createTask' ? sent.body.value.draft : undefined;
    expect(draft).toMatchObject({
      settings: {
        timeoutMs: 30_000,
        retryPolicy: { maxRetries: 2, initialDelayMs: 1_000, maxDelayMs: 3_600_000 },
        priority: t.Priority.HIGH,
        concurrencyLimit: 0,
      },
      schedules: [{ cron: '0 9 * * 1-5', zone: 'America/New_York', dst: t.DstPolicy.VIXIE }],
    });
  });

  test('with an Idempotency-Key has the same id however often it comes', async () => {
    const headers = { 'idempotency-key': 'press-1' };
    await gateway.send('POST', TASKS, task, headers);
    await gateway.send('POST', TASKS, task, headers);
    await gateway.send('POST', TASKS, task);
    const [one, again, other] = gateway.commands.map(({ command }) => command.id);
    expect(again).toBe(one);
    expect(other).not.toBe(one);
  });

  test('keeps the zone as the database of zones spells it', async () => {
    const schedule = { cron: '0 9 * * *', timezone: 'europe/berlin' };
    await gateway.send('POST', TASKS, { ...task, schedule });
    const { body } = firstSent<t.Command>();
    expect(body.case === 'createTask' && body.value.draft?.schedules[0]?.zone).toBe(
      'Europe/Berlin',
    );
  });

  test('that is refused tells code and field of the refusal', async () => {
    gateway.answerWith({
      define: () => ({
        case: 'rejected',
        value: create(t.RejectedSchema, {
          code: 'name-invalid',
          message: 'A name has 1 to 200 characters.',
          field: '/name',
        }),
      }),
    });
    const answer = await gateway.send('POST', TASKS, task);
    expect(answer.status).toBe(400);
    expect(answer.json).toMatchObject({ code: 'name-invalid', errors: [{ path: '/name' }] });
  });

  test.each<[string, number]>([
    ['task-unknown', 404],
    ['changed-since', 412],
    ['log-unavailable', 503],
    ['internal', 500],
    ['something-else', 409],
  ])('refused as %s answers %i', async (code, status) => {
    const value = create(t.RejectedSchema, { code, message: 'No.', field: '' });
    gateway.answerWith({ define: () => ({ case: 'rejected', value }) });
    expect((await gateway.send('POST', `${TASKS}/some-id/pause`, {})).status).toBe(status);
  });

  test('runs a task with overrides, and says where it stands in the queue', async () => {
    gateway.answerWith({
      dispatch: () => ({
        case: 'accepted',
        value: create(dispatch.AcceptedSchema, {
          executionId: 'e-1',
          position: 7,
          queuePosition: 3,
          estimatedStartMs: Date.UTC(2026, 0, 1),
        }),
      }),
    });
    const body = { parameters: { durationMs: 5 }, priority: 'critical' };
    const answer = await gateway.send('POST', `${TASKS}/some-id/run`, body);
    expect(answer.status).toBe(202);
    expect(answer.json).toEqual({
      executionId: 'e-1',
      taskId: 'some-id',
      status: 'queued',
      queuePosition: 3,
      estimatedStart: '2026-01-01T00:00:00.000Z',
    });
    const { body: sent } = firstSent<dispatch.Command>();
    expect(sent.value).toMatchObject({
      taskId: 'some-id',
      parametersJson: '{"durationMs":5}',
      priority: t.Priority.CRITICAL,
    });
  });

  test('in bulk stands for each task alone', async () => {
    gateway.answerWith({
      define: ({ body }) =>
        body.case === 'pauseTask' && body.value.taskId === 'b'
          ? {
              case: 'rejected',
              value: create(t.RejectedSchema, { code: 'task-unknown', message: 'No such task.' }),
            }
          : { case: 'accepted', value: create(t.AcceptedSchema, { id: 'x', position: 2 }) },
    });
    const answer = await gateway.send('POST', `${TASKS}/bulk`, {
      action: 'pause',
      taskIds: ['a', 'b', 'a'],
    });
    expect(answer.json).toEqual({
      success: ['a'],
      failed: [{ taskId: 'b', error: 'No such task.' }],
    });
  });
});
