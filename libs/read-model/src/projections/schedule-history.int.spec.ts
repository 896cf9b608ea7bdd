import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import { create, type MessageInitShape, type TaskEvent, task as t } from '#libs/contracts';
import { scheduleDefinition } from '../schedule.js';
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

const schedule = (more: MessageInitShape<typeof t.ScheduleSchema> = {}) =>
  create(t.ScheduleSchema, {
    id: 's1',
    revision: 1,
    cron: '0 9 * * *',
    zone: 'UTC',
    enabled: true,
    ...more,
  });

const created = (enabled = true) =>
  create(t.TaskCreatedSchema, { taskId: 'report', schedules: [schedule()], enabled });

const changed = (more: MessageInitShape<typeof t.ScheduleSchema>, note = '') =>
  create(t.ScheduleChangedSchema, { schedule: schedule(more), note });

/** Each event in a commit of its own, a second after the other, read in batches of `size`. */
async function given(size: number, ...events: TaskEvent[]): Promise<void> {
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
  await feed(db, definitionsProjection, commits, () => size);
  await feedAgain(db, definitionsProjection, commits);
}

const versions = () =>
  db.selectFrom('schedule_version').selectAll().orderBy('schedule_id').orderBy('version').execute();
const kinds = async () => (await versions()).map(({ kind }) => kind);
const second = (n: number) => new Date(T0 + n * 1_000);

test.each([1, 10])(
  'every edit is a version, with its author, its note and its time (batches of %d)',
  async (size) => {
    await given(
      size,
      created(),
      changed({ cron: '0 10 * * *', revision: 2, parametersJson: '{"a":1}' }, 'summer hours'),
    );
    const [first, last] = await versions();
    expect(first).toMatchObject({
      version: 1,
      kind: 'added',
      valid_from: second(0),
      valid_until: second(1),
      note: null,
    });
    expect(last).toEqual({
      account: ACCOUNT,
      task_id: 'report',
      schedule_id: 's1',
      version: 2,
      revision: 2,
      kind: 'changed',
      definition: {
        name: '',
        timing: { cron: '0 10 * * *' },
        zone: 'UTC',
        dst: 'vixie',
        enabled: true,
        catchUp: { mode: 'latest' },
        overlap: { policy: 'skip' },
        calendars: [],
        parameters: { a: 1 },
      },
      task_paused: false,
      valid_from: second(1),
      valid_until: null,
      author: 'alice',
      note: 'summer hours',
      position: 2,
    });
    const row = await db.selectFrom('schedule').selectAll().executeTakeFirstOrThrow();
    expect(scheduleDefinition(row)).toEqual(last?.definition);
  },
);

test('a switch of one schedule is a pause of it, unless it rings otherwise as well', async () => {
  await given(
    10,
    created(),
    changed({ enabled: false }),
    changed({ enabled: true }),
    changed({ enabled: false, cron: '1 9 * * *', revision: 2 }),
  );
  expect(await kinds()).toEqual(['added', 'paused', 'resumed', 'changed']);
});

test.each([1, 10])(
  'a pause of the task, its end, and its deletion stand in the history of each schedule (batches of %d)',
  async (size) => {
    await given(
      size,
      created(),
      create(t.ScheduleAddedSchema, { schedule: schedule({ id: 's2' }) }),
      create(t.TaskPausedSchema, { reason: 'moving house' }),
      create(t.TaskPausedSchema, { reason: 'again' }),
      create(t.TaskResumedSchema),
      create(t.TaskDeletedSchema),
      changed({ enabled: false }),
    );
    const rows = await versions();
    const told = rows.filter(({ schedule_id }) => schedule_id === 's2');
    expect(told).toMatchObject([
      { version: 1, kind: 'added', task_paused: false, valid_until: second(2) },
      {
        version: 2,
        kind: 'paused',
        task_paused: true,
        note: 'moving house',
        valid_until: second(4),
      },
      { version: 3, kind: 'resumed', task_paused: false, note: null, valid_until: second(5) },
      { version: 4, kind: 'removed', valid_from: second(5), valid_until: second(5) },
    ]);
    expect(rows.map(({ schedule_id }) => schedule_id).filter((id) => id === 's1')).toHaveLength(4);
  },
);

test.each([1, 10])(
  'a schedule that comes back goes on counting; in between none was valid (batches of %d)',
  async (size) => {
    await given(
      size,
      created(false),
      create(t.ScheduleRemovedSchema, { scheduleId: 's1' }),
      create(t.ScheduleRemovedSchema, { scheduleId: 's1' }),
      create(t.ScheduleAddedSchema, { schedule: schedule({ name: 'back' }) }),
    );
    expect(await versions()).toMatchObject([
      { version: 1, kind: 'added', task_paused: true, valid_until: second(1) },
      { version: 2, kind: 'removed', valid_from: second(1), valid_until: second(1) },
      { version: 3, kind: 'added', definition: { name: 'back' }, valid_until: null },
    ]);
  },
);
