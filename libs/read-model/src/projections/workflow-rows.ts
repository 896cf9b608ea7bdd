import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { workflow } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { insertNew, load, upsert } from '../rows.js';
import { int4, name, text } from '../storable.js';
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

type Tx = Transaction<ReadModel>;

/** The workflows that a batch touches, and their new versions. */
export class WorkflowRows {
  readonly #workflows = new KeyedRows<Row<'workflow'>>();
  readonly #versions: Row<'workflow_version'>[] = [];

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const keys = keysOfKind(commits, 'workflow');
    for (const row of await load(tx, 'workflow', columnsOf('workflow'), keys))
      this.#workflows.loaded(keyOf(row.account, row.id), row);
  }

  put(event: workflow.WorkflowSaved, place: Place): void {
    const of = ownerOf(place);
    const { account, id } = keyFrom(place);
    const version = int4(event.version);
    const named = {
      name: name(event.name),
      reference: text(event.reference),
      source: text(event.source),
      note: event.note === '' ? null : text(event.note),
    };
    const mark = workflowMark(place);
    const row = this.#workflows.get(of);
    const saved = { account, id, ...named, version, deleted: false, ...mark };
    if (row) this.#workflows.change(of, { ...row, ...saved });
    else
      this.#workflows.make(of, {
        ...saved,
        created_at: mark.updated_at,
        created_by: mark.updated_by,
      });
    this.#versions.push({
      account,
      workflow_id: id,
      version,
      ...named,
      saved_at: mark.updated_at,
      author: mark.updated_by,
      position: mark.position,
    });
  }

  delete(place: Place): void {
    const of = ownerOf(place);
    const row = this.#workflows.get(of);
    if (row) this.#workflows.change(of, { ...row, deleted: true, ...workflowMark(place) });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#workflows.made, ...this.#workflows.changed];
    await upsert(tx, 'workflow', rows);
    await insertNew(tx, 'workflow_version', this.#versions);
    return rows.map(({ account, id }) => ({ readModel: 'workflow', account, key: id }));
  }
}

function workflowMark(place: Place) {
  return {
    updated_at: occurredAt(place),
    updated_by: authorOf(place),
    position: positionOf(place),
  };
}
