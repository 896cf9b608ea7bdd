import { attempt as a, fromBinary } from '#libs/contracts';
import type { Logger } from '#libs/runtime';
import type { SlotGrants } from './grants/slot-grants.js';
import { LIMITS } from './limits.js';
import type { FactTeller } from './nats/tell-facts.js';
import type { StoreDeps } from './nats/until-stored.js';
import { AttemptRun, type RunDeps } from './run-attempt.js';
import type { Entry, RunningAttempts } from './running-attempts.js';
import type { WorkerMetrics } from './worker-metrics.js';

export interface TakeDeps extends StoreDeps {
  readonly log: Logger;
  readonly workerId: string;
  readonly running: RunningAttempts;
  readonly grants: SlotGrants;
  readonly facts: FactTeller;
  readonly isDraining: () => boolean;
  /** It has slept, and what it hears may be old. */
  readonly isDrowsy: () => boolean;
  readonly run: RunDeps;
  readonly metrics: WorkerMetrics;
}

/** Why an offer is handed back without having been begun. */
export type Refusal = 'draining' | 'drowsy' | 'late' | 'no-slot';

/** From an offer to the ends of its attempts. They were given to this worker: there is nothing to claim. */
export class OfferTaker {
  readonly #deps: TakeDeps;
  /** Of each shard, those that came: an offer that comes again is known. */
  readonly #fences = new Map<number, Set<number>>();
  readonly #givingBack = new Set<Promise<void>>();

  constructor(deps: TakeDeps) {
    this.#deps = deps;
  }

  take(bytes: Uint8Array): void {
    const { log, grants } = this.#deps;
    const offer = decode(bytes);
    if (offer === undefined) {
      log.error({ bytes: bytes.length }, 'an offer could not be read');
      return;
    }
    // Of an owner that has been followed by another, who sends again what still holds.
    if (!grants.sawTerm(offer.shard, offer.term)) return;
    for (const attempt of offer.attempts) {
      if (!this.#isNew(offer.shard, attempt.fence)) continue;
      const refusal = this.#refusal(offer, attempt);
      if (refusal === undefined) void this.#run(offer.shard, attempt);
      else this.#handBack(offer.shard, attempt, refusal);
    }
  }

  #refusal({ sentAtMs }: a.Offer, { pool }: a.OfferedAttempt): Refusal | undefined {
    const { isDraining, isDrowsy, clock, running } = this.#deps;
    if (isDraining()) return 'draining';
    if (isDrowsy()) return 'drowsy';
    if (clock.now() - sentAtMs > LIMITS.offerAgeMs) return 'late';
    return running.free(pool) > 0 ? undefined : 'no-slot';
  }

  async #run(shard: number, attempt: a.OfferedAttempt): Promise<void> {
    const { log, running, facts, clock, metrics, workerId } = this.#deps;
    const { executionId, fence, pool, account } = attempt;
    const entry: Entry = { pool, shard, executionId, fence };
    running.add(entry);
    const fromMs = clock.monotonic();
    try {
      const run = new AttemptRun(this.#deps.run, { shard, attempt });
      running.begin(entry, run);
      const start: a.AttemptStarted = {
        $typeName: 'attempt.v1.AttemptStarted',
        executionId,
        attempt: attempt.attempt,
        fence,
        workerId,
        startedAtMs: clock.now(),
        account,
      };
      facts
        .tellStart(shard, start)
        .catch((err) => log.error({ err, executionId }, 'the start of an attempt was not told'));
      const end = await run.run();
      // A superseded attempt is somebody else's now: what is told of it would have no effect.
      if (run.stopCause !== 'superseded') await facts.tellEnd(shard, end);
      metrics.ended(pool, end, clock.monotonic() - fromMs);
    } catch (err) {
      log.error({ err, executionId }, 'the end of an attempt was not told');
    } finally {
      running.remove(entry);
    }
  }

  #handBack(shard: number, attempt: a.OfferedAttempt, why: Refusal): void {
    const { log, facts, clock, metrics, workerId } = this.#deps;
    const { executionId, fence, account } = attempt;
    metrics.handedBack(why);
    const end: a.AttemptEnded = {
      $typeName: 'attempt.v1.AttemptEnded',
      executionId,
      attempt: attempt.attempt,
      fence,
      workerId,
      endedAtMs: clock.now(),
      outcome: a.AttemptOutcome.HANDED_BACK,
      outputJson: '',
      artifacts: [],
      account,
    };
    const told = facts
      .tellEnd(shard, end)
      .catch((err) => log.error({ err, executionId }, 'an offer could not be handed back'))
      .finally(() => this.#givingBack.delete(told));
    this.#givingBack.add(told);
  }

  /** Resolves when what was handed back is known to be. */
  async settled(): Promise<void> {
    await Promise.all(this.#givingBack);
  }

  #isNew(shard: number, fence: number): boolean {
    const known = this.#fences.get(shard) ?? new Set();
    this.#fences.set(shard, known);
    if (known.has(fence)) return false;
    known.add(fence);
    if (known.size > LIMITS.fencesRemembered)
      for (const oldest of known) {
        known.delete(oldest);
        break;
      }
    return true;
  }
}

function decode(bytes: Uint8Array): a.Offer | undefined {
  try {
    const offer = fromBinary(a.OfferSchema, bytes);
    return offer.attempts.length <= LIMITS.offerAttempts ? offer : undefined;
  } catch {
    return undefined;
  }
}
