import type { ColumnType } from 'kysely';
import type { Int8 } from './column-kinds.js';

/** Row types of pools, limits and what an account may use: a fold of DEFINITIONS. */

interface Audited {
  created_at: Date;
  updated_at: Date;
  created_by: string;
  updated_by: string;
  /** Ordinal of its last commit. */
  version: number;
  /** Sequence in DEFINITIONS of its last commit. */
  position: Int8;
}

/** Its id is its name. Built-in pools that nobody touched have no row. */
export interface PoolTable extends Audited {
  account: string;
  id: string;
  description: string;
  /** Of the account at the same time; 0: no limit. */
  max_concurrent: number;
  /** False: deleted, or built in and only paused so far. */
  saved: boolean;
  paused: boolean;
  pause_reason: string | null;
  paused_at: Date | null;
  paused_by: string | null;
  /** Of a slot for an hour, in millionths of the account's currency. */
  compute_rate_micros: ColumnType<number, number | undefined, number>;
}

export interface NamedLimitTable extends Audited {
  account: string;
  id: string;
  name: string;
  description: string;
  /** CEL; empty: one key for all. */
  key_expression: string;
  /** 0: no limit. */
  max_concurrent: number;
  rate: ColumnType<LimitRate | null, string | null, string | null>;
  deleted: boolean;
}

export interface LimitRate {
  count: number;
  perMs: number;
  /** What becomes of a run beyond it. */
  excess: 'wait' | 'skip';
}

/** At most one row an account; a number of 0 stands for the default. */
export interface AccountLimitsTable {
  account: string;
  id: string;
  max_concurrent: number;
  max_browser_sessions: number;
  weight: number;
  updated_at: Date;
  updated_by: string;
  version: number;
  position: Int8;
  /** Code of ISO 4217; empty: none was said. */
  currency: ColumnType<string, string | undefined, string>;
}
