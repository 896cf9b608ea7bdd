import { describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import {
  create,
  decodeCommit,
  envelope,
  type MessageInitShape,
  SUBJECT_TOKEN,
  SYSTEM_ACCOUNT,
  task as t,
} from '#libs/contracts';
import { type EventLog, MemoryEventLog } from '#libs/event-log';
import { onCommand } from './on-command.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');
const clock = new ManualClock(NINE);

function newLog(): EventLog {
  return new MemoryEventLog(() => NINE);
}

function draft(name: string): t.TaskDraft {
  return create(t.TaskDraftSchema, {
    name,
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'noop' },
    parametersJson: '{}',
    settings: { timeoutMs: 60_000, retryPolicy: { backoffMultiplier: 1 } },
    schedules: [],
    enabled: true,
  });
}

type Body = Exclude<MessageInitShape<typeof t.CommandSchema>, { $typeName: string }>['body'];

function command(id: string, body: Body): t.Command {
  const actor = { kind: envelope.ActorKind.USER, id: 'ana', origin: 'spec' };
  return create(t.CommandSchema, { id, account: 'default', actor, body });
}

const creation = (id: string, name = 'Report') =>
  command(id, { case: 'createTask', value: { draft: draft(name) } });

async function send(log: EventLog, given: t.Command) {
  const { result } = await onCommand(log, clock, given);
  if (result.case === 'accepted') return { id: result.value.id, position: result.value.position };
  return { code: result.value?.code, field: result.value?.field };
}

async function commits(log: EventLog) {
  const found = [];
  for await (const { bytes } of log.read({ stream: 'DEFINITIONS', fromSeq: 1 }))
    found.push(decodeCommit(bytes));
  return found;
}

describe('a command', () => {
  test('is appended once, with who sent it, and a second time gets the same answer', async () => {
    const log = newLog();
    const first = await send(log, creation('c1'));
    const second = await send(log, creation('c1'));
    expect(second).toEqual(first);
    const all = await commits(log);
    expect(all).toHaveLength(1);
    expect(all[0]?.commit).toMatchObject({ account: 'default', ordinal: 1, occurredAtMs: NINE });
    expect(all[0]?.events[0]?.actor.id).toBe('ana');
  });

  test('that comes again after others changed the task is still known', async () => {
    const log = newLog();
    const { id: taskId = '' } = (await send(log, creation('c1'))) as { id?: string };
    const pause = command('c2', { case: 'pauseTask', value: { taskId, reason: '' } });
    const paused = await send(log, pause);
    await send(log, command('c3', { case: 'resumeTask', value: { taskId } }));
    expect(await send(log, pause)).toEqual(paused);
    expect(await commits(log)).toHaveLength(3);
  });

  test('with an id that was used on another task is a command of its own', async () => {
    const log = newLog();
    const { id: one = '' } = (await send(log, creation('c1'))) as { id?: string };
    const { id: other = '' } = (await send(log, creation('c2'))) as { id?: string };
    for (const taskId of [one, other])
      await send(log, command('same', { case: 'pauseTask', value: { taskId, reason: '' } }));
    expect(await commits(log)).toHaveLength(4);
  });

  test.each<[string, t.Command, string]>([
    [
      'an unknown task',
      command('c1', { case: 'pauseTask', value: { taskId: 'x' } }),
      'task-unknown',
    ],
    ['a blank name', creation('c1', ' '), 'name-invalid'],
    ['nothing to do', command('c1', { case: undefined }), 'command-invalid'],
    [
      'an id that is no token',
      command('c1', { case: 'deleteTask', value: { taskId: 'a.b' } }),
      'command-invalid',
    ],
  ])('with %s is refused, and nothing is appended', async (_, given, code) => {
    const log = newLog();
    expect(await send(log, given)).toMatchObject({ code });
    expect(await commits(log)).toEqual([]);
  });
});

describe('the account of the system', () => {
  const ofSystem = (id: string, body: Body) =>
    create(t.CommandSchema, { id, account: SYSTEM_ACCOUNT, body });
  const subjectsOf = async (log: EventLog) => {
    const found = [];
    for await (const { subject } of log.read({ stream: 'DEFINITIONS', fromSeq: 1 }))
      found.push(subject);
    return found;
  };

  test('has maintenances, which are planned and ended', async () => {
    const log = newLog();
    const plan = ofSystem('c1', { case: 'planMaintenance', value: { reason: 'New disks' } });
    const { id: maintenanceId = '' } = (await send(log, plan)) as { id?: string };
    await send(log, ofSystem('c2', { case: 'endMaintenance', value: { maintenanceId } }));
    const subject = `definition.$system.maintenance.${maintenanceId}`;
    expect(await subjectsOf(log)).toEqual([subject, subject]);
  });

  test('has no tasks', async () => {
    const log = newLog();
    const made = ofSystem('c1', { case: 'createTask', value: { draft: draft('Report') } });
    expect(await send(log, made)).toMatchObject({ code: 'command-invalid' });
    expect(await commits(log)).toEqual([]);
  });

  test('cannot be the name of an account', () => {
    expect(SUBJECT_TOKEN.test(SYSTEM_ACCOUNT)).toBe(false);
  });
});

describe('writers of one task', () => {
  test('at the same time are all heard, each on top of the other', async () => {
    const log = newLog();
    const { id: taskId = '' } = (await send(log, creation('c0'))) as { id?: string };
    const updates = ['a', 'b', 'c'].map((name) =>
      send(
        log,
        command(`rename ${name}`, { case: 'updateTask', value: { taskId, draft: draft(name) } }),
      ),
    );
    const answers = await Promise.all(updates);
    expect(answers.every((answer) => 'position' in answer)).toBe(true);
    const all = await commits(log);
    expect(all.map(({ commit }) => commit.ordinal)).toEqual([1, 2, 3, 4]);
  });

  test('who had read an older state are told so', async () => {
    const log = newLog();
    const made = (await send(log, creation('c1'))) as { id: string; position: number };
    const update = (id: string, name: string) =>
      command(id, {
        case: 'updateTask',
        value: { taskId: made.id, draft: draft(name), expectedPosition: made.position },
      });
    expect(await send(log, update('c2', 'first'))).toHaveProperty('position');
    expect(await send(log, update('c3', 'second'))).toMatchObject({ code: 'changed-since' });
  });
});

test('each commit carries the hash of the one before it', async () => {
  const log = newLog();
  const { id: taskId = '' } = (await send(log, creation('c1'))) as { id?: string };
  await send(log, command('c2', { case: 'pauseTask', value: { taskId, reason: '' } }));
  const [first, second] = await commits(log);
  expect(first?.commit.previousHash).toHaveLength(0);
  expect(second?.commit.previousHash).toHaveLength(32);
});
