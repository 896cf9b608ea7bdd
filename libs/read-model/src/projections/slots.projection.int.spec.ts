import { afterAll, beforeAll, expect, test } from '@jest/globals';
import type { Kysely } from 'kysely';
import type { Recorded } from '#libs/consumer';
import { create, dispatch as d, tick } from '#libs/contracts';
import type { ReadModel } from '../tables.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { ACCOUNT, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { slotsProjection } from './slots.projection.js';

let model: ReadModelUnderTest;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const LOCAL = '2026-11-23T10:00:00';
/** Seconds after T0. */
const LOOKED_AT = 5;
const DECIDED = T0 + LOOKED_AT * 1_000;

const slot = (more: Omit<Partial<tick.Slot>, '$typeName' | '$unknown'> = {}) =>
  create(tick.SlotSchema, {
    account: ACCOUNT,
    taskId: 'report',
    scheduleId: 's1',
    scheduleRevision: 1,
    local: LOCAL,
    pass: 0,
    zone: 'Europe/Berlin',
    dueAtMs: T0,
    effectiveAtMs: T0 + 4_000,
    outcome: tick.SlotOutcome.FIRED,
    cause: tick.SlotCause.DUE,
    executionId: 'run-1',
    ...more,
  });

const decided = (seq: number, ...slots: tick.Slot[]) =>
  recorded({
    stream: 'TICKS',
    subject: SUBJECT_OF.tick,
    seq,
    at: LOOKED_AT,
    events: [create(tick.SlotsDecidedSchema, { slots })],
  });

const skipped = (seq: number, more: Pick<Partial<d.ExecutionSkipped>, 'maintenanceId'> = {}) =>
  recorded({
    stream: 'DISPATCH',
    subject: SUBJECT_OF.dispatch,
    seq,
    events: [
      create(d.ExecutionSkippedSchema, {
        executionId: 'run-1',
        account: ACCOUNT,
        taskId: 'report',
        slot: {
          scheduleId: 's1',
          scheduleRevision: 1,
          local: LOCAL,
          pass: 0,
          zone: 'Europe/Berlin',
          dueAtMs: T0,
        },
        cause: d.SkipCause.OVERLAP,
        blockingExecutionId: 'run-0',
        skippedAtMs: T0 + 5_000,
        ...more,
      }),
    ],
  });

const rowOfSlot = {
  account: ACCOUNT,
  schedule_id: 's1',
  schedule_revision: 1,
  local: LOCAL,
  pass: 0,
  task_id: 'report',
  zone: 'Europe/Berlin',
  due_at: new Date(T0),
  effective_at: new Date(T0 + 4_000),
  decided_at: new Date(DECIDED),
  outcome: 'fired',
  cause: 'due',
  execution_id: 'run-1',
  blocking_execution_id: null,
  folded: 0,
  calendar_id: null,
  calendar_version: null,
  merged_into: null,
  maintenance_id: null,
  position: 3,
  skip_position: null,
};

async function rowsAfter(...batches: Recorded[][]) {
  const { db } = await model.open();
  for (const batch of batches) await feed(db, slotsProjection, batch);
  for (const batch of batches) await feedAgain(db, slotsProjection, batch);
  return rowsOf(db);
}

const rowsOf = (db: Kysely<ReadModel>) =>
  db.selectFrom('slot').selectAll().orderBy('local').orderBy('pass').execute();

test('each slot is one row with its outcome', async () => {
  const missed = slot({
    local: '2026-11-23T11:00:00',
    outcome: tick.SlotOutcome.MISSED,
    cause: tick.SlotCause.TOO_LATE,
    executionId: '',
  });
  expect(await rowsAfter([decided(3, slot(), missed)])).toEqual([
    rowOfSlot,
    {
      ...rowOfSlot,
      local: '2026-11-23T11:00:00',
      outcome: 'missed',
      cause: 'too_late',
      execution_id: null,
    },
  ]);
});

