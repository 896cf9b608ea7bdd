import { sql, type Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import type { KeyColumn, Row } from '../columns.js';
import { insertNew, update } from '../rows.js';
import { instant, int8, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { definitionJson, type ScheduleRow } from './schedule-rows.js';
import { actorName } from './words.js';

type Tx = Transaction<ReadModel>;
type VersionRow = Row<'schedule_version'>;
/** Of a stored version only its end can move. */
type Ending = Pick<VersionRow, KeyColumn<'schedule_version'> | 'valid_until'>;

export type VersionKind = 'added' | 'changed' | 'removed' | 'paused' | 'resumed';

export interface ScheduleKey {
  readonly account: string;
  readonly task_id: string;
  readonly schedule_id: string;
}

/** What became of a schedule, and why. */
export interface NewVersion {
  readonly kind: VersionKind;
  /** As it is from now on; for a removal, as it was. */
  readonly schedule: ScheduleRow;
  readonly taskPaused: boolean;
  readonly note: string;
}

/** The versions of the schedules that a batch touches: the newest of each, and the new ones. */
export class ScheduleHistory {
  readonly #rows = new KeyedRows<Ending>();
  readonly #newest = new Map<string, Ending>();

  async open(tx: Tx, schedules: readonly ScheduleKey[]): Promise<void> {
    if (schedules.length === 0) return;
    const { rows } = await sql<Ending>`
      select t.* from json_to_recordset(${JSON.stringify(schedules)}::json)
        as x(account text, task_id text, schedule_id text)
      cross join lateral (
        select account, task_id, schedule_id, version, valid_until from schedule_version as v
        where v.account = x.account and v.task_id = x.task_id and v.schedule_id = x.schedule_id
        order by v.version desc limit 1
      ) as t`.execute(tx);
    for (const row of rows) {
      this.#rows.loaded(versionKey(row), row);
      this.#newest.set(scheduleKey(row), row);
    }
  }

  add({ kind, schedule, taskPaused, note }: NewVersion, { recorded, actor }: Place): void {
    const { account, task_id, id: schedule_id } = schedule;
    const of = scheduleKey({ account, task_id, schedule_id });
    const before = this.#newest.get(of);
    const valid_from = instant(recorded.commit.occurredAtMs);
    if (before && before.valid_until === null)
      this.#rows.change(versionKey(before), { ...before, valid_until: valid_from });
    const row: VersionRow = {
      account,
      task_id,
      schedule_id,
      version: (before?.version ?? 0) + 1,
      revision: schedule.revision,
      kind,
      definition: definitionJson(schedule),
      task_paused: taskPaused,
      valid_from,
      valid_until: kind === 'removed' ? valid_from : null,
      author: text(actorName(actor)),
      note: note === '' ? null : text(note),
      position: int8(recorded.seq),
    };
    this.#rows.make(versionKey(row), row);
    this.#newest.set(of, row);
  }

  async save(tx: Tx): Promise<void> {
    // Made rows are whole: only those that were loaded are endings.
    await insertNew(tx, 'schedule_version', this.#rows.made as VersionRow[]);
    await update(tx, 'schedule_version', ['valid_until'], this.#rows.changed);
  }
}

function scheduleKey({ account, task_id, schedule_id }: ScheduleKey): string {
  return keyOf(account, task_id, schedule_id);
}

function versionKey(of: Ending): string {
  return keyOf(of.account, of.task_id, of.schedule_id, of.version);
}
