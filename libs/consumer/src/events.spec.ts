import { describe, expect, test } from '@jest/globals';
import { automation, create, encodeCommit, envelope, task } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { type Coverage, foldEvents, UnexpectedEvent } from './events.js';
import { PoisonCommit, toRecorded } from './recorded.js';

const actor = create(envelope.ActorSchema, { kind: envelope.ActorKind.USER, id: 'alice' });
const bob = create(envelope.ActorSchema, { kind: envelope.ActorKind.USER, id: 'bob' });

function storedCommit(events: Parameters<typeof encodeCommit>[0]['events']): StoredCommit {
  const subject = 'definition.acme.automation.flow';
  const bytes = encodeCommit({
    id: 'c1',
    aggregate: subject,
    account: 'acme',
    actor,
    occurredAtMs: 1,
    correlationId: 'c1',
    events,
  });
  return { stream: 'DEFINITIONS', seq: 7, subject, bytes, storedAtMs: 99, msgId: 'c1' };
}

const saved = create(automation.AutomationSavedSchema, { name: 'Login', version: 2 });
const deleted = create(automation.AutomationDeletedSchema);

const names: Coverage<'automation', 'AutomationDeleted', string[]> = {
  aggregates: ['automation'],
  handles: {
    AutomationSaved: (fold, event, place) => {
      fold.push(`${place.recorded.seq}.${place.index} ${event.name} by ${place.actor.id}`);
    },
  },
  ignores: ['AutomationDeleted'],
};

describe('a coverage of events', () => {
  test('hands each handled event over with its place, and passes over the ignored', () => {
    const fold: string[] = [];
    const commit = storedCommit([
      { event: saved },
      { event: deleted },
      { event: saved, actor: bob },
    ]);
    foldEvents(names, fold, [toRecorded(commit)]);
    expect(fold).toEqual(['7.0 Login by alice', '7.2 Login by bob']);
  });

  test('refuses an event of an aggregate that it does not name', () => {
    const stranger = storedCommit([{ event: create(task.TaskDeletedSchema) }]);
    expect(() => foldEvents(names, [], [toRecorded(stranger)])).toThrow(UnexpectedEvent);
  });

  test('does not compile while an event type is neither handled nor ignored', () => {
    const forgetful: Coverage<'automation', never, string[]> = {
      aggregates: ['automation'],
      // @ts-expect-error AutomationDeleted is missing
      handles: { AutomationSaved: () => {} },
      ignores: [],
    };
    expect(forgetful.ignores).toEqual([]);
  });
});

describe('a commit that cannot be read', () => {
  test.each([
    ['no commit at all', new Uint8Array([1, 2, 3])],
    ['nothing', new Uint8Array()],
  ])('is poison: %s', (_what, bytes) => {
    expect(() => toRecorded({ ...storedCommit([]), bytes })).toThrow(PoisonCommit);
  });

  test('is poison also when only the payload of an event is cut', () => {
    const { bytes, ...rest } = storedCommit([{ event: saved }]);
    const at = Buffer.from(bytes).lastIndexOf('Login');
    const broken = bytes.slice();
    // The length before the name now reaches beyond the payload's end.
    broken[at - 1] = 0x7f;
    expect(() => toRecorded({ ...rest, bytes: broken })).toThrow(
      expect.objectContaining({ code: 'poison-commit', stream: 'DEFINITIONS', seq: 7 }),
    );
  });
});
