import { create, type DescMessage, fromBinary, toBinary } from '@bufbuild/protobuf';
import {
  type Actor,
  ActorKind,
  ActorSchema,
  type Commit,
  CommitSchema,
  EventSchema,
} from './gen/envelope/v1/commit_pb.js';
import { type DomainEvent, schemaOf } from './registry.js';

/** Shape of the envelope; moves only when the envelope itself changes meaning. */
export const ENVELOPE_VERSION = 1;

/** A commit could not be read: not a commit, or it holds an event type that this build does not know. */
export class UndecodableCommit extends Error {
  readonly code: 'not-a-commit' | 'unknown-event-type' | 'newer-envelope';
  constructor(code: UndecodableCommit['code'], message: string, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
  }
}

/** One event as written into a commit; what is left out is the commit's. */
export interface NewEvent {
  readonly event: DomainEvent;
  readonly account?: string;
  readonly actor?: Actor;
  readonly correlationId?: string;
  readonly causationId?: string;
}

export interface NewCommit {
  readonly id: string;
  /** The subject. */
  readonly aggregate: string;
  readonly account: string;
  readonly actor: Actor;
  readonly occurredAtMs: number;
  readonly correlationId: string;
  readonly causationId?: string;
  readonly traceparent?: string;
  readonly previousHash?: Uint8Array;
  readonly term?: number;
  readonly ordinal?: number;
  readonly events: readonly NewEvent[];
  readonly inputs?: Uint8Array;
}

/** An event as read back, with the envelope that holds for it. */
export interface DecodedEvent {
  readonly event: DomainEvent;
  readonly account: string;
  readonly actor: Actor;
  readonly correlationId: string;
  readonly causationId: string;
}

export interface DecodedCommit {
  readonly commit: Commit;
  readonly events: readonly DecodedEvent[];
}

/** Equal commits give equal bytes: no message of ours has a map field. */
export function encodeCommit(commit: NewCommit): Uint8Array {
  return toBinary(
    CommitSchema,
    create(CommitSchema, {
      ...commit,
      schemaVersion: ENVELOPE_VERSION,
      previousHash: commit.previousHash ?? new Uint8Array(),
      inputs: commit.inputs ?? new Uint8Array(),
      events: commit.events.map(encodeEvent),
    }),
  );
}

function encodeEvent({ event, ...envelope }: NewEvent) {
  const schema = schemaOf(event.$typeName);
  if (schema === undefined) throw new Error(`${event.$typeName} is not in the registry`);
  return create(EventSchema, {
    ...envelope,
    type: event.$typeName,
    payload: toBinary(schema, event),
  });
}

/** Reads a commit. Throws UndecodableCommit. */
export function decodeCommit(bytes: Uint8Array): DecodedCommit {
  let commit: Commit;
  try {
    commit = fromBinary(CommitSchema, bytes);
  } catch (cause) {
    throw new UndecodableCommit('not-a-commit', 'These bytes are not a commit.', { cause });
  }
  if (commit.schemaVersion === 0)
    throw new UndecodableCommit('not-a-commit', 'These bytes are not a commit: no schema version.');
  if (commit.schemaVersion > ENVELOPE_VERSION)
    throw new UndecodableCommit(
      'newer-envelope',
      `The commit has envelope version ${commit.schemaVersion}; this build reads up to ${ENVELOPE_VERSION}.`,
    );
  const commitActor = commit.actor ?? create(ActorSchema, { kind: ActorKind.UNSPECIFIED });
  const events = commit.events.map((one): DecodedEvent => {
    const schema = schemaOf(one.type);
    if (schema === undefined)
      throw new UndecodableCommit('unknown-event-type', `Unknown event type ${one.type}.`);
    return {
      event: decodePayload(schema, one.payload),
      account: one.account || commit.account,
      actor: one.actor ?? commitActor,
      correlationId: one.correlationId || commit.correlationId,
      causationId: one.causationId || commit.causationId,
    };
  });
  return { commit, events };
}

function decodePayload(schema: DescMessage, payload: Uint8Array): DomainEvent {
  try {
    return fromBinary(schema, payload) as DomainEvent;
  } catch (cause) {
    throw new UndecodableCommit('not-a-commit', `This is no ${schema.typeName}.`, { cause });
  }
}
