import type { Recording } from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';

/** The first place at which the log is not what it says it is. */
export interface Finding {
  readonly where: string;
  readonly what: string;
}

export interface Verdict {
  readonly checked: string;
  readonly commits: number;
  readonly finding: Finding | undefined;
}

export function findingAt({ stream, seq, subject }: StoredCommit, what: string): Finding {
  return { where: `${stream} ${seq} (${subject})`, what };
}

/** Where two encodings of a commit part, in words. */
export function difference(stored: Uint8Array, derived: Uint8Array): string {
  const shorter = Math.min(stored.length, derived.length);
  let at = 0;
  while (at < shorter && stored[at] === derived[at]) at++;
  return `the commit that its inputs give is another: it differs from byte ${at} on (${stored.length} bytes stored, ${derived.length} derived)`;
}

/** The log as what is derived again reads it. */
export function recordingOf(log: EventLog): Recording<StoredCommit> {
  return { read: (range) => log.read({ ...range, fromSeq: 1 }) };
}
