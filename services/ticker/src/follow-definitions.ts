import type { Clock } from '#libs/clock';
import {
  type DomainEvent,
  decodeCommit,
  parseDefinitionSubject,
  shardsConcerned,
} from '#libs/contracts';
import { type EventLog, followForEver } from '#libs/event-log';

/** One commit of a definition, for the shard of its account; of the system's, for each shard. */
export interface Definition {
  readonly seq: number;
  readonly account: string;
  /** Of the task, calendar or maintenance. */
  readonly id: string;
  readonly occurredAtMs: number;
  readonly events: readonly DomainEvent[];
}

export interface FeedOptions {
  readonly log: EventLog;
  readonly clock: Clock;
  readonly shards: number;
  /** Called in the order of the stream. */
  readonly onDefinition: (shard: number, definition: Definition) => void;
  /** Every definition up to this sequence has been told. */
  readonly onSeq: (seq: number) => void;
  readonly onError: (error: unknown) => void;
}

/** Follows all definitions, for every shard of this process at once. */
export function followDefinitions(options: FeedOptions, signal: AbortSignal): Promise<void> {
  const range = { stream: 'DEFINITIONS', fromSeq: 1 } as const;
  return followForEver({ ...options, range }, signal, (stored) => {
    const at = parseDefinitionSubject(stored.subject);
    const { commit, events } = decodeCommit(stored.bytes);
    if (at !== undefined) {
      const definition = {
        seq: stored.seq,
        account: at.account,
        id: at.id,
        occurredAtMs: commit.occurredAtMs,
        events: events.map(({ event }) => event),
      };
      for (const shard of shardsConcerned(at.account, options.shards))
        options.onDefinition(shard, definition);
    }
    options.onSeq(stored.seq);
  });
}
