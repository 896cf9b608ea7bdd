import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import { subjects } from '#libs/contracts';
import type { DispatchState } from '#libs/domain';
import { type EventLog, followForEver } from '#libs/event-log';
import type { Inbox } from './inbox.js';

export interface FeedDeps {
  readonly shard: number;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly inbox: Inbox;
  readonly onInput: () => void;
}

/** Brings slots and facts into the inbox, from where the state has read to, until the signal aborts. */
export function feedInputs(
  { shard, log, clock, logger, inbox, onInput }: FeedDeps,
  { ticks, attempts }: DispatchState,
  signal: AbortSignal,
): Promise<void>[] {
  inbox.restart(ticks, attempts);
  const onError = (error: unknown) => logger.error({ err: error, shard }, 'an input stream broke');
  const from = (stream: 'TICKS' | 'ATTEMPTS', subject: string, seq: number) =>
    ({ log, clock, onError, range: { stream, subject, fromSeq: seq + 1 } }) as const;
  return [
    followForEver(from('TICKS', subjects.tick(shard), ticks.seq), signal, (stored) => {
      inbox.sawTick(stored);
      onInput();
    }),
    followForEver(from('ATTEMPTS', subjects.attempt(shard), attempts.seq), signal, (stored) => {
      inbox.sawFacts(stored);
      onInput();
    }),
  ];
}
