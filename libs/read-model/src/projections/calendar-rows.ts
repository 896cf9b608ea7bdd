import type { Transaction } from 'kysely';
import type { Place, Recorded } from '#libs/consumer';
import type { calendar } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { CalendarDays } from '../definition-tables.js';
import type { Touched } from '../projection.js';
import { insertNew, load, upsert } from '../rows.js';
import { int4, jsonOf, name, text } from '../storable.js';
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

/** The calendars that a batch touches, and their new versions. */
export class CalendarRows {
  readonly #calendars = new KeyedRows<Row<'calendar'>>();
  readonly #versions: Row<'calendar_version'>[] = [];

  async open(tx: Tx, commits: readonly Recorded[]): Promise<void> {
    const keys = keysOfKind(commits, 'calendar');
    for (const row of await load(tx, 'calendar', columnsOf('calendar'), keys))
      this.#calendars.loaded(keyOf(row.account, row.id), row);
  }

  put(event: calendar.CalendarSaved, place: Place): void {
    const of = ownerOf(place);
    const { account, id } = keyFrom(place);
    const version = int4(event.version);
    const named = { name: name(event.name), days: daysJson(event.days) };
    const mark = calendarMark(place);
    const row = this.#calendars.get(of);
    const saved = { account, id, ...named, version, deleted: false, ...mark };
    if (row) this.#calendars.change(of, { ...row, ...saved });
    else
      this.#calendars.make(of, {
        ...saved,
        created_at: mark.updated_at,
        created_by: mark.updated_by,
      });
    this.#versions.push({
      account,
      calendar_id: id,
      version,
      ...named,
      saved_at: mark.updated_at,
      author: mark.updated_by,
      position: mark.position,
    });
  }

  delete(place: Place): void {
    const of = ownerOf(place);
    const row = this.#calendars.get(of);
    if (row) this.#calendars.change(of, { ...row, deleted: true, ...calendarMark(place) });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#calendars.made, ...this.#calendars.changed];
    await upsert(tx, 'calendar', rows);
    await insertNew(tx, 'calendar_version', this.#versions);
    return rows.map(({ account, id }) => ({ readModel: 'calendar', account, key: id }));
  }
}

function calendarMark(place: Place) {
  return {
    updated_at: occurredAt(place),
    updated_by: authorOf(place),
    position: positionOf(place),
  };
}

function daysJson(told: calendar.Days | undefined): string {
  const days: CalendarDays = {
    ...(told?.zone && { zone: text(told.zone) }),
    dates: (told?.dates ?? []).map(rangeOf),
    hours: (told?.hours ?? []).map(({ weekday, fromMinute, toMinute }) => ({
      weekday,
      fromMinute,
      toMinute,
    })),
    times: (told?.times ?? []).map(rangeOf),
  };
  return jsonOf(days);
}

function rangeOf(told: { readonly from: string; readonly to: string; readonly name: string }) {
  return { from: told.from, to: told.to, ...(told.name && { name: told.name }) };
}
