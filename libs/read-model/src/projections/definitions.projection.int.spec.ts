import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { automation as a, create, type TaskEvent, task as t } from '#libs/contracts';
import type { ReadModel } from '../tables.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { ACCOUNT, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { definitionsProjection } from './definitions.projection.js';

let model: ReadModelUnderTest;
let db: Kysely<ReadModel>;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const schedule = (id: string, cron: string) =>
  create(t.ScheduleSchema, {
    id,
    revision: 1,
    cron,
    zone: 'Europe/Berlin',
    dst: t.DstPolicy.WALL,
    enabled: true,
  });

const created = (more: Omit<Partial<t.TaskCreated>, '$typeName' | '$unknown'> = {}) =>
  create(t.TaskCreatedSchema, {
    taskId: 'report',
    name: 'Daily report',
    description: 'Every morning',
    type: t.TaskType.SYSTEM,
    target: { systemTask: 'http.request' },
    parametersJson: '{"url":"https://example.com"}',
    settings: {
      timeoutMs: 90_000,
      retryPolicy: {
        maxRetries: 3,
        initialDelayMs: 1_500,
        backoffMultiplier: 2,
        maxDelayMs: 60_000,
      },
      notifications: { onFailure: true, channels: ['mail'] },
      priority: t.Priority.HIGH,
    },
    schedules: [schedule('s1', '0 9 * * *')],
    enabled: true,
    ...more,
  });

/** Each event in a commit of its own, one second after the other. */
async function given(...events: TaskEvent[]): Promise<void> {
  ({ db } = await model.open());
  const commits = events.map((event, index) =>
    recorded({
      stream: 'DEFINITIONS',
      subject: SUBJECT_OF.task('report'),
      events: [event],
      seq: index + 1,
      at: index,
    }),
  );
  await feed(db, definitionsProjection, commits);
  await feedAgain(db, definitionsProjection, commits);
}

const task = () => db.selectFrom('task').selectAll().executeTakeFirstOrThrow();
const schedules = () =>
  db
    .selectFrom('schedule')
    .select(['id', 'place', 'cron', 'zone', 'dst', 'enabled', 'revision'])
    .orderBy('place')
    .execute();

test('a created task is a row, with settings in the units of the API', async () => {
  await given(created());
  expect(await task()).toEqual({
    account: ACCOUNT,
    id: 'report',
    name: 'Daily report',
    description: 'Every morning',
    type: 'system',
    target: { systemTask: 'http.request' },
    parameters: { url: 'https://example.com' },
    settings: {
      timeout: 1.5,
      retryPolicy: { maxRetries: 3, initialDelay: 1.5, backoffMultiplier: 2, maxDelay: 60 },
      notifications: { onSuccess: false, onFailure: true, channels: ['mail'] },
      priority: 'high',
    },
    status: 'active',
    pause_reason: null,
    created_at: new Date(T0),
    updated_at: new Date(T0),
    created_by: 'alice',
    updated_by: 'alice',
    version: 1,
    position: 1,
  });
  expect(await schedules()).toEqual([
    {
      id: 's1',
      place: 0,
      cron: '0 9 * * *',
      zone: 'Europe/Berlin',
      dst: 'wall',
      enabled: true,
      revision: 1,
    },
  ]);
});

test('a task that begins disabled is paused', async () => {
  await given(created({ enabled: false }));
  expect(await task()).toMatchObject({ status: 'paused', pause_reason: null });
});

test('each change moves what it names, the version and the position', async () => {
  await given(
    created(),
    create(t.TaskRenamedSchema, { name: 'Report' }),
    create(t.TaskDescribedSchema, { description: '' }),
    create(t.TaskRetargetedSchema, {
      type: t.TaskType.BROWSER_AUTOMATION,
      target: { automationId: 'flow' },
    }),
    create(t.ParametersChangedSchema, { parametersJson: '{"a":1}' }),
    create(t.SettingsChangedSchema, { settings: { concurrencyLimit: 4 } }),
  );
  expect(await task()).toMatchObject({
    name: 'Report',
    description: '',
    type: 'browser_automation',
    target: { automationId: 'flow' },
    parameters: { a: 1 },
    settings: { concurrencyLimit: 4, priority: 'normal' },
    created_at: new Date(T0),
    updated_at: new Date(T0 + 5_000),
    version: 6,
    position: 6,
  });
});

