import { sql, type Transaction } from 'kysely';
import type { Row } from '../columns.js';
import { columnsOf } from '../columns.js';
import { load, upsert, upsertBy } from '../rows.js';
import type { ReadModel } from '../tables.js';
import type { Progress } from './execution-rows.js';
import { keyOf } from './keyed-rows.js';

type Tx = Transaction<ReadModel>;
type StatsRow = Row<'task_stats'>;
type HourRow = Row<'execution_hour'>;

const HOUR_MS = 3_600_000;

/**
 * What is counted of runs. A count moves once a run: only with the first start and the first end
 * that the execution's own row takes up.
 */
export class RunCounts {
  readonly #stats = new Map<string, StatsRow>();
  readonly #changed = new Set<string>();
  readonly #hours = new Map<string, HourRow>();

  async open(tx: Tx, tasks: readonly Pick<StatsRow, 'account' | 'task_id'>[]): Promise<void> {
    for (const row of await load(tx, 'task_stats', columnsOf('task_stats'), tasks))
      this.#stats.set(keyOf(row.account, row.task_id), row);
  }

  started(run: Progress): void {
    this.#change(run, (stats) => ({
      ...stats,
      last_execution_id: run.id,
      last_started_at: run.started_at,
      last_status: run.status,
      last_duration_ms: null,
    }));
  }

  ended(run: Progress): void {
    const failed = run.status === 'failed' || run.status === 'timeout';
    const succeeded = run.status === 'success';
    this.#change(run, (stats) => ({
      ...stats,
      total_runs: stats.total_runs + 1,
      successful_runs: stats.successful_runs + (succeeded ? 1 : 0),
      failed_runs: stats.failed_runs + (failed ? 1 : 0),
      duration_sum_ms: stats.duration_sum_ms + (run.duration_ms ?? 0),
      duration_count: stats.duration_count + (run.duration_ms === null ? 0 : 1),
      // A cancelled run says nothing about whether the task works.
      consecutive_failures: succeeded ? 0 : stats.consecutive_failures + (failed ? 1 : 0),
      ...(failed && { last_failure_at: run.ended_at }),
      ...(stats.last_execution_id === run.id && {
        last_status: run.status,
        last_duration_ms: run.duration_ms,
      }),
    }));
    this.#countHour(run);
  }

  /** Tasks whose figures moved. */
  get tasks(): Pick<StatsRow, 'account' | 'task_id'>[] {
    return this.#changedRows();
  }

  async save(tx: Tx): Promise<void> {
    await upsert(tx, 'task_stats', this.#changedRows());
    const add = sql`set count = execution_hour.count + excluded.count`;
    await upsertBy(tx, 'execution_hour', [...this.#hours.values()], add);
  }

  #changedRows(): StatsRow[] {
    return [...this.#changed].map((of) => this.#stats.get(of) as StatsRow);
  }

  #change({ account, task_id }: Progress, change: (stats: StatsRow) => StatsRow): void {
    const of = keyOf(account, task_id);
    this.#stats.set(of, change(this.#stats.get(of) ?? { account, task_id, ...nothingYet }));
    this.#changed.add(of);
  }

  #countHour({ account, status, ended_at }: Progress): void {
    const atMs = ended_at?.getTime() ?? 0;
    const hour = new Date(atMs - (((atMs % HOUR_MS) + HOUR_MS) % HOUR_MS));
    const of = keyOf(account, hour.getTime(), status);
    const count = (this.#hours.get(of)?.count ?? 0) + 1;
    this.#hours.set(of, { account, hour, status, count });
  }
}

const nothingYet = {
  total_runs: 0,
  successful_runs: 0,
  failed_runs: 0,
  duration_sum_ms: 0,
  duration_count: 0,
  consecutive_failures: 0,
  last_execution_id: null,
  last_started_at: null,
  last_status: null,
  last_duration_ms: null,
  last_failure_at: null,
} as const;
