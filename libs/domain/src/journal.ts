import { createHash } from 'node:crypto';
import { create, envelope } from '#libs/contracts';

/** The end of a shard's journal, as its owner knows it. */
export interface JournalHead {
  /** Sequence of the last commit; 0 for an empty journal. */
  readonly seq: number;
  readonly ordinal: number;
  /** SHA-256 of the last commit's bytes; empty for an empty journal. */
  readonly hash: Uint8Array;
}

export const EMPTY_JOURNAL: JournalHead = { seq: 0, ordinal: 0, hash: new Uint8Array() };

/** The head after a commit that was stored at `seq`. */
export function headAfter(seq: number, ordinal: number, bytes: Uint8Array): JournalHead {
  return { seq, ordinal, hash: createHash('sha256').update(bytes).digest() };
}

/** Unique even when two leaders write the same ordinal: their terms differ. */
export function journalCommitId(subject: string, term: number, ordinal: number): string {
  return `${subject}:${term}:${ordinal}`;
}

export function serviceActor(id: string): envelope.Actor {
  return create(envelope.ActorSchema, { kind: envelope.ActorKind.SERVICE, id, origin: 'carillon' });
}
