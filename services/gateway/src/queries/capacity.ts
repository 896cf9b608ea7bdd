import { type Selectable, sql } from 'kysely';
import { type AccountLimitsTable, type NamedLimitTable, type PoolTable } from '#libs/read-model';
import { NAMED_LIMITS_MAX, POOLS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type PoolRow = Selectable<PoolTable>;
export type LimitRow = Selectable<NamedLimitTable>;
export type AccountLimitsRow = Selectable<AccountLimitsTable>;

/** Those that were made, changed or paused; deleted ones, too. */
export function poolRows(db: Db, account: string): Promise<PoolRow[]> {
  return db
    .selectFrom('pool')
    .selectAll()
    .where('account', '=', account)
    .orderBy('id')
    .limit(POOLS_MAX)
    .execute();
}

export function findPoolRow(db: Db, account: string, name: string): Promise<PoolRow | undefined> {
  return db
    .selectFrom('pool')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', name)
    .executeTakeFirst();
}

/** By name. */
export function listLimits(db: Db, account: string): Promise<LimitRow[]> {
  return db
    .selectFrom('named_limit')
    .selectAll()
    .where('account', '=', account)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('id')
    .limit(NAMED_LIMITS_MAX)
    .execute();
}

export function findLimit(db: Db, account: string, id: string): Promise<LimitRow | undefined> {
  return db
    .selectFrom('named_limit')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', id)
    .where('deleted', '=', false)
    .executeTakeFirst();
}

export function limitsByIds(db: Db, account: string, ids: readonly string[]): Promise<LimitRow[]> {
  return db
    .selectFrom('named_limit')
    .selectAll()
    .where('account', '=', account)
    .where('id', 'in', ids)
    .where('deleted', '=', false)
    .execute();
}

export function findAccountLimits(db: Db, account: string): Promise<AccountLimitsRow | undefined> {
  return db
    .selectFrom('account_limits')
    .selectAll()
    .where('account', '=', account)
    .executeTakeFirst();
}

export interface OpenCount {
  readonly pool: string;
  readonly priority: string;
  readonly status: string;
  readonly count: number;
  readonly oldest: Date;
}

/** Open executions by pool and priority: those of a shard whose owner is away. */
export async function openByPool(db: Db, account: string): Promise<OpenCount[]> {
  const rows = await db
    .selectFrom('execution')
    .select(({ fn }) => [
      'pool',
      'priority',
      'status',
      fn.countAll<number>().as('count'),
      sql<Date>`min(coalesce(effective_at, requested_at))`.as('oldest'),
    ])
    .where('account', '=', account)
    .where('status', 'in', ['queued', 'running', 'retrying', 'waiting'])
    .groupBy(['pool', 'priority', 'status'])
    .execute();
  return rows.map((row) => ({ ...row, count: Number(row.count) }));
}
