import { attempt as a, fromBinary } from '#libs/contracts';
import { type ClaimDeps, claimOffer } from './claim-offer.js';
import { LIMITS } from './limits.js';
import type { OfferMessage } from './nats/pull-offers.js';
import type { EndTeller } from './nats/tell-ends.js';
import { OfferMemory } from './offer-memory.js';
import { AttemptRun, type RunDeps } from './run-attempt.js';
import type { Entry, RunningAttempts } from './running-attempts.js';
import type { WorkerMetrics } from './worker-metrics.js';

export interface TakeDeps extends ClaimDeps {
  readonly running: RunningAttempts;
  readonly ends: EndTeller;
  readonly isDraining: () => boolean;
  readonly run: RunDeps;
  readonly metrics: WorkerMetrics;
}

/** From an offer to the ends of its attempts: claim, run, tell. */
export class OfferTaker {
  readonly #deps: TakeDeps;
  readonly #memory = new OfferMemory();

  constructor(deps: TakeDeps) {
    this.#deps = deps;
  }

  /** Returns at once; the attempts are in the list of running ones from here on. */
  take(pool: string, message: OfferMessage): void {
    // Not answered: it is delivered to somebody else.
    if (this.#deps.isDraining()) return;
    const offer = decode(message.bytes);
    if (offer === undefined) {
      this.#deps.log.error({ pool, bytes: message.bytes.length }, 'an offer could not be read');
      message.term('unreadable');
      return;
    }
    if (!this.#memory.add(offer.id)) {
      message.ack();
      return;
    }
    const entries = offer.attempts.map(({ executionId, fence }) => ({
      pool,
      shard: offer.shard,
      executionId,
      fence,
    }));
    for (const entry of entries) this.#deps.running.add(entry);
    void this.#claimAndRun(offer, entries, message);
  }

  async #claimAndRun(
    offer: a.Offer,
    entries: readonly Entry[],
    message: OfferMessage,
  ): Promise<void> {
    const { log, running } = this.#deps;
    const claim = await claimOffer(this.#deps, offer).catch((err: unknown) => {
      log.error({ err, offer: offer.id }, 'an offer could not be claimed');
      this.#memory.forget(offer.id);
      return 'failed' as const;
    });
    // As soon as the claim is told: acks are not fenced, so a held one would start the job twice.
    if (claim === 'mine' || claim === 'taken') message.ack();
    if (claim !== 'mine') {
      for (const entry of entries) running.remove(entry);
      return;
    }
    for (const [at, attempt] of offer.attempts.entries()) {
      const entry = entries[at];
      if (entry !== undefined) void this.#run(offer.shard, attempt, entry);
    }
  }

  async #run(shard: number, attempt: a.OfferedAttempt, entry: Entry): Promise<void> {
    const { log, running, ends, clock, metrics } = this.#deps;
    const fromMs = clock.monotonic();
    try {
      const run = new AttemptRun(this.#deps.run, { shard, attempt });
      running.begin(entry, run);
      const end = await run.run();
      // A superseded attempt is somebody else's now: what is told of it would have no effect.
      if (run.stopCause !== 'superseded') await ends.tell(shard, end);
      metrics.ended(entry.pool, end, clock.monotonic() - fromMs);
    } catch (err) {
      log.error({ err, executionId: attempt.executionId }, 'the end of an attempt was not told');
    } finally {
      running.remove(entry);
    }
  }
}

function decode(bytes: Uint8Array): a.Offer | undefined {
  try {
    const offer = fromBinary(a.OfferSchema, bytes);
    const { length } = offer.attempts;
    return offer.id !== '' && length > 0 && length <= LIMITS.offerAttempts ? offer : undefined;
  } catch {
    return undefined;
  }
}
