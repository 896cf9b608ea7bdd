/** What an attempt cost, as its end is decided: later rates change nothing of it. */
import type { attempt as a } from '#libs/contracts';
import { COST_LIMITS, chargeOf } from '../../cost/micros.js';
import type { Execution } from '../execution.js';
import type { DispatchState } from '../state.js';

export interface Charge {
  readonly computeCostMicros: number;
  readonly apiCostMicros: number;
  readonly computeRateMicros: number;
  readonly currency: string;
}

/**
 * Its time by its worker's clock, but no more than since it was given out. What of it was lost is not
 * charged, for nobody knows how long it ran.
 */
export function chargeFor(
  { definitions }: DispatchState,
  { account, spec, startedAtMs, offeredAtMs }: Execution,
  { endedAtMs, usage }: a.AttemptEnded,
  nowMs: number,
): Charge {
  const { computeRateMicros } = definitions.pool(account, spec.pool);
  const ranMs = Math.min(endedAtMs - startedAtMs, nowMs - offeredAtMs);
  return {
    computeCostMicros: chargeOf(computeRateMicros, ranMs),
    apiCostMicros: wholeMicros(usage?.apiCostMicros ?? 0),
    computeRateMicros,
    currency: definitions.accountLimits(account).currency,
  };
}

/** A worker may tell anything. */
function wholeMicros(told: number): number {
  if (!(told > 0)) return 0;
  return Math.trunc(Math.min(COST_LIMITS.apiMicrosPerAttempt, told));
}
