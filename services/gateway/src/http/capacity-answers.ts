import { type ToldQueues } from '../capacity/read-queues.js';
import { type ToldWait } from '../capacity/read-wait.js';
import { rateOf, type ToldAccountLimits, type ToldPool } from '../capacity/told-capacity.js';
import { type LimitRow } from '../queries/capacity.js';
import {
  type AccountLimitsAnswer,
  type LimitAnswer,
  type PoolAnswer,
  type QueuesAnswer,
  type WaitAnswer,
} from '../shapes/capacity-answers.js';

/** Pools, limits and queues in the words of REST: instants as text. */

export function poolAnswerOf({ position: _, ...pool }: ToldPool): PoolAnswer {
  return {
    ...pool,
    pausedAt: pool.pausedAt?.toISOString() ?? null,
    updatedAt: pool.updatedAt?.toISOString() ?? null,
  };
}

export function limitAnswerOf(row: LimitRow): LimitAnswer {
  return {
    id: row.id,
    name: row.name,
    description: row.description,
    key: row.key_expression,
    maxConcurrent: row.max_concurrent || null,
    rate: rateOf(row),
    createdAt: row.created_at.toISOString(),
    updatedAt: row.updated_at.toISOString(),
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
  };
}

export function accountLimitsAnswerOf({
  position: _,
  ...limits
}: ToldAccountLimits): AccountLimitsAnswer {
  return { ...limits, updatedAt: limits.updatedAt?.toISOString() ?? null };
}

export function queuesAnswerOf({ queues, asOf, live }: ToldQueues): QueuesAnswer {
  const told = queues.map((queue) => ({ ...queue, depthByPriority: [...queue.depthByPriority] }));
  return { queues: told, asOf: asOf.toISOString(), live };
}

export function waitAnswerOf(wait: ToldWait): WaitAnswer {
  return {
    ...wait,
    estimatedStart: wait.estimatedStart?.toISOString() ?? null,
    until: wait.until?.toISOString() ?? null,
  };
}