test('a pause keeps its reason until the task goes on', async () => {
  await given(created(), create(t.TaskPausedSchema, { reason: 'maintenance' }));
  expect(await task()).toMatchObject({ status: 'paused', pause_reason: 'maintenance' });
  await given(
    created(),
    create(t.TaskPausedSchema, { reason: 'maintenance' }),
    create(t.TaskResumedSchema),
  );
  expect(await task()).toMatchObject({ status: 'active', pause_reason: null });
});

test('a deleted task stays as a row that says so', async () => {
  await given(created(), create(t.TaskDeletedSchema));
  expect(await task()).toMatchObject({ status: 'deleted' });
});

test('schedules keep their places: changed in place, added at the end, closed up when one goes', async () => {
  await given(
    created({ schedules: [schedule('s1', '0 1 * * *'), schedule('s2', '0 2 * * *')] }),
    create(t.ScheduleAddedSchema, { schedule: schedule('s3', '0 3 * * *') }),
    create(t.ScheduleChangedSchema, { schedule: schedule('s2', '30 2 * * *') }),
    create(t.ScheduleRemovedSchema, { scheduleId: 's1' }),
  );
  expect((await schedules()).map(({ id, place, cron }) => [id, place, cron])).toEqual([
    ['s2', 0, '30 2 * * *'],
    ['s3', 1, '0 3 * * *'],
  ]);
});

test('what is told of a task that was never created changes nothing', async () => {
  await given(create(t.TaskRenamedSchema, { name: 'Ghost' }), create(t.TaskDeletedSchema));
  expect(await db.selectFrom('task').selectAll().execute()).toEqual([]);
});

test('an automation keeps its newest version, and a deleted one is marked', async () => {
  ({ db } = await model.open());
  const saved = (version: number, name: string) =>
    create(a.AutomationSavedSchema, {
      automationId: 'flow',
      version,
      name,
      flowJson: `{"steps":[${version}]}`,
    });
  const commits = [saved(1, 'Login'), saved(2, 'Log in'), create(a.AutomationDeletedSchema)].map(
    (event, index) =>
      recorded({
        stream: 'DEFINITIONS',
        subject: SUBJECT_OF.automation('flow'),
        events: [event],
        seq: index + 1,
        at: index,
      }),
  );
  const row = () => db.selectFrom('automation').selectAll().executeTakeFirstOrThrow();
  await feed(db, definitionsProjection, commits.slice(0, 2));
  expect(await row()).toEqual({
    account: ACCOUNT,
    id: 'flow',
    name: 'Log in',
    version: 2,
    flow: { steps: [2] },
    deleted: false,
    created_at: new Date(T0),
    updated_at: new Date(T0 + 1_000),
    position: 2,
  });
  await feed(db, definitionsProjection, commits.slice(2));
  await feedAgain(db, definitionsProjection, commits);
  expect(await row()).toMatchObject({ deleted: true, name: 'Log in', position: 3 });
});

test('what Postgres cannot hold is stored with replacements instead of stopping the log', async () => {
  await given(
    created({
      name: `Report\0${'x'.repeat(400)}`,
      description: '\0',
      parametersJson: `{"a":"\\u0000\\ud800","n":1e999,"deep":${'['.repeat(20_000)}${']'.repeat(20_000)}}`,
      settings: create(t.SettingsSchema, { notifications: { channels: ['\0'] } }),
      schedules: [schedule('s'.repeat(300), '\0')],
    }),
  );
  const { name, description, parameters, settings } = await task();
  expect(name).toBe(`Report\ufffd${'x'.repeat(293)}`);
  expect(description).toBe('\ufffd');
  expect(parameters).toMatchObject({ a: '\ufffd\ufffd', n: '1e999' });
  expect(settings.notifications.channels).toEqual(['\ufffd']);
  expect((await schedules())[0]).toMatchObject({ id: 's'.repeat(128), cron: '\ufffd' });
});
