import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { maintenance } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, text } from '../storable.js';
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
import { aftermath } from './words.js';

type Tx = Transaction<ReadModel>;

/** The maintenances that a batch touches. */
export class MaintenanceRows {
  readonly #rows = new KeyedRows<Row<'maintenance'>>();

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const keys = keysOfKind(commits, 'maintenance');
    for (const row of await load(tx, 'maintenance', columnsOf('maintenance'), keys))
      this.#rows.loaded(keyOf(row.account, row.id), row);
  }

  plan(event: maintenance.MaintenancePlanned, place: Place): void {
    const of = ownerOf(place);
    if (this.#rows.get(of)) return;
    const planned_at = occurredAt(place);
    this.#rows.make(of, {
      ...keyFrom(place),
      // What was before it was told is not undone by it.
      from_at: later(instant(event.fromMs), planned_at),
      until_at: event.untilMs === 0 ? null : instant(event.untilMs),
      aftermath: aftermath(event.aftermath),
      reason: text(event.reason),
      status: 'planned',
      planned_at,
      author: authorOf(place),
      ended_at: null,
      ended_by: null,
      position: positionOf(place),
    });
  }

  end(place: Place): void {
    const of = ownerOf(place);
    const row = this.#rows.get(of);
    if (row === undefined || row.status === 'ended') return;
    const told = occurredAt(place);
    this.#rows.change(of, {
      ...row,
      status: 'ended',
      // Its own end may have come before.
      ended_at: row.until_at !== null && row.until_at < told ? row.until_at : told,
      ended_by: authorOf(place),
      position: positionOf(place),
    });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#rows.made, ...this.#rows.changed];
    await upsert(tx, 'maintenance', rows);
    return rows.map(({ account, id }) => ({ readModel: 'maintenance', account, key: id }));
  }
}

function later(one: Date, other: Date): Date {
  return one > other ? one : other;
}
