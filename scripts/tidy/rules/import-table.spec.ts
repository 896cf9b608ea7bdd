import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { importTable } from './import-table.ts';

test.each([
  ['libs/domain/src/task/task.ts', "import { SystemClock } from '#libs/clock';"],
  ['libs/domain/src/task/task.ts', "import type { EventLog } from '#libs/event-log';"],
  ['libs/cron/src/zone.ts', "export { DateTime } from 'luxon';"],
  ['libs/contracts/src/codec.ts', "const { connect } = await import('@nats-io/transport-node');"],
  ['libs/event-log/src/streams.ts', "import { startTestNats } from '#libs/testing';"],
])('catches in %s: %s', (path, text) => {
  expect(faults(importTable, { [path]: text })).toEqual([`${path}:1`]);
});

test.each([
  ['libs/domain/src/tick/tick.ts', "import { nextSlot } from '#libs/cron';"],
  ['libs/event-log/src/x.int.spec.ts', "import { startTestNats } from '#libs/testing';"],
  ['libs/event-log/src/contract.ts', "import { test } from '@jest/globals';"],
  ['libs/read-model/src/connect.ts', "import { Migrator } from 'kysely/migration';"],
  ['services/ticker/src/ticker.ts', "import { JetStreamEventLog } from '#libs/event-log';"],
])('lets in %s: %s', (path, text) => {
  expect(faults(importTable, { [path]: text })).toEqual([]);
});

test('a lib that the table does not know is caught', () => {
  const files = { 'libs/calendars/src/index.ts': "import { z } from 'zod';" };
  expect(faults(importTable, files)).toEqual(['libs/calendars/src/index.ts:1']);
});
