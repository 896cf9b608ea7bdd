import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import {
  calendar as c,
  create,
  type DomainEvent,
  maintenance as m,
  task as t,
} from '#libs/contracts';
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

/** Each event in a commit of its own, a second after the other. */
async function given(subject: string, ...events: DomainEvent[]): Promise<void> {
  ({ db } = await model.open());
  const commits = events.map((event, index) =>
    recorded({ stream: 'DEFINITIONS', subject, events: [event], seq: index + 1, at: index }),
  );
  await feed(db, definitionsProjection, commits);
  await feedAgain(db, definitionsProjection, commits);
}

const second = (n: number) => new Date(T0 + n * 1_000);

describe('a calendar', () => {
  const saved = (version: number, name: string) =>
    create(c.CalendarSavedSchema, {
      calendarId: 'shut',
      version,
      name,
      days: {
        zone: 'Europe/Berlin',
        dates: [{ from: '2026-12-24', to: '2026-12-26', name: 'Christmas' }],
        hours: [{ weekday: version, fromMinute: 540, toMinute: 1_020 }],
        times: [{ from: '2026-11-27T00:00:00', to: '2026-11-30T06:00:00' }],
      },
    });
  const days = (version: number) => ({
    zone: 'Europe/Berlin',
    dates: [{ from: '2026-12-24', to: '2026-12-26', name: 'Christmas' }],
    hours: [{ weekday: version, fromMinute: 540, toMinute: 1_020 }],
    times: [{ from: '2026-11-27T00:00:00', to: '2026-11-30T06:00:00' }],
  });

  test('is its newest version, and keeps every one with author and time', async () => {
    await given(SUBJECT_OF.calendar('shut'), saved(1, 'Closed'), saved(2, 'Shut'));
    expect(await db.selectFrom('calendar').selectAll().execute()).toEqual([
      {
        account: ACCOUNT,
        id: 'shut',
        name: 'Shut',
        version: 2,
        days: days(2),
        deleted: false,
        created_at: second(0),
        updated_at: second(1),
        created_by: 'alice',
        updated_by: 'alice',
        position: 2,
      },
    ]);
    const versions = db.selectFrom('calendar_version').selectAll().orderBy('version');
    expect(await versions.execute()).toEqual([
      {
        account: ACCOUNT,
        calendar_id: 'shut',
        version: 1,
        name: 'Closed',
        days: days(1),
        saved_at: second(0),
        author: 'alice',
        position: 1,
      },
      expect.objectContaining({ version: 2, name: 'Shut', saved_at: second(1) }),
    ]);
  });

  test('that was deleted stays as a row that says so', async () => {
    await given(SUBJECT_OF.calendar('shut'), saved(1, 'Closed'), create(c.CalendarDeletedSchema));
    expect(await db.selectFrom('calendar').selectAll().execute()).toMatchObject([
      { deleted: true, name: 'Closed', updated_at: second(1), position: 2 },
    ]);
  });
});

describe('a maintenance', () => {
  const planned = (fromMs: number, untilMs: number) =>
    create(m.MaintenancePlannedSchema, {
      maintenanceId: 'm1',
      fromMs,
      untilMs,
      aftermath: m.Aftermath.ALL,
      reason: 'new disks',
    });
  const row = () => db.selectFrom('maintenance').selectAll().executeTakeFirstOrThrow();

  test('is planned, with what becomes of its slots', async () => {
    await given(SUBJECT_OF.maintenance('m1'), planned(T0 + 60_000, T0 + 90_000));
    expect(await row()).toEqual({
      account: ACCOUNT,
      id: 'm1',
      from_at: second(60),
      until_at: second(90),
      aftermath: 'all',
      reason: 'new disks',
      status: 'planned',
      planned_at: second(0),
      author: 'alice',
      ended_at: null,
      ended_by: null,
      position: 1,
    });
  });

  test('begins no earlier than it was told, and ends when somebody ends it', async () => {
    const end = create(m.MaintenanceEndedSchema);
    await given(SUBJECT_OF.maintenance('m1'), planned(0, 0), end, end);
    expect(await row()).toMatchObject({
      from_at: second(0),
      until_at: null,
      status: 'ended',
      ended_at: second(1),
      ended_by: 'alice',
      position: 2,
    });
  });

  test('that was over before somebody ended it ended at its own end', async () => {
    await given(
      SUBJECT_OF.maintenance('m1'),
      planned(0, T0 + 500),
      create(m.MaintenanceEndedSchema),
    );
    expect(await row()).toMatchObject({ status: 'ended', ended_at: second(0.5) });
  });

  test('that was never planned is not made by its end', async () => {
    await given(SUBJECT_OF.maintenance('m1'), create(m.MaintenanceEndedSchema));
    expect(await db.selectFrom('maintenance').selectAll().execute()).toEqual([]);
  });
});

test('every change of a definition is told with who, when and what, in the order of the log', async () => {
  ({ db } = await model.open());
  const told = (seq: number, subject: string, ...events: DomainEvent[]) =>
    recorded({ stream: 'DEFINITIONS', subject, events, seq, at: seq });
  const commits = [
    told(
      1,
      SUBJECT_OF.task('report'),
      create(t.TaskRenamedSchema, { name: 'Report' }),
      create(t.TaskPausedSchema, { reason: 'x'.repeat(400) }),
    ),
    told(
      2,
      SUBJECT_OF.calendar('shut'),
      create(c.CalendarSavedSchema, { version: 3, name: 'Black Friday' }),
    ),
    told(3, SUBJECT_OF.maintenance('m1'), create(m.MaintenanceEndedSchema)),
  ];
  await feed(db, definitionsProjection, commits);
  await feedAgain(db, definitionsProjection, commits);
  const rows = db.selectFrom('definition_change').selectAll().orderBy('position').orderBy('place');
  const by = {
    account: ACCOUNT,
    actor: 'alice',
    actor_kind: 'user',
    origin: '127.0.0.1',
  };
  const report = { ...by, position: 1, kind: 'task', id: 'report', occurred_at: second(1) };
  expect(await rows.execute()).toEqual([
    { ...report, place: 0, event: 'TaskRenamed', summary: { name: 'Report' } },
    { ...report, place: 1, event: 'TaskPaused', summary: { reason: 'x'.repeat(300) } },
    {
      ...by,
      position: 2,
      place: 0,
      kind: 'calendar',
      id: 'shut',
      event: 'CalendarSaved',
      occurred_at: second(2),
      summary: { name: 'Black Friday', version: 3 },
    },
    {
      ...by,
      position: 3,
      place: 0,
      kind: 'maintenance',
      id: 'm1',
      event: 'MaintenanceEnded',
      occurred_at: second(3),
      summary: {},
    },
  ]);
});
