import {
  headers,
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import { type Clock } from '#libs/clock';
import { injectTrace } from '#libs/runtime';
import {
  COMMAND_DEADLINE_MS,
  COMMAND_RETRY_FIRST_MS,
  COMMAND_RETRY_MAX_MS,
  COMMAND_TRY_MS,
} from '../limits.js';
import { RequestProblem } from '../problems/problem.js';

export interface CommandWire {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  /** For specs; else `COMMAND_DEADLINE_MS`. */
  readonly deadlineMs?: number;
}

/**
 * Sends a command by request and reply, and again with the same bytes while nobody answers: a
 * service that restarts, a shard between two owners, a broker that is away. The id inside makes the
 * repetition harmless, also when only the answer was lost. What stays unanswered is a 503, and then
 * the outcome is unknown: the caller may send it again with its Idempotency-Key.
 */
export async function sendCommand(
  { nc, clock, deadlineMs = COMMAND_DEADLINE_MS }: CommandWire,
  subject: string,
  bytes: Uint8Array,
): Promise<Uint8Array> {
  const giveUpAtMs = clock.monotonic() + deadlineMs;
  let pauseMs = COMMAND_RETRY_FIRST_MS;
  for (;;) {
    const leftMs = giveUpAtMs - clock.monotonic();
    try {
      const reply = await nc.request(subject, bytes, {
        timeout: Math.max(1, Math.min(COMMAND_TRY_MS, leftMs)),
        headers: injectTrace(headers()),
      });
      return reply.data;
    } catch (cause) {
      if (!mayAnswerLater(cause) || clock.monotonic() + pauseMs >= giveUpAtMs)
        throw new RequestProblem(
          'service-unavailable',
          'The service that decides this does not answer at the moment.',
          { cause },
        );
    }
    await clock.sleep(pauseMs);
    pauseMs = Math.min(COMMAND_RETRY_MAX_MS, pauseMs * 2);
  }
}

function mayAnswerLater(error: unknown): boolean {
  if (error instanceof TimeoutError || error instanceof NoRespondersError) return true;
  return error instanceof RequestError;
}
