import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { automation } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { int4, json, name } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { keyFrom, keysOfKind, occurredAt, ownerOf, positionOf } from './definition-key.js';
import { KeyedRows, keyOf } from './keyed-rows.js';

type Tx = Transaction<ReadModel>;

/** The automations that a batch touches. */
export class AutomationRows {
  readonly #rows = new KeyedRows<Row<'automation'>>();

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const keys = keysOfKind(commits, 'automation');
    for (const row of await load(tx, 'automation', columnsOf('automation'), keys))
      this.#rows.loaded(keyOf(row.account, row.id), row);
  }

  put(event: automation.AutomationSaved, place: Place): void {
    const of = ownerOf(place);
    const mark = automationMark(place);
    const saved = {
      ...keyFrom(place),
      name: name(event.name),
      version: int4(event.version),
      flow: json(event.flowJson),
      deleted: false,
      ...mark,
    };
    const row = this.#rows.get(of);
    if (row) this.#rows.change(of, { ...row, ...saved });
    else this.#rows.make(of, { ...saved, created_at: mark.updated_at });
  }

  delete(place: Place): void {
    const of = ownerOf(place);
    const row = this.#rows.get(of);
    if (row) this.#rows.change(of, { ...row, deleted: true, ...automationMark(place) });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#rows.made, ...this.#rows.changed];
    await upsert(tx, 'automation', rows);
    return rows.map(({ account, id }) => ({ readModel: 'automation', account, key: id }));
  }
}

function automationMark(place: Place) {
  return { updated_at: occurredAt(place), position: positionOf(place) };
}
