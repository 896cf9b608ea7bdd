import { type Recorded, toRecorded } from '#libs/consumer';
import {
  create,
  type DomainEvent,
  encodeCommit,
  envelope,
  type StreamName,
  subjects,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';

/** Accounts and people of the specs. */
export const ACCOUNT = 'acme';
export const ALICE = create(envelope.ActorSchema, {
  kind: envelope.ActorKind.USER,
  id: 'alice',
  origin: '127.0.0.1',
});

export const T0 = Date.UTC(2026, 10, 23, 9, 0, 0);

export interface Told {
  readonly stream: StreamName;
  readonly subject: string;
  readonly events: readonly DomainEvent[];
  readonly seq: number;
  /** Seconds after T0. */
  readonly at?: number;
  readonly ordinal?: number;
}

/** A commit as the log would give it, bytes and all. */
export function stored({
  stream,
  subject,
  events,
  seq,
  at = 0,
  ordinal = seq,
}: Told): StoredCommit {
  const id = `${stream}-${seq}`;
  const bytes = encodeCommit({
    id,
    aggregate: subject,
    account: stream === 'DEFINITIONS' ? ACCOUNT : '',
    actor: ALICE,
    occurredAtMs: T0 + at * 1000,
    correlationId: id,
    ordinal,
    events: events.map((event) => ({ event })),
  });
  return { stream, seq, subject, bytes, storedAtMs: 0, msgId: id };
}

export function recorded(told: Told): Recorded {
  return toRecorded(stored(told));
}

export const SUBJECT_OF = {
  task: (id: string) => subjects.definition(ACCOUNT, 'task', id),
  workflow: (id: string) => subjects.definition(ACCOUNT, 'workflow', id),
  automation: (id: string) => subjects.definition(ACCOUNT, 'automation', id),
  calendar: (id: string) => subjects.definition(ACCOUNT, 'calendar', id),
  maintenance: (id: string) => subjects.definition(ACCOUNT, 'maintenance', id),
  pool: (id: string) => subjects.definition(ACCOUNT, 'pool', id),
  limit: (id: string) => subjects.definition(ACCOUNT, 'limit', id),
  account: (id: string) => subjects.definition(ACCOUNT, 'account', id),
  tick: subjects.tick(0),
  dispatch: subjects.dispatch(0),
  log: (id: string) => subjects.log(0, id),
} as const;
