import { describe, expect, test } from '@jest/globals';
import {
  attempt as a,
  create,
  type DomainEvent,
  dispatch as d,
  encodeCommit,
  envelope,
  tick,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { Inbox, PENDING_COMMANDS_MAX, type PendingCommand } from './inbox.js';

function stored(seq: number, ...events: DomainEvent[]): StoredCommit {
  const bytes = encodeCommit({
    id: String(seq),
    aggregate: 'x',
    account: '',
    actor: create(envelope.ActorSchema),
    occurredAtMs: 1,
    correlationId: '',
    events: events.map((event) => ({ event })),
  });
  return { stream: 'TICKS', seq, subject: 'x', bytes, storedAtMs: 1, msgId: String(seq) };
}

function slots(seq: number, count: number): StoredCommit {
  const items = Array.from({ length: count }, (_, i) =>
    create(tick.SlotSchema, { account: 'default', taskId: 't', executionId: `${seq}.${i}` }),
  );
  return stored(seq, create(tick.SlotsDecidedSchema, { slots: items }));
}

const ended = (outputJson: string) =>
  create(a.AttemptEndedSchema, { executionId: 'e', outputJson });

function pending(id: string): PendingCommand {
  return {
    command: create(d.CommandSchema, { id, body: { case: 'runTask', value: { taskId: 't' } } }),
    answer: () => undefined,
    abandon: () => undefined,
  };
}

const small = () => 0;

describe('a batch', () => {
  test('takes what has come, and says up to where', () => {
    const inbox = new Inbox();
    inbox.sawTick(slots(3, 2));
    inbox.sawTick(slots(5, 1));
    const { slots: taken, ticks } = inbox.takeBatch(small);
    expect(taken.map(({ executionId }) => executionId)).toEqual(['3.0', '3.1', '5.0']);
    expect(ticks).toEqual({ seq: 5, index: 0 });
    expect(inbox.isEmpty).toBe(true);
  });

  test('lets a herd in by and by while there are workers, so that they have something meanwhile', () => {
    const inbox = new Inbox();
    inbox.sawTick(slots(3, 900));
    expect(inbox.takeBatch(small, 8).slots).toHaveLength(200);
    expect(inbox.takeBatch(small, 150).slots).toHaveLength(300);
    expect(inbox.takeBatch(small, 0).slots).toHaveLength(400);
  });

  test('is cut within a commit when it would grow too large, and the next goes on there', () => {
    const inbox = new Inbox();
    inbox.sawTick(slots(3, 10));
    const large = () => 100_000;
    const first = inbox.takeBatch(large);
    expect(first.slots.length).toBeGreaterThan(0);
    expect(first.slots.length).toBeLessThan(10);
    expect(first.ticks).toEqual({ seq: 0, index: first.slots.length });
    let taken = first.slots.length;
    while (!inbox.isEmpty) taken += inbox.takeBatch(large).slots.length;
    expect(taken).toBe(10);
  });

  test('takes a single item however large it is', () => {
    const inbox = new Inbox();
    inbox.sawFacts(stored(1, ended('x'.repeat(600_000))));
    expect(inbox.takeBatch(small).facts).toHaveLength(1);
  });

  test('takes facts before slots, for they free room', () => {
    const inbox = new Inbox();
    inbox.sawTick(slots(1, 5));
    inbox.sawFacts(stored(1, ended('x'.repeat(399_000))));
    const batch = inbox.takeBatch(small);
    expect([batch.facts.length, batch.slots.length]).toEqual([1, 0]);
  });
});

test('after a restart it goes on from a cursor, within a commit as well', () => {
  const inbox = new Inbox();
  inbox.restart({ seq: 2, index: 1 }, { seq: 0, index: 0 });
  inbox.sawTick(slots(2, 4));
  inbox.sawTick(slots(3, 2));
  expect(inbox.takeBatch(small).slots.map(({ executionId }) => executionId)).toEqual(['3.1']);
});

test('commands that wait are bounded, and those that nobody decides upon are let go', () => {
  const inbox = new Inbox();
  for (let i = 0; i < PENDING_COMMANDS_MAX; i++) inbox.sawCommand(pending(`c${i}`));
  expect(inbox.sawCommand(pending('one too many'))).toBe(false);
  inbox.abandonCommands();
  expect(inbox.isEmpty).toBe(true);
});
