import { create, limit as l } from '#libs/contracts';
import { COST_LIMITS, microsOf, readKeyExpression } from '#libs/domain';
import { type By, type Changed, define } from '../commands/carry-out.js';
import { type GatewayParts } from '../gateway-parts.js';
import { invalid } from '../problems/problem.js';
import {
  type AccountLimitsInput,
  type LimitInputShape,
  type PoolInputShape,
} from '../shapes/capacity-input.js';

/** What a caller does to pools, limits, and what the account may use. */

const EXCESS = { wait: l.Excess.WAIT, skip: l.Excess.SKIP } as const;

export function savePool(
  parts: GatewayParts,
  by: By,
  { name, description = '', maxConcurrent, computeRate }: PoolInputShape,
  change?: { expectedPosition: number | undefined },
): Promise<Changed> {
  const rateMicros = microsOf(computeRate, COST_LIMITS.rateMicros);
  return define(parts, by, {
    case: 'savePool',
    value: {
      $typeName: 'task.v1.SavePool',
      name,
      description,
      maxConcurrent: maxConcurrent ?? 0,
      ...(rateMicros !== undefined && { computeRateMicros: rateMicros }),
      new: change === undefined,
      expectedPosition: change?.expectedPosition ?? 0,
    },
  });
}

export function pausePool(
  parts: GatewayParts,
  by: By,
  name: string,
  reason: string,
): Promise<Changed> {
  return define(parts, by, {
    case: 'pausePool',
    value: { $typeName: 'task.v1.PausePool', name, reason, expectedPosition: 0 },
  });
}

export function resumePool(parts: GatewayParts, by: By, name: string): Promise<Changed> {
  return define(parts, by, {
    case: 'resumePool',
    value: { $typeName: 'task.v1.ResumePool', name, expectedPosition: 0 },
  });
}

export function deletePool(
  parts: GatewayParts,
  by: By,
  name: string,
  expectedPosition = 0,
): Promise<Changed> {
  return define(parts, by, {
    case: 'deletePool',
    value: { $typeName: 'task.v1.DeletePool', name, expectedPosition },
  });
}

export async function saveLimit(
  parts: GatewayParts,
  by: By,
  { name, description = '', key = '', maxConcurrent, rate }: LimitInputShape,
  { limitId = '', expectedPosition = 0 }: { limitId?: string; expectedPosition?: number } = {},
): Promise<Changed> {
  checkKey(key);
  const rule = create(l.RuleSchema, {
    name,
    description,
    keyExpression: key,
    maxConcurrent: maxConcurrent ?? 0,
    ...(rate && {
      rate: { count: rate.count, perMs: rate.per * 1_000, excess: EXCESS[rate.exceeded ?? 'wait'] },
    }),
  });
  return define(parts, by, {
    case: 'saveLimit',
    value: { $typeName: 'task.v1.SaveLimit', limitId, rule, expectedPosition },
  });
}

/** The definitions decide again; here the fault gets its place in the text. */
function checkKey(key: string): void {
  const read = key === '' ? undefined : readKeyExpression(key);
  if (read === undefined || typeof read === 'function') return;
  const { message, position } = read;
  const remedy = 'Use CEL over `parameters`, `task` and `account`, such as `parameters.customer`.';
  throw invalid([{ path: '/key', code: 'bad-expression', message, remedy, position }]);
}

export function deleteLimit(
  parts: GatewayParts,
  by: By,
  limitId: string,
  expectedPosition = 0,
): Promise<Changed> {
  return define(parts, by, {
    case: 'deleteLimit',
    value: { $typeName: 'task.v1.DeleteLimit', limitId, expectedPosition },
  });
}

export function setAccountLimits(
  parts: GatewayParts,
  by: By,
  { maxConcurrent, maxBrowserSessions, weight, currency }: AccountLimitsInput,
  expectedPosition = 0,
): Promise<Changed> {
  return define(parts, by, {
    case: 'setAccountLimits',
    value: {
      $typeName: 'task.v1.SetAccountLimits',
      maxConcurrent: maxConcurrent ?? 0,
      maxBrowserSessions: maxBrowserSessions ?? 0,
      weight: weight ?? 0,
      ...(currency !== undefined && { currency }),
      expectedPosition,
    },
  });
}
