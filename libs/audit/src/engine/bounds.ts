import {
  type DomainEvent,
  decodeCommit,
  limit as l,
  parseDefinitionSubject,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';

/** What stands when nobody has set it; 0 further down: no limit. */
const ACCOUNT_DEFAULTS = { maxConcurrent: 500, maxBrowserSessions: 25 };

export interface NamedLimit {
  readonly maxConcurrent: number;
  /** Undefined: none, or one whose excess is skipped at the request. */
  readonly rate: { readonly count: number; readonly perMs: number } | undefined;
}

interface Pool {
  readonly maxConcurrent: number;
  readonly paused: boolean;
}

const NO_POOL: Pool = { maxConcurrent: 0, paused: false };

/** Every bound as the definitions have it, up to a place in their stream. */
export class Bounds {
  readonly #ahead: StoredCommit[];
  readonly #tasks = new Map<string, number>();
  readonly #pools = new Map<string, Pool>();
  readonly #limits = new Map<string, NamedLimit>();
  readonly #accounts = new Map<string, typeof ACCOUNT_DEFAULTS>();

  constructor(definitions: readonly StoredCommit[]) {
    this.#ahead = definitions.toReversed();
  }

  /** Never backwards: an owner knows what the one before it knew. */
  knowUpTo(seq: number): void {
    for (let next = this.#ahead.at(-1); next && next.seq <= seq; next = this.#ahead.at(-1)) {
      this.#ahead.pop();
      const at = parseDefinitionSubject(next.subject);
      if (at === undefined) continue;
      for (const { event } of decodeCommit(next.bytes).events)
        this.#define(at.account, `${at.account}/${at.id}`, event);
    }
  }

  task(account: string, taskId: string): number {
    return this.#tasks.get(`${account}/${taskId}`) ?? 0;
  }

  pool(account: string, name: string): Pool {
    return this.#pools.get(`${account}/${name}`) ?? NO_POOL;
  }

  limit(account: string, limitId: string): NamedLimit | undefined {
    return this.#limits.get(`${account}/${limitId}`);
  }

  account(account: string): typeof ACCOUNT_DEFAULTS {
    return this.#accounts.get(account) ?? ACCOUNT_DEFAULTS;
  }

  #define(account: string, key: string, event: DomainEvent): void {
    const pool = this.#pools.get(key) ?? NO_POOL;
    switch (event.$typeName) {
      case 'task.v1.TaskCreated':
      case 'task.v1.SettingsChanged':
        this.#tasks.set(key, event.settings?.concurrencyLimit ?? 0);
        return;
      case 'task.v1.TaskDeleted':
        this.#tasks.delete(key);
        return;
      case 'pool.v1.PoolSaved':
        this.#pools.set(key, { ...pool, maxConcurrent: event.maxConcurrent });
        return;
      case 'pool.v1.PoolPaused':
        this.#pools.set(key, { ...pool, paused: true });
        return;
      case 'pool.v1.PoolResumed':
        this.#pools.set(key, { ...pool, paused: false });
        return;
      case 'pool.v1.PoolDeleted':
        this.#pools.delete(key);
        return;
      case 'limit.v1.LimitSaved': {
        const { maxConcurrent = 0, rate } = event.rule ?? {};
        const waits = rate?.excess !== l.Excess.SKIP;
        this.#limits.set(key, { maxConcurrent, rate: waits ? rate : undefined });
        return;
      }
      case 'limit.v1.LimitDeleted':
        this.#limits.delete(key);
        return;
      case 'account.v1.AccountLimitsSet':
        this.#accounts.set(account, {
          maxConcurrent: event.maxConcurrent || ACCOUNT_DEFAULTS.maxConcurrent,
          maxBrowserSessions: event.maxBrowserSessions || ACCOUNT_DEFAULTS.maxBrowserSessions,
        });
        return;
      default:
    }
  }
}
