import type { StreamName } from '#libs/contracts';

/** A commit as the log keeps it. `seq` is its sequence in the stream: gaps mean other subjects. */
export interface StoredCommit {
  readonly stream: StreamName;
  readonly seq: number;
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** The broker's clock when it stored it, epoch ms. For display and audit, never for decisions. */
  readonly storedAtMs: number;
  readonly msgId: string;
}

export interface AppendRequest {
  readonly stream: StreamName;
  readonly subject: string;
  readonly bytes: Uint8Array;
  /** The commit's id: how a writer knows its own append again. */
  readonly msgId: string;
  /**
   * Last sequence of this subject that the writer has seen, 0 for none. Left out: the append is
   * unconditional, and a repeated msgId within two minutes is stored once.
   */
  readonly expectedLastSeq?: number;
  readonly headers?: Readonly<Record<string, string>>;
}

export type AppendResult =
  /** `duplicate`: this very msgId had been stored before, at `seq`. */
  | { readonly kind: 'appended'; readonly seq: number; readonly duplicate: boolean }
  /** Somebody else's commit stands at the subject's end; nothing was stored. */
  | { readonly kind: 'conflict' };

export interface ReadRange {
  readonly stream: StreamName;
  /** A subject, or a filter with wildcards; left out: the whole stream. */
  readonly subject?: string | readonly string[];
  /** First sequence wanted, from 1. */
  readonly fromSeq: number;
}

/** The log could not be asked, or did not answer in time: the outcome of an append is then unknown. */
export class LogUnavailable extends Error {
  readonly code = 'log-unavailable';
}

/** The port of the event log. Held to one contract suite by every implementation. */
export interface EventLog {
  /**
   * Stores one commit. A timed-out append is looked up by its msgId before it is tried again; what
   * remains unknown throws LogUnavailable.
   */
  append(request: AppendRequest): Promise<AppendResult>;
  /** The last commit of one literal subject, as the stream's leader knows it. */
  last(stream: StreamName, subject: string): Promise<StoredCommit | undefined>;
  /** The commit at a sequence; undefined when the stream has none there. */
  get(stream: StreamName, seq: number): Promise<StoredCommit | undefined>;
  /** Last sequence of the stream; 0 when it is empty. */
  lastSeq(stream: StreamName): Promise<number>;
  /** Everything in range up to the stream's end as of the call, then ends. */
  read(range: ReadRange): AsyncIterable<StoredCommit>;
  /** Everything in range and all that follows, without gap or repetition, until the signal aborts. */
  follow(range: ReadRange, signal: AbortSignal): AsyncIterable<StoredCommit>;
}
