/** What the accounts of a shard have defined of pools, limits, and what they may use. */
import type { AccountEvent, LimitEvent, limit as l, PoolEvent } from '#libs/contracts';
import { limit } from '#libs/contracts';
import {
  type AccountState,
  accountDecider,
  effectiveLimits,
  noAccountLimits,
} from '../../account/account.js';
import { type KeyExpression, readKeyExpression } from '../../limit/key-expression.js';
import { isBuiltInPool, noPool, type PoolState, poolDecider } from '../../pool/pool.js';

export interface LimitRule {
  readonly name: string;
  /** 0: no limit. */
  readonly maxConcurrent: number;
  readonly rate: { readonly count: number; readonly perMs: number } | undefined;
  /** What is beyond the rate is skipped, and does not wait. */
  readonly skips: boolean;
  /** Undefined: one key for all. */
  readonly keyOf: KeyExpression | undefined;
}

const DEFAULTS = effectiveLimits(noAccountLimits);

export class Capacity {
  readonly #pools = new Map<string, PoolState>();
  readonly #limits = new Map<string, LimitRule>();
  readonly #accounts = new Map<string, AccountState>();

  apply(account: string, id: string, event: PoolEvent | LimitEvent | AccountEvent): void {
    const key = `${account}/${id}`;
    switch (event.$typeName) {
      case 'limit.v1.LimitSaved':
        if (event.rule) this.#limits.set(key, ruleOf(event.rule));
        return;
      case 'limit.v1.LimitDeleted':
        this.#limits.delete(key);
        return;
      case 'account.v1.AccountLimitsSet':
        this.#accounts.set(account, effectiveLimits(accountDecider.evolve(noAccountLimits, event)));
        return;
      default:
        this.#pools.set(key, poolDecider.evolve(this.#pools.get(key) ?? noPool, event));
    }
  }

  pool(account: string, name: string): PoolState {
    return this.#pools.get(`${account}/${name}`) ?? noPool;
  }

  hasPool(account: string, name: string): boolean {
    return isBuiltInPool(name) || this.pool(account, name).status === 'saved';
  }

  /** The pools that an account has made or changed. */
  *poolsOf(account: string): Iterable<string> {
    const prefix = `${account}/`;
    for (const key of this.#pools.keys())
      if (key.startsWith(prefix)) yield key.slice(prefix.length);
  }

  limit(account: string, id: string): LimitRule | undefined {
    return this.#limits.get(`${account}/${id}`);
  }

  /** With the defaults filled in. */
  account(account: string): AccountState {
    return this.#accounts.get(account) ?? DEFAULTS;
  }
}

function ruleOf({ name, keyExpression, maxConcurrent, rate }: l.Rule): LimitRule {
  const read = keyExpression === '' ? undefined : readKeyExpression(keyExpression);
  return {
    name,
    maxConcurrent,
    rate: rate && { count: rate.count, perMs: rate.perMs },
    skips: rate?.excess === limit.Excess.SKIP,
    // What an older build took for an expression may be none to this one.
    keyOf: typeof read === 'object' ? () => ({ fault: read.message }) : read,
  };
}
