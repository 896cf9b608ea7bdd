import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import type { TickPlan } from '#libs/domain';
import type { TickMetrics } from './tick-metrics.js';

const LOOK_EVERY_MS = 1_000;
/** Looked at in one go, which takes some milliseconds: a slot may fall due meanwhile. */
export const SCHEDULES_PER_LOOK = 10_000;
/** A next slot that passed this long ago and is not decided was forgotten. */
const OVERDUE_MS = 10_000;
/** Schedules named in one alarm. */
const NAMED_IN_ALARM = 10;

export interface PlanWatchOptions {
  readonly shard: number;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: Pick<TickMetrics, 'unplanned'>;
}

/**
 * "It says enabled, and nothing fires" must not go unnoticed: asserts, round after round, that every
 * enabled schedule has its next slot planned.
 */
export class PlanWatch {
  readonly #plan: TickPlan;
  readonly #options: PlanWatchOptions;
  #round: ReturnType<TickPlan['nextInstants']>;
  #forgotten: string[] = [];
  #lookedMs = Number.NEGATIVE_INFINITY;

  constructor(plan: TickPlan, options: PlanWatchOptions) {
    this.#plan = plan;
    this.#options = options;
    this.#round = plan.nextInstants();
  }

  /** To be called when nothing is due: before, what is overdue is merely about to be decided. */
  look(nowMs: number): void {
    const monotonicMs = this.#options.clock.monotonic();
    if (monotonicMs - this.#lookedMs < LOOK_EVERY_MS) return;
    this.#lookedMs = monotonicMs;
    for (let looks = 0; looks < SCHEDULES_PER_LOOK; looks++) {
      const { done, value } = this.#round.next();
      if (done) {
        this.#endRound();
        return;
      }
      const { scheduleId, nextMs } = value;
      if (nextMs === undefined || nextMs < nowMs - OVERDUE_MS) this.#forgotten.push(scheduleId);
    }
  }

  #endRound(): void {
    const { logger, metrics, shard } = this.#options;
    const forgotten = this.#forgotten;
    metrics.unplanned(shard, forgotten.length);
    if (forgotten.length > 0)
      logger.error(
        { shard, count: forgotten.length, schedules: forgotten.slice(0, NAMED_IN_ALARM) },
        'enabled schedules have no next slot',
      );
    this.#forgotten = [];
    this.#round = this.#plan.nextInstants();
  }
}
