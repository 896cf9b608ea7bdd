import type { Transaction } from 'kysely';
import { type Coverage, type EventName, foldEvents, type Recorded } from '#libs/consumer';
import type { Aggregate, StreamName } from '#libs/contracts';
import type { TableName } from './columns.js';
import type { ReadModel } from './tables.js';

/** A row that changed, as the gateway's subscribers are told of it after the commit. */
export interface Touched {
  readonly readModel:
    | 'task'
    | 'automation'
    | 'workflow'
    | 'calendar'
    | 'maintenance'
    | 'pool'
    | 'limit'
    | 'account'
    | 'execution'
    | 'backfill'
    | 'deadLetter'
    | 'redrive'
    | 'log'
    | 'slot';
  readonly account: string;
  readonly key: string;
}

/** What a projection reads of one stream, and how that becomes rows. */
export interface ProjectionSource {
  readonly stream: StreamName;
  /** Left out: the whole stream. */
  readonly subjects?: readonly string[];
  /** Writes what the commits say. They are all new to the rows, and in order. */
  readonly apply: (
    tx: Transaction<ReadModel>,
    commits: readonly Recorded[],
  ) => Promise<readonly Touched[]>;
}

/**
 * One object a screen or query. Its rows are a fold of its streams: neither the clock nor the
 * borders of batches nor the order between two streams show in them.
 */
export interface Projection {
  readonly name: string;
  /** Moves when the rows mean something else: they are then made anew from the log. */
  readonly version: number;
  /** Written by no other projection. */
  readonly tables: readonly TableName[];
  readonly sources: readonly ProjectionSource[];
}

/**
 * A batch is folded in memory: `open` loads the rows that it touches, the handlers change them,
 * `save` writes them back, all of a table at once.
 */
export interface FoldedSource<A extends Aggregate, I extends EventName<A>, F>
  extends Coverage<A, I, F> {
  readonly stream: StreamName;
  readonly subjects?: readonly string[];
  readonly open: (tx: Transaction<ReadModel>, commits: readonly Recorded[]) => Promise<F>;
  readonly save: (tx: Transaction<ReadModel>, fold: F) => Promise<readonly Touched[]>;
}

/** A handler failed on a commit: a bug, or a fact nobody thought of. No retry mends it. */
export class FoldFailed extends Error {
  readonly code = 'fold-failed';
}

export function foldedSource<A extends Aggregate, I extends EventName<A>, F>(
  source: FoldedSource<A, I, F>,
): ProjectionSource {
  const { stream, subjects, open, save } = source;
  return {
    stream,
    ...(subjects && { subjects }),
    apply: async (tx, commits) => {
      const fold = await open(tx, commits);
      try {
        foldEvents(source, fold, commits);
      } catch (cause) {
        throw new FoldFailed(`${stream}: ${cause}`, { cause });
      }
      return save(tx, fold);
    },
  };
}
