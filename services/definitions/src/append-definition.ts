import { createHash } from 'node:crypto';
import type { Clock } from '#libs/clock';
import {
  type DefinitionKind,
  type DomainEvent,
  decodeCommit,
  encodeCommit,
  type envelope,
  subjects,
} from '#libs/contracts';
import { type Decider, isRejection, type Rejection } from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';

/** Writers of one aggregate meet seldom; more conflicts than this mean that something is wrong. */
const CONFLICTS_MAX = 5;

export interface DefinitionTarget {
  readonly account: string;
  readonly kind: DefinitionKind;
  readonly id: string;
}

export interface DefinitionRequest<State, Command, Event> {
  readonly target: DefinitionTarget;
  readonly decider: Decider<State, Command, Event>;
  readonly command: Command;
  readonly commandId: string;
  readonly actor: envelope.Actor;
  readonly traceparent: string;
  /** The position that the caller had read; 0: whatever it is now. */
  readonly expectedPosition: number;
}

export type DefinitionOutcome =
  | { readonly kind: 'accepted'; readonly position: number }
  | { readonly kind: 'rejected'; readonly rejection: Rejection };

/**
 * Reads the aggregate, decides, and appends the decision with the expected last sequence of its
 * subject. A conflict is decided anew. Throws LogUnavailable.
 */
export async function appendDefinition<State, Command, Event extends DomainEvent>(
  log: EventLog,
  clock: Clock,
  request: DefinitionRequest<State, Command, Event>,
): Promise<DefinitionOutcome> {
  const { account, kind, id } = request.target;
  const subject = subjects.definition(account, kind, id);
  // With its subject, for an id of a message is unique in the whole stream.
  const commitId = `${subject}:${request.commandId}`;
  for (let conflicts = 0; conflicts < CONFLICTS_MAX; conflicts++) {
    const { state, last, ordinal, doneAt } = await load(log, subject, commitId, request.decider);
    if (doneAt !== undefined) return { kind: 'accepted', position: doneAt };
    if (request.expectedPosition > 0 && request.expectedPosition !== last?.seq) return changedSince;
    const decision = request.decider.decide(request.command, state);
    if (isRejection(decision)) return { kind: 'rejected', rejection: decision };
    if (decision.length === 0) return { kind: 'accepted', position: last?.seq ?? 0 };
    const bytes = encodeCommit({
      id: commitId,
      aggregate: subject,
      account,
      actor: request.actor,
      occurredAtMs: clock.now(),
      correlationId: request.commandId,
      traceparent: request.traceparent,
      previousHash: last === undefined ? undefined : sha256(last.bytes),
      ordinal: ordinal + 1,
      events: decision.map((event) => ({ event })),
    });
    const result = await log.append({
      stream: 'DEFINITIONS',
      subject,
      bytes,
      msgId: commitId,
      expectedLastSeq: last?.seq ?? 0,
    });
    if (result.kind === 'appended') return { kind: 'accepted', position: result.seq };
  }
  return busy;
}

const changedSince: DefinitionOutcome = {
  kind: 'rejected',
  rejection: {
    rejected: 'changed-since',
    message:
      'It was changed since you read it. Read it again, and apply your change to what you find.',
    field: '',
  },
};

const busy: DefinitionOutcome = {
  kind: 'rejected',
  rejection: {
    rejected: 'too-many-writers',
    message: 'Others keep changing it at the same time. Try again.',
    field: '',
  },
};

interface Loaded<State> {
  readonly state: State;
  readonly last: StoredCommit | undefined;
  readonly ordinal: number;
  /** Where this very command was done before. */
  readonly doneAt: number | undefined;
}

async function load<State, Command, Event extends DomainEvent>(
  log: EventLog,
  subject: string,
  commitId: string,
  decider: Decider<State, Command, Event>,
): Promise<Loaded<State>> {
  let state = decider.initial;
  let last: StoredCommit | undefined;
  let ordinal = 0;
  let doneAt: number | undefined;
  for await (const stored of log.read({ stream: 'DEFINITIONS', subject, fromSeq: 1 })) {
    const { commit, events } = decodeCommit(stored.bytes);
    for (const { event } of events) state = decider.evolve(state, event as Event);
    if (commit.id === commitId) doneAt = stored.seq;
    last = stored;
    ordinal = commit.ordinal;
  }
  return { state, last, ordinal, doneAt };
}

function sha256(bytes: Uint8Array): Uint8Array {
  return createHash('sha256').update(bytes).digest();
}
