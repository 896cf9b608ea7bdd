import type { Clock } from '#libs/clock';
import {
  decodeCommit,
  parseDefinitionSubject,
  shardOf,
  subjects,
  type TaskEvent,
} from '#libs/contracts';
import { type EventLog, followForEver } from '#libs/event-log';

/** One commit of a task's definition, for the shard of its account. */
export interface TaskDefinition {
  readonly seq: number;
  readonly account: string;
  readonly taskId: string;
  readonly occurredAtMs: number;
  readonly events: readonly TaskEvent[];
}

export interface FeedOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly shards: number;
  /** Called in the order of the stream. */
  readonly onDefinition: (shard: number, definition: TaskDefinition) => void;
  /** Every definition up to this sequence has been told. */
  readonly onSeq: (seq: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows the definitions of all tasks, for every shard of this process at once. */
export function followDefinitions(options: FeedOptions, signal: AbortSignal): Promise<void> {
  const range = { stream: 'DEFINITIONS', subject: subjects.definitionsOfKind('task') } as const;
  return followForEver({ ...options, range: { ...range, fromSeq: 1 } }, signal, (stored) => {
    const at = parseDefinitionSubject(stored.subject);
    const { commit, events } = decodeCommit(stored.bytes);
    if (at !== undefined)
      options.onDefinition(shardOf(at.account, options.shards), {
        seq: stored.seq,
        account: at.account,
        taskId: at.id,
        occurredAtMs: commit.occurredAtMs,
        events: events.map(({ event }) => event as TaskEvent),
      });
    options.onSeq(stored.seq);
  });
}
