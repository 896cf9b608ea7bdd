import { ACCOUNT_DEFAULTS, BUILT_IN_POOLS, isBuiltInPool, unitsOf } from '#libs/domain';
import { type GatewayParts } from '../gateway-parts.js';
import {
  type AccountLimitsRow,
  findAccountLimits,
  findPoolRow,
  type LimitRow,
  type PoolRow,
  poolRows,
} from '../queries/capacity.js';

/** Pools, limits and the account's own, as they are told: built-in pools and defaults filled in. */

export interface ToldPool {
  readonly name: string;
  readonly builtIn: boolean;
  readonly description: string;
  readonly maxConcurrent: number | null;
  /** Of a slot for an hour. */
  readonly computeRate: number;
  readonly paused: boolean;
  readonly pauseReason: string | null;
  readonly pausedAt: Date | null;
  readonly pausedBy: string | null;
  readonly updatedAt: Date | null;
  readonly updatedBy: string | null;
  readonly version: number;
  readonly position: number;
}

export async function listPools(parts: GatewayParts, account: string): Promise<ToldPool[]> {
  const rows = new Map((await poolRows(parts.db, account)).map((row) => [row.id, row]));
  const custom = [...rows.values()].filter(({ id, saved }) => saved && !isBuiltInPool(id));
  return [...BUILT_IN_POOLS, ...custom.map(({ id }) => id)].map((name) =>
    poolOf(name, rows.get(name)),
  );
}

export async function findPool(
  { db }: GatewayParts,
  account: string,
  name: string,
): Promise<ToldPool | undefined> {
  const row = await findPoolRow(db, account, name);
  return isBuiltInPool(name) || row?.saved ? poolOf(name, row) : undefined;
}

function poolOf(name: string, row: PoolRow | undefined): ToldPool {
  return {
    name,
    builtIn: isBuiltInPool(name),
    description: row?.description ?? '',
    maxConcurrent: row?.max_concurrent || null,
    computeRate: unitsOf(row?.compute_rate_micros ?? 0),
    paused: row?.paused ?? false,
    pauseReason: row?.pause_reason || null,
    pausedAt: row?.paused_at ?? null,
    pausedBy: row?.paused_by ?? null,
    updatedAt: row?.updated_at ?? null,
    updatedBy: row?.updated_by ?? null,
    version: row?.version ?? 0,
    position: row?.position ?? 0,
  };
}

export function rateOf({ rate }: LimitRow) {
  if (rate === null) return null;
  return { count: rate.count, per: rate.perMs / 1_000, exceeded: rate.excess };
}

export interface ToldAccountLimits {
  readonly maxConcurrent: number;
  readonly maxBrowserSessions: number;
  readonly weight: number;
  readonly currency: string | null;
  readonly updatedAt: Date | null;
  readonly updatedBy: string | null;
  readonly version: number;
  readonly position: number;
}

export async function readAccountLimits(
  { db }: GatewayParts,
  account: string,
): Promise<ToldAccountLimits> {
  const row: AccountLimitsRow | undefined = await findAccountLimits(db, account);
  return {
    maxConcurrent: row?.max_concurrent || ACCOUNT_DEFAULTS.maxConcurrent,
    maxBrowserSessions: row?.max_browser_sessions || ACCOUNT_DEFAULTS.maxBrowserSessions,
    weight: row?.weight || ACCOUNT_DEFAULTS.weight,
    currency: row?.currency || null,
    updatedAt: row?.updated_at ?? null,
    updatedBy: row?.updated_by ?? null,
    version: row?.version ?? 0,
    position: row?.position ?? 0,
  };
}
