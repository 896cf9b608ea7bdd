import { create, fromBinary, toBinary } from '@bufbuild/protobuf';
import { describe, expect, test } from '@jest/globals';
import { decodeCommit, ENVELOPE_VERSION, encodeCommit, type NewCommit } from './codec.js';
import { ActorKind, ActorSchema, CommitSchema } from './gen/envelope/v1/commit_pb.js';
import { TaskPausedSchema, TaskRenamedSchema } from './gen/task/v1/events_pb.js';
import { parseDefinitionSubject, shardOf, subjects } from './subjects.js';

const ana = create(ActorSchema, { kind: ActorKind.USER, id: 'ana', origin: '127.0.0.1' });

const commit: NewCommit = {
  id: 'c1',
  aggregate: 'definition.default.task.t1',
  account: 'default',
  actor: ana,
  occurredAtMs: 1_763_888_400_123,
  correlationId: 'c1',
  ordinal: 2,
  previousHash: new Uint8Array([1, 2, 3]),
  events: [
    { event: create(TaskRenamedSchema, { name: 'é 語 \u{1f514}' }) },
    { event: create(TaskPausedSchema, { reason: 'r' }), account: 'other', causationId: 'x' },
  ],
};

describe('a commit', () => {
  test('is read back as it was written; what an event leaves out is its commit’s', () => {
    const { commit: read, events } = decodeCommit(encodeCommit(commit));
    expect(read).toMatchObject({ id: 'c1', ordinal: 2, occurredAtMs: 1_763_888_400_123 });
    expect(events.map(({ event }) => event.$typeName)).toEqual([
      'task.v1.TaskRenamed',
      'task.v1.TaskPaused',
    ]);
    expect(events[0]).toMatchObject({ account: 'default', event: { name: 'é 語 \u{1f514}' } });
    expect(events[1]).toMatchObject({ account: 'other', causationId: 'x', correlationId: 'c1' });
    expect(events.every(({ actor }) => actor.id === 'ana')).toBe(true);
  });

  test('has the same bytes when it is written again', () => {
    expect(encodeCommit(commit)).toEqual(encodeCommit(commit));
  });

  /** The commit with its envelope changed underneath. */
  const bent = (change: (read: ReturnType<typeof readRaw>) => void): Uint8Array => {
    const read = readRaw();
    change(read);
    return toBinary(CommitSchema, read);
  };
  const readRaw = () => fromBinary(CommitSchema, encodeCommit(commit));

  test.each<[string, Uint8Array, string]>([
    ['garbage', new Uint8Array([255, 255, 255]), 'not-a-commit'],
    ['nothing', new Uint8Array(), 'not-a-commit'],
    [
      'an envelope of the future',
      bent((read) => {
        read.schemaVersion = ENVELOPE_VERSION + 1;
      }),
      'newer-envelope',
    ],
    [
      'an event type of the future',
      bent((read) => {
        for (const event of read.events) event.type = 'task.v9.TaskSung';
      }),
      'unknown-event-type',
    ],
    [
      'a payload that was cut',
      bent((read) => {
        for (const event of read.events) event.payload = event.payload.slice(0, 3);
      }),
      'not-a-commit',
    ],
  ])('is told from %s', (_, bytes, code) => {
    expect(() => decodeCommit(bytes)).toThrow(expect.objectContaining({ code }));
  });
});

describe('subjects', () => {
  test('of definitions can be taken apart, and others are none', () => {
    expect(parseDefinitionSubject(subjects.definition('a', 'task', 't'))).toEqual({
      account: 'a',
      kind: 'task',
      id: 't',
    });
    for (const other of ['tick.0', 'definition.a.task', 'definition.a.task.t.x', ''])
      expect(parseDefinitionSubject(other)).toBeUndefined();
  });

  test('an account is always in the same shard, and accounts are spread over all', () => {
    expect(shardOf('default', 4)).toBe(2);
    const shards = Array.from({ length: 4_000 }, (_, i) => shardOf(`account-${i}`, 4));
    for (const shard of [0, 1, 2, 3])
      expect(shards.filter((one) => one === shard).length).toBeGreaterThan(800);
  });
});
