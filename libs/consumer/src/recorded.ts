import { type DecodedCommit, decodeCommit, type StreamName } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';

/**
 * A commit as consumers see it. The broker's storing time is left out on purpose: what a consumer
 * derives must be the same from the stream, from an archive and from a test's log.
 */
export interface Recorded extends DecodedCommit {
  readonly stream: StreamName;
  readonly seq: number;
  readonly subject: string;
}

/** A commit that no retry will get past: it can't be read, or what it says can't be stored. */
export class PoisonCommit extends Error {
  readonly code = 'poison-commit';
  readonly stream: StreamName;
  readonly seq: number;
  constructor(at: { stream: StreamName; seq: number }, cause: unknown) {
    super(`${at.stream} ${at.seq}: ${cause instanceof Error ? cause.message : cause}`, { cause });
    this.stream = at.stream;
    this.seq = at.seq;
  }
}

/** Throws PoisonCommit, whatever the decoder met: a payload may be cut as well as a commit. */
export function toRecorded(stored: StoredCommit): Recorded {
  const { stream, seq, subject } = stored;
  try {
    return { stream, seq, subject, ...decodeCommit(stored.bytes) };
  } catch (cause) {
    throw new PoisonCommit({ stream, seq }, cause);
  }
}
