import type { StreamName } from '#libs/contracts';

/** One message of the log, as any copy of it keeps it. */
export interface RecordedCommit {
  readonly stream: StreamName;
  readonly seq: number;
  readonly subject: string;
  readonly bytes: Uint8Array;
}
