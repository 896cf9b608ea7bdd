import { create, type DescMessage } from '@bufbuild/protobuf';
import {
  type Actor,
  ActorKind,
  ActorSchema,
  type Commit,
  CommitSchema,
} from './gen/envelope/v1/commit_pb.js';
import { type DomainEvent, schemaOf } from './registry.js';
import { encoderWith, isLeftToLibrary, toBinary } from './wire.js';
import { fromBinary } from './wire-read.js';

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

const EMPTY = new Uint8Array();

/** Events are written into the commit where they stand, without bytes of their own before. */
const encodeWhole = encoderWith(CommitSchema, ({ $typeName }) => schemaOf($typeName));

/** Equal commits give equal bytes: no message of ours has a map field. */
export function encodeCommit(commit: NewCommit): Uint8Array {
  const message = {
    ...commit,
    schemaVersion: ENVELOPE_VERSION,
    previousHash: commit.previousHash ?? EMPTY,
    inputs: commit.inputs ?? EMPTY,
  };
  try {
    const events = commit.events.map((event) => eventOf(event, (payload) => payload));
    return encodeWhole({ ...message, $typeName: CommitSchema.typeName, events });
  } catch (error) {
    if (!isLeftToLibrary(error)) throw error;
    const events = commit.events.map((event) => eventOf(event, encodePayload));
    return toBinary(CommitSchema, create(CommitSchema, { ...message, events }));
  }
}

function eventOf<T>({ event, ...envelope }: NewEvent, payloadOf: (event: DomainEvent) => T) {
  const { account = '', correlationId = '', causationId = '', actor } = envelope;
  return {
    $typeName: 'envelope.v1.Event' as const,
    type: event.$typeName,
    payload: payloadOf(event),
    account,
    correlationId,
    causationId,
    ...(actor === undefined ? {} : { actor }),
  };
}

function encodePayload(event: DomainEvent): Uint8Array<ArrayBuffer> {
  const schema = schemaOf(event.$typeName);
  if (schema === undefined) throw new Error(`${event.$typeName} is not in the registry`);
  return new Uint8Array(toBinary(schema, event));
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