test('what kept a slot back, moved it or took it over is named', async () => {
  const skipped = { outcome: tick.SlotOutcome.SKIPPED, executionId: '' };
  const rows = await rowsAfter([
    decided(
      3,
      slot({
        ...skipped,
        local: '1',
        cause: tick.SlotCause.CALENDAR,
        calendarId: 'black-friday',
        calendarVersion: 3,
      }),
      slot({
        local: '2',
        cause: tick.SlotCause.MOVED,
        calendarId: 'holidays',
        calendarVersion: 1,
        effectiveAtMs: T0 + 86_400_000,
      }),
      slot({ ...skipped, local: '3', cause: tick.SlotCause.MERGED, mergedInto: 's0' }),
      slot({ ...skipped, local: '4', cause: tick.SlotCause.MAINTENANCE, maintenanceId: 'm1' }),
      slot({ ...skipped, local: '5', cause: tick.SlotCause.NOT_CAUGHT_UP }),
    ),
  ]);
  expect(rows).toMatchObject([
    { outcome: 'skipped', cause: 'calendar', calendar_id: 'black-friday', calendar_version: 3 },
    { outcome: 'fired', cause: 'moved', effective_at: new Date(T0 + 86_400_000) },
    { cause: 'merged', merged_into: 's0', calendar_id: null },
    { cause: 'maintenance', maintenance_id: 'm1' },
    { cause: 'not_caught_up', maintenance_id: null },
  ]);
});

test('a moved slot that was skipped keeps the calendar that moved it, in either order', async () => {
  const moved = slot({ cause: tick.SlotCause.MOVED, calendarId: 'holidays', calendarVersion: 2 });
  const expected = { cause: 'overlap', calendar_id: 'holidays', calendar_version: 2 };
  expect(await rowsAfter([decided(3, moved)], [skipped(7)])).toMatchObject([expected]);
  expect(await rowsAfter([skipped(7)], [decided(3, moved)])).toMatchObject([expected]);
});

test('both passes of a DST overlap are slots of their own', async () => {
  const rows = await rowsAfter([decided(3, slot(), slot({ pass: 1, executionId: 'run-2' }))]);
  expect(rows.map(({ pass, execution_id }) => [pass, execution_id])).toEqual([
    [0, 'run-1'],
    [1, 'run-2'],
  ]);
});

test('a fired slot that the dispatcher skipped is skipped, whichever of the two is read first', async () => {
  const expected = {
    ...rowOfSlot,
    outcome: 'skipped',
    cause: 'overlap',
    blocking_execution_id: 'run-0',
    skip_position: 7,
  };
  expect(await rowsAfter([decided(3, slot())], [skipped(7)])).toEqual([expected]);
  expect(await rowsAfter([skipped(7)], [decided(3, slot())])).toEqual([expected]);
});

test('a slot that was replaced while a maintenance held it names the maintenance, in either order', async () => {
  const held = skipped(7, { maintenanceId: 'm1' });
  const expected = { outcome: 'skipped', maintenance_id: 'm1', decided_at: new Date(DECIDED) };
  expect(await rowsAfter([decided(3, slot())], [held])).toMatchObject([expected]);
  expect(await rowsAfter([held], [decided(3, slot())])).toMatchObject([expected]);
});

test('until the ticker is read, a skip alone stands with what it knows', async () => {
  expect(await rowsAfter([skipped(7)])).toMatchObject([
    { outcome: 'skipped', position: 0, effective_at: new Date(T0), decided_at: null },
  ]);
});

test('of two decisions of one slot the first in the log counts, in one batch or in two', async () => {
  const other = slot({ executionId: 'run-2', cause: tick.SlotCause.CATCH_UP });
  expect(await rowsAfter([decided(3, slot()), decided(4, other)])).toEqual([rowOfSlot]);
  expect(await rowsAfter([decided(3, slot())], [decided(4, other)])).toEqual([rowOfSlot]);
});
