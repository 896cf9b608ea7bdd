import {
  create,
  type DecodedEvent,
  type DefinitionKind,
  type DomainEvent,
  decodeCommit,
  encodeCommit,
  envelope,
  fromBinary,
  type MessageInitShape,
  subjects,
  type TaskEvent,
  task as t,
  tick,
} from '#libs/contracts';
import {
  decideTick,
  EMPTY_JOURNAL,
  encodeTickCommit,
  headAfter,
  type JournalHead,
  TickPlan,
} from '#libs/domain';
import type { StoredCommit } from '#libs/event-log';
import type { SlotLog } from '../check-slots.js';

const LATENCY_MS = 3;
const SHARD = 0;
const actor = create(envelope.ActorSchema, { kind: envelope.ActorKind.SERVICE, id: 'ticker' });

/** One tick, taken apart so that it can be spoilt and put together again. */
export interface LooseTick {
  term: number;
  ordinal: number;
  from: { dueAtMs: number; key: string };
  to: { dueAtMs: number; key: string };
  horizonMs: number;
  definitionsSeq: number;
  storedAtMs: number;
  slots: tick.Slot[];
}

export interface DefinedEvent {
  readonly atMs: number;
  readonly taskId: string;
  readonly event: TaskEvent;
}

export interface HistoryPlan {
  readonly definitions: readonly DefinedEvent[];
  /** When a ticker looks, and in which term. */
  readonly looks: readonly { readonly atMs: number; readonly term: number }[];
}

export function schedule(
  id: string,
  cron: string,
  more: MessageInitShape<typeof t.ScheduleSchema> = {},
): t.Schedule {
  return create(t.ScheduleSchema, { id, revision: 1, cron, zone: 'UTC', enabled: true, ...more });
}

export function created(taskId: string, schedules: readonly t.Schedule[]): t.TaskCreated {
  return create(t.TaskCreatedSchema, {
    taskId,
    name: taskId,
    schedules: [...schedules],
    enabled: true,
  });
}

/** The log that a faultless ticker leaves. */
export function faultless({ definitions, looks }: HistoryPlan): SlotLog {
  const stored = definitions.map(storedDefinition);
  const plan = new TickPlan();
  const ticks: StoredCommit[] = [];
  let head: JournalHead = EMPTY_JOURNAL;
  let known = 0;
  for (const { atMs: horizonMs, term } of looks) {
    for (; known < definitions.length; known++) {
      const one = definitions[known] as DefinedEvent;
      if (one.atMs > horizonMs) break;
      plan.apply('default', one.taskId, one.event, one.atMs);
    }
    const decision = decideTick(plan, horizonMs);
    if (decision === undefined) continue;
    const from = plan.watermark;
    const at = { shard: SHARD, term, head, from, horizonMs, definitionsSeq: known, tzdata: 'x' };
    const { bytes, ordinal, id } = encodeTickCommit(decision, at);
    const seq = ticks.length + 1;
    ticks.push(tickAt({ seq, bytes, id, storedAtMs: horizonMs + LATENCY_MS }));
    head = headAfter(seq, ordinal, bytes);
    plan.advance(decision.to);
  }
  return { definitions: stored, ticks };
}

export function takenApart({ bytes, storedAtMs }: StoredCommit): LooseTick {
  const { commit, events } = decodeCommit(bytes);
  const { from, horizonMs, definitionsSeq } = fromBinary(tick.TickInputsSchema, commit.inputs);
  const { to, slots } = (events[0] as DecodedEvent).event as tick.SlotsDecided;
  return {
    term: commit.term,
    ordinal: commit.ordinal,
    from: { dueAtMs: from?.dueAtMs ?? 0, key: from?.key ?? '' },
    to: { dueAtMs: to?.dueAtMs ?? 0, key: to?.key ?? '' },
    horizonMs,
    definitionsSeq,
    storedAtMs,
    slots: slots.map((slot) => structuredClone(slot)),
  };
}

/** As a forger would leave it who knows how: numbered and chained again, each by its hash. */
export function putTogether(ticks: readonly LooseTick[]): StoredCommit[] {
  let head: JournalHead = EMPTY_JOURNAL;
  return ticks.map((one, index) => {
    const context = { ...one, shard: SHARD, head, tzdata: 'x' };
    const { bytes, ordinal, id } = encodeTickCommit({ slots: one.slots, to: one.to }, context);
    head = headAfter(index + 1, ordinal, bytes);
    return tickAt({ seq: index + 1, bytes, id, storedAtMs: one.storedAtMs });
  });
}

function tickAt(one: { seq: number; bytes: Uint8Array; id: string; storedAtMs: number }) {
  const { seq, bytes, id: msgId, storedAtMs } = one;
  return { stream: 'TICKS', subject: subjects.tick(SHARD), seq, bytes, msgId, storedAtMs } as const;
}

function storedDefinition({ atMs, taskId, event }: DefinedEvent, index: number): StoredCommit {
  return definition(index + 1, { kind: 'task', id: taskId, event, atMs });
}

interface Definition {
  readonly kind: DefinitionKind;
  readonly id: string;
  readonly event: DomainEvent;
  readonly atMs?: number;
}

/** A fact of any definition of the account `default`. */
export function definition(seq: number, { kind, id, event, atMs = 0 }: Definition): StoredCommit {
  const subject = subjects.definition('default', kind, id);
  const msgId = `d${seq - 1}`;
  const bytes = encodeCommit({
    id: msgId,
    aggregate: subject,
    account: 'default',
    actor,
    occurredAtMs: atMs,
    correlationId: msgId,
    events: [{ event }],
  });
  return { stream: 'DEFINITIONS', seq, subject, bytes, msgId, storedAtMs: atMs };
}

/** A dispatch or attempt journal, by hand: a commit for each list of events, all from the same inputs. */
export function journal(
  stream: 'DISPATCH' | 'ATTEMPTS',
  commits: readonly (readonly DomainEvent[])[],
  inputs: Uint8Array = new Uint8Array(),
): StoredCommit[] {
  const subject = stream === 'DISPATCH' ? subjects.dispatch(SHARD) : subjects.attempt(SHARD);
  return commits.map((events, index) => {
    const msgId = `${stream}${index}`;
    const bytes = encodeCommit({
      id: msgId,
      aggregate: subject,
      account: '',
      actor,
      occurredAtMs: index,
      correlationId: msgId,
      events: events.map((event) => ({ event })),
      inputs,
    });
    return { stream, seq: index + 1, subject, bytes, msgId, storedAtMs: index };
  });
}
