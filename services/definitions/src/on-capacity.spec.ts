import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { create, type MessageInitShape, task as t } from '#libs/contracts';
import { type EventLog, MemoryEventLog } from '#libs/event-log';
import { onCommand } from './on-command.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const clock = new ManualClock(NINE);

type Body = Exclude<MessageInitShape<typeof t.CommandSchema>, { $typeName: string }>['body'];

function newAccount() {
  const log: EventLog = new MemoryEventLog(() => NINE);
  let sent = 0;
  return async (body: Body) => {
    sent += 1;
    const command = create(t.CommandSchema, { id: `c${sent}`, account: 'default', body });
    const { result } = await onCommand(log, clock, command);
    if (result.case === 'accepted') return { id: result.value.id, position: result.value.position };
    return { code: result.value?.code, field: result.value?.field };
  };
}

const task = (settings: MessageInitShape<typeof t.SettingsSchema>): Body => ({
  case: 'createTask',
  value: {
    draft: {
      name: 'Render',
      type: t.TaskType.SYSTEM,
      target: { systemTask: 'noop' },
      parametersJson: '{}',
      settings: { timeoutMs: 60_000, retryPolicy: { backoffMultiplier: 1 }, ...settings } as never,
      enabled: true,
    },
  },
});
const makePool = (name: string): Body => ({ case: 'savePool', value: { name, new: true } });
const makeLimit: Body = {
  case: 'saveLimit',
  value: { rule: { name: 'Shop API', maxConcurrent: 5 } },
};

describe('a task', () => {
  test('is refused a pool or a limit that its account does not have', async () => {
    const send = newAccount();
    expect(await send(task({ pool: 'gpu' }))).toEqual({
      code: 'pool-not-there',
      field: '/settings/pool',
    });
    expect(await send(task({ limitIds: ['l1'] }))).toEqual({
      code: 'limit-not-there',
      field: '/settings/limitIds/0',
    });
    expect(await send(task({ pool: 'browser' }))).toHaveProperty('position');
  });

  test('keeps its pool and its limits from being deleted', async () => {
    const send = newAccount();
    await send(makePool('gpu'));
    const { id: limitId = '' } = (await send(makeLimit)) as { id?: string };
    const made = (await send(task({ pool: 'gpu', limitIds: [limitId] }))) as { id: string };
    const removePool: Body = { case: 'deletePool', value: { name: 'gpu' } };
    const removeLimit: Body = { case: 'deleteLimit', value: { limitId } };
    expect(await send(removePool)).toMatchObject({ code: 'pool-in-use' });
    expect(await send(removeLimit)).toMatchObject({ code: 'limit-in-use' });
    await send({ case: 'deleteTask', value: { taskId: made.id } });
    expect(await send(removePool)).toHaveProperty('position');
    expect(await send(removeLimit)).toHaveProperty('position');
    expect(await send(task({ pool: 'gpu' }))).toMatchObject({ code: 'pool-not-there' });
  });
});

test('who had read an older state of a pool is told so', async () => {
  const send = newAccount();
  const { position } = (await send(makePool('gpu'))) as { position: number };
  const change = (maxConcurrent: number): Body => ({
    case: 'savePool',
    value: { name: 'gpu', maxConcurrent, expectedPosition: position },
  });
  expect(await send(change(1))).toHaveProperty('position');
  expect(await send(change(2))).toMatchObject({ code: 'changed-since' });
});
