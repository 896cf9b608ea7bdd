import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { account, limit, pool } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { int4, int8, jsonOf, name, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import {
  authorOf,
  keyFrom,
  keysOfKind,
  occurredAt,
  ownerOf,
  positionOf,
} from './definition-key.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { excess } from './words.js';

type Tx = Transaction<ReadModel>;
type PoolRow = Row<'pool'>;
type LimitRow = Row<'named_limit'>;

/** The pools, limits and accounts that a batch touches. */
export class CapacityRows {
  readonly #pools = new KeyedRows<PoolRow>();
  readonly #limits = new KeyedRows<LimitRow>();
  readonly #accounts = new KeyedRows<Row<'account_limits'>>();

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const pools = keysOfKind(commits, 'pool');
    for (const row of await load(tx, 'pool', columnsOf('pool'), pools))
      this.#pools.loaded(keyOf(row.account, row.id), row);
    const limits = keysOfKind(commits, 'limit');
    for (const row of await load(tx, 'named_limit', columnsOf('named_limit'), limits))
      this.#limits.loaded(keyOf(row.account, row.id), row);
  }

  savePool({ description, maxConcurrent, computeRateMicros }: pool.PoolSaved, place: Place): void {
    this.#putPool(place, {
      description: text(description),
      max_concurrent: int4(maxConcurrent),
      compute_rate_micros: int8(computeRateMicros),
      saved: true,
    });
  }

  pausePool({ reason }: pool.PoolPaused, place: Place): void {
    this.#putPool(place, {
      paused: true,
      pause_reason: text(reason),
      paused_at: occurredAt(place),
      paused_by: authorOf(place),
    });
  }

  resumePool(place: Place): void {
    this.#putPool(place, resumed);
  }

  deletePool(place: Place): void {
    this.#putPool(place, { ...resumed, ...unsaved });
  }

  saveLimit({ rule }: limit.LimitSaved, place: Place): void {
    const rate = rule?.rate;
    const perMs = Number.isFinite(rate?.perMs) ? rate?.perMs : 0;
    const of = ownerOf(place);
    const saved = {
      ...keyFrom(place),
      name: name(rule?.name ?? ''),
      description: text(rule?.description ?? ''),
      key_expression: text(rule?.keyExpression ?? ''),
      max_concurrent: int4(rule?.maxConcurrent ?? 0),
      rate: rate ? jsonOf({ count: int4(rate.count), perMs, excess: excess(rate.excess) }) : null,
      deleted: false,
      ...markOf(place),
    };
    const row = this.#limits.get(of);
    if (row) this.#limits.change(of, { ...row, ...saved });
    else this.#limits.make(of, { ...saved, ...makingOf(place) });
  }

  deleteLimit(place: Place): void {
    const of = ownerOf(place);
    const row = this.#limits.get(of);
    if (row) this.#limits.change(of, { ...row, deleted: true, ...markOf(place) });
  }

  setAccount(event: account.AccountLimitsSet, place: Place): void {
    this.#accounts.make(ownerOf(place), {
      ...keyFrom(place),
      max_concurrent: int4(event.maxConcurrent),
      max_browser_sessions: int4(event.maxBrowserSessions),
      weight: int4(event.weight),
      currency: text(event.currency),
      ...markOf(place),
    });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const pools = [...this.#pools.made, ...this.#pools.changed];
    const limits = [...this.#limits.made, ...this.#limits.changed];
    const accounts = this.#accounts.made;
    await upsert(tx, 'pool', pools);
    await upsert(tx, 'named_limit', limits);
    await upsert(tx, 'account_limits', accounts);
    const touched =
      (readModel: Touched['readModel']) =>
      ({ account, id }: { account: string; id: string }): Touched => ({
        readModel,
        account,
        key: id,
      });
    return [
      ...pools.map(touched('pool')),
      ...limits.map(touched('limit')),
      ...accounts.map(touched('account')),
    ];
  }

  #putPool(place: Place, change: Partial<PoolRow>): void {
    const of = ownerOf(place);
    const row = this.#pools.get(of);
    if (row) this.#pools.change(of, { ...row, ...change, ...markOf(place) });
    else
      this.#pools.make(of, {
        ...keyFrom(place),
        ...unsaved,
        ...resumed,
        ...makingOf(place),
        ...markOf(place),
        ...change,
      });
  }
}

const unsaved = { description: '', max_concurrent: 0, compute_rate_micros: 0, saved: false };
const resumed = { paused: false, pause_reason: null, paused_at: null, paused_by: null };

function makingOf(place: Place) {
  return { created_at: occurredAt(place), created_by: authorOf(place) };
}

function markOf(place: Place) {
  return {
    updated_at: occurredAt(place),
    updated_by: authorOf(place),
    version: int4(place.recorded.commit.ordinal),
    position: positionOf(place),
  };
}
