import {
  type NatsConnection,
  NoRespondersError,
  RequestError,
  TimeoutError,
} from '@nats-io/transport-node';
import type { Clock } from '#libs/clock';
import { dispatch as d, fromBinary, subjects, toBinary } from '#libs/contracts';
import { JobFailure } from '../child/job-failure.js';
import { LIMITS } from '../limits.js';

interface AskerDeps {
  readonly nc: NatsConnection;
  readonly clock: Clock;
}

/** The owner of the shard did not answer in time: whether it heard is not known. */
export class NoAnswer extends JobFailure {
  constructor(message: string, options: ErrorOptions) {
    super('DISPATCH_SILENT', message, options);
  }
}

export interface AskOptions {
  readonly giveUpMs: number;
  readonly signal?: AbortSignal;
}

/** Throws NoAnswer. */
export type AskDispatch = (
  asked: { readonly shard: number; readonly command: d.Command },
  options: AskOptions,
) => Promise<d.CommandReply['result']>;

/** Sends a command to the owner of a shard, again with the same bytes until it is answered. */
export function dispatchAsker({ nc, clock }: AskerDeps): AskDispatch {
  return async ({ shard, command }, { giveUpMs, signal }) => {
    const bytes = toBinary(d.CommandSchema, command);
    const untilMs = clock.monotonic() + giveUpMs;
    for (;;) {
      try {
        const timeout = { timeout: LIMITS.askTryMs };
        const reply = await nc.request(subjects.dispatchCommand(shard), bytes, timeout);
        return fromBinary(d.CommandReplySchema, reply.data).result;
      } catch (cause) {
        const isOver = signal?.aborted || clock.monotonic() > untilMs || nc.isClosed();
        if (isOver || !mayAnswerLater(cause))
          throw new NoAnswer('The owner of the shard does not answer.', { cause });
      }
      await clock.sleep(LIMITS.askPauseMs, signal).catch(() => undefined);
    }
  };
}

function mayAnswerLater(error: unknown): boolean {
  return (
    error instanceof TimeoutError ||
    error instanceof NoRespondersError ||
    error instanceof RequestError
  );
}
