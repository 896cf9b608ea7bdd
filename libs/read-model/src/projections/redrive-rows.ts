import type { Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import type { dispatch } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, int4, int8, key, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import type { Progress } from './execution-rows.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { actorName } from './words.js';

type Tx = Transaction<ReadModel>;
type RedriveRow = Row<'redrive'>;
type Count = 'requested' | 'passed_over' | 'succeeded' | 'failed' | 'cancelled';

interface NamesRedrive {
  readonly account: string;
  readonly redriveId: string;
}

export interface RedriveKey {
  readonly account: string;
  readonly id: string;
}

export function redriveKey({ account, redriveId }: NamesRedrive): RedriveKey {
  return { account: key(account), id: key(redriveId) };
}

/** The redrives that a batch touches, also by a run of theirs. */
export class RedriveRows {
  readonly #rows = new KeyedRows<RedriveRow>();

  async open(tx: Tx, keys: readonly RedriveKey[]): Promise<void> {
    for (const row of await load(tx, 'redrive', columnsOf('redrive'), keys))
      this.#rows.loaded(keyOf(row.account, row.id), row);
  }

  start(event: dispatch.RedriveStarted, { recorded, actor }: Place): void {
    const of = redriveKey(event);
    const mapKey = keyOf(of.account, of.id);
    if (this.#rows.get(mapKey)) return;
    this.#rows.make(mapKey, {
      ...of,
      dead_letters: event.deadLetterIds.length,
      per_minute: int4(event.perMinute),
      note: event.note === '' ? null : text(event.note),
      author: text(actorName(actor)),
      status: 'running',
      requested: 0,
      passed_over: 0,
      succeeded: 0,
      failed: 0,
      cancelled: 0,
      started_at: instant(event.startedAtMs),
      finished_at: null,
      position: int8(recorded.seq),
    });
  }

  cancel(event: dispatch.RedriveCancelled, place: Place): void {
    this.#change(redriveKey(event), place, (row) =>
      row.status === 'running' ? { ...row, status: 'cancelled' } : row,
    );
  }

  /** One that was cancelled stays so: its time of finishing says when the last run ended. */
  finish(event: dispatch.RedriveFinished, place: Place): void {
    this.#change(redriveKey(event), place, (row) => ({
      ...row,
      status: row.status === 'cancelled' ? 'cancelled' : 'finished',
      finished_at: row.finished_at ?? instant(event.finishedAtMs),
    }));
  }

  passedOver(event: dispatch.DeadLetterPassedOver, place: Place): void {
    this.#count(redriveKey(event), place, 'passed_over');
  }

  requested(run: Progress, place: Place): void {
    this.#countRun(run, place, 'requested');
  }

  ended(run: Progress, place: Place): void {
    const { status } = run;
    if (status === 'success') this.#countRun(run, place, 'succeeded');
    else {
      const unfinished = status === 'cancelled' || status === 'skipped';
      this.#countRun(run, place, unfinished ? 'cancelled' : 'failed');
    }
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#rows.made, ...this.#rows.changed];
    await upsert(tx, 'redrive', rows);
    return rows.map(({ account, id }) => ({ readModel: 'redrive', account, key: id }));
  }

  #countRun({ account, redrive_id }: Progress, place: Place, column: Count): void {
    if (redrive_id !== null) this.#count({ account, id: redrive_id }, place, column);
  }

  #count(of: RedriveKey, place: Place, column: Count): void {
    this.#change(of, place, (row) => ({ ...row, [column]: row[column] + 1 }));
  }

  /** What is told of a redrive that never was changes nothing. */
  #change(
    { account, id }: RedriveKey,
    { recorded }: Place,
    change: (row: RedriveRow) => RedriveRow,
  ): void {
    const of = keyOf(account, id);
    const row = this.#rows.get(of);
    if (row) this.#rows.change(of, { ...change(row), position: int8(recorded.seq) });
  }
}
