import { expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import {
  create,
  encodeCommit,
  envelope,
  maintenance as m,
  SYSTEM_ACCOUNT,
  shardOf,
  subjects,
} from '#libs/contracts';
import { MemoryEventLog } from '#libs/event-log';
import { followDefinitions } from './follow-definitions.js';

const SHARDS = 4;

async function toldOf(account: string): Promise<number[]> {
  const log = new MemoryEventLog(() => 0);
  const subject = subjects.definition(account, 'maintenance', 'm1');
  const bytes = encodeCommit({
    id: 'c1',
    aggregate: subject,
    account,
    actor: create(envelope.ActorSchema),
    occurredAtMs: 0,
    correlationId: 'c1',
    ordinal: 1,
    events: [{ event: create(m.MaintenancePlannedSchema, { maintenanceId: 'm1' }) }],
  });
  await log.append({ stream: 'DEFINITIONS', subject, bytes, msgId: 'c1' });
  const told: number[] = [];
  const done = new AbortController();
  const onError = (error: unknown) => {
    throw error;
  };
  const feed = { log, clock: new ManualClock(0), shards: SHARDS, onError };
  await followDefinitions(
    {
      ...feed,
      onDefinition: (shard) => told.push(shard),
      onSeq: () => done.abort(),
    },
    done.signal,
  );
  return told;
}

test('a definition of an account is told to its shard', async () => {
  expect(await toldOf('default')).toEqual([shardOf('default', SHARDS)]);
});

test('a definition of the whole system is told to every shard', async () => {
  expect(await toldOf(SYSTEM_ACCOUNT)).toEqual([0, 1, 2, 3]);
});
