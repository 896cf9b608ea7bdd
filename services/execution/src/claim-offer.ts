import { attempt as a, create, decodeCommit, encodeCommit, subjects } from '#libs/contracts';
import { LogUnavailable } from '#libs/event-log';
import type { Logger } from '#libs/runtime';
import { LIMITS } from './limits.js';
import type { StoreDeps } from './nats/until-stored.js';
import { workerActor } from './nats/worker-actor.js';

export type ClaimDeps = StoreDeps & { readonly workerId: string; readonly log: Logger };

/** `unknown`: the log did not say, and by now nobody can tell; the attempts are not run. */
export type Claim = 'mine' | 'taken' | 'unknown';

/**
 * Claims all attempts of an offer with one commit. Its message id is the offer's, so of all workers
 * that were given the offer the first stores it, and every other is told that it is there already.
 */
export async function claimOffer(deps: ClaimDeps, offer: a.Offer): Promise<Claim> {
  const { workerId, clock } = deps;
  const subject = subjects.attempt(offer.shard);
  const msgId = `claim:${offer.id}`;
  const startedAtMs = clock.now();
  const bytes = encodeCommit({
    id: msgId,
    aggregate: subject,
    account: offer.attempts.length === 1 ? (offer.attempts[0]?.account ?? '') : '',
    actor: workerActor(workerId),
    occurredAtMs: startedAtMs,
    correlationId: offer.attempts.length === 1 ? (offer.attempts[0]?.executionId ?? '') : offer.id,
    events: offer.attempts.map(({ executionId, attempt, fence, account }) => ({
      account,
      correlationId: executionId,
      event: create(a.AttemptStartedSchema, {
        executionId,
        attempt,
        fence,
        workerId,
        startedAtMs,
        account,
      }),
    })),
  });
  const untilMs = clock.monotonic() + LIMITS.claimSettleMs;
  for (;;) {
    try {
      const result = await deps.eventLog.append({ stream: 'ATTEMPTS', subject, bytes, msgId });
      if (result.kind === 'conflict') return 'taken';
      if (!result.duplicate) return 'mine';
      return (await isMine(deps, result.seq)) ? 'mine' : 'taken';
    } catch (error) {
      // Whether it was stored is not known: the same claim again finds out.
      if (!(error instanceof LogUnavailable)) throw error;
      if (deps.abandon.aborted || clock.monotonic() > untilMs) return 'unknown';
      deps.log.warn({ offer: offer.id }, 'the log does not answer a claim; asking again');
      await clock.sleep(LIMITS.retryPauseMs);
    }
  }
}

/** An earlier try of this worker may be the one that is there. */
async function isMine({ eventLog, workerId }: ClaimDeps, seq: number): Promise<boolean> {
  const stored = await eventLog.get('ATTEMPTS', seq).catch((cause: unknown) => {
    throw new LogUnavailable('The log did not say whose claim it has.', { cause });
  });
  if (stored === undefined) return false;
  return decodeCommit(stored.bytes).events.some(
    ({ event }) => event.$typeName === 'attempt.v1.AttemptStarted' && event.workerId === workerId,
  );
}
