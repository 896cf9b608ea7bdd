import type { Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import { dispatch } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, int4, int8, key, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import type { Progress } from './execution-rows.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { actorName } from './words.js';

type Tx = Transaction<ReadModel>;
type BackfillRow = Row<'backfill'>;

interface NamesBackfill {
  readonly account: string;
  readonly backfillId: string;
}

export interface BackfillKey {
  readonly account: string;
  readonly id: string;
}

export function backfillKey({ account, backfillId }: NamesBackfill): BackfillKey {
  return { account: key(account), id: key(backfillId) };
}

/** The backfills that a batch touches, also by a run of theirs. */
export class BackfillRows {
  readonly #rows = new KeyedRows<BackfillRow>();

  async open(tx: Tx, keys: readonly BackfillKey[]): Promise<void> {
    for (const row of await load(tx, 'backfill', columnsOf('backfill'), keys))
      this.#rows.loaded(keyOf(row.account, row.id), row);
  }

  start(event: dispatch.BackfillStarted, { recorded, actor }: Place): void {
    const of = backfillKey(event);
    const mapKey = keyOf(of.account, of.id);
    if (this.#rows.get(mapKey)) return;
    const dueAts = event.slots.map(({ dueAtMs }) => instant(dueAtMs).getTime());
    const endOf = (pick: (one: number, other: number) => number) =>
      dueAts.length === 0 ? null : new Date(dueAts.reduce(pick));
    this.#rows.make(mapKey, {
      ...of,
      task_id: key(event.taskId),
      schedule_id: key(event.scheduleId),
      slots: event.slots.length,
      first_due_at: endOf((one, other) => Math.min(one, other)),
      last_due_at: endOf((one, other) => Math.max(one, other)),
      concurrency: int4(event.concurrency),
      note: event.note === '' ? null : text(event.note),
      author: text(actorName(actor)),
      status: 'running',
      requested: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      started_at: instant(event.startedAtMs),
      finished_at: null,
      position: int8(recorded.seq),
    });
  }

  change(event: dispatch.BackfillChanged, place: Place): void {
    const status = STATUS_AFTER[event.change];
    if (status === undefined) return;
    this.#change(backfillKey(event), place, (row) =>
      row.status === 'cancelled' || row.status === 'finished' ? row : { ...row, status },
    );
  }

  /** One that was cancelled stays so: its time of finishing says when the last run ended. */
  finish(event: dispatch.BackfillFinished, place: Place): void {
    this.#change(backfillKey(event), place, (row) => ({
      ...row,
      status: row.status === 'cancelled' ? 'cancelled' : 'finished',
      finished_at: row.finished_at ?? instant(event.finishedAtMs),
    }));
  }

  requested(run: Progress, place: Place): void {
    this.#count(run, place, 'requested');
  }

  ended(run: Progress, place: Place): void {
    const { status } = run;
    if (status === 'success') this.#count(run, place, 'succeeded');
    else {
      const unfinished = status === 'cancelled' || status === 'skipped';
      this.#count(run, place, unfinished ? 'cancelled' : 'failed');
    }
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#rows.made, ...this.#rows.changed];
    await upsert(tx, 'backfill', rows);
    return rows.map(({ account, id }) => ({ readModel: 'backfill', account, key: id }));
  }

  #count(
    { account, backfill_id }: Progress,
    place: Place,
    column: 'requested' | 'succeeded' | 'failed' | 'cancelled',
  ): void {
    if (backfill_id === null) return;
    this.#change({ account, id: backfill_id }, place, (row) => ({
      ...row,
      [column]: row[column] + 1,
    }));
  }

  /** What is told of a backfill that never was changes nothing. */
  #change(
    { account, id }: BackfillKey,
    { recorded }: Place,
    change: (row: BackfillRow) => BackfillRow,
  ): void {
    const of = keyOf(account, id);
    const row = this.#rows.get(of);
    if (row) this.#rows.change(of, { ...change(row), position: int8(recorded.seq) });
  }
}

const STATUS_AFTER: Readonly<Record<number, BackfillRow['status']>> = {
  [dispatch.BackfillChange.PAUSE]: 'paused',
  [dispatch.BackfillChange.RESUME]: 'running',
  [dispatch.BackfillChange.CANCEL]: 'cancelled',
};
