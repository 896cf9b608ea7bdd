import { addMicros, unitsOf } from '#libs/domain';
import { type AttemptRow, type ExecutionRow } from '../queries/executions.js';

export interface CostTold {
  readonly compute: number;
  readonly api: number;
  readonly total: number;
  readonly currency: string | null;
}

/** What a run or an attempt cost; null until that is told. */
export function costOfRow(
  row: Pick<ExecutionRow | AttemptRow, 'compute_cost_micros' | 'api_cost_micros' | 'currency'>,
): CostTold | null {
  const { compute_cost_micros: compute, api_cost_micros: api, currency } = row;
  if (compute === null || api === null) return null;
  const total = unitsOf(addMicros(compute, api));
  return { compute: unitsOf(compute), api: unitsOf(api), total, currency };
}
