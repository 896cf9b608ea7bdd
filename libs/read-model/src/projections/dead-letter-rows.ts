import type { Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import { type DispatchEvent, dispatch } from '#libs/contracts';
import { columnsOf, type Row } from '../columns.js';
import type { Touched } from '../projection.js';
import { load, upsert } from '../rows.js';
import { instant, int4, int8, key, keyOrNull, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { KeyedRows, keyOf } from './keyed-rows.js';
import { actorName, deadLetterCause } from './words.js';

type Tx = Transaction<ReadModel>;
type DeadLetterRow = Row<'dead_letter'>;

export interface DeadLetterKey {
  readonly account: string;
  readonly id: string;
}

/** Who discards what there is no more room for. */
const BY_LIMIT = 'limit';

/** The dead letters that an event is about. */
export function deadLetterKeys(event: DispatchEvent): DeadLetterKey[] {
  const of = (id: string) => ({ account: key(event.account), id: key(id) });
  switch (event.$typeName) {
    case 'dispatch.v1.ExecutionDeadLettered':
      return [of(event.executionId)];
    case 'dispatch.v1.ExecutionRequested':
      return event.redriveOf === '' ? [] : [of(event.redriveOf)];
    case 'dispatch.v1.DeadLettersDiscarded':
      return event.executionIds.map(of);
    default:
      return [];
  }
}

/** The dead letters that a batch touches. */
export class DeadLetterRows {
  readonly #rows = new KeyedRows<DeadLetterRow>();

  async open(tx: Tx, keys: readonly DeadLetterKey[]): Promise<void> {
    for (const row of await load(tx, 'dead_letter', columnsOf('dead_letter'), keys))
      this.#rows.loaded(keyOf(row.account, row.id), row);
  }

  died(event: dispatch.ExecutionDeadLettered, taskName: string, { recorded }: Place): void {
    const of = { account: key(event.account), id: key(event.executionId) };
    const mapKey = keyOf(of.account, of.id);
    if (this.#rows.get(mapKey)) return;
    this.#rows.make(mapKey, {
      ...of,
      task_id: key(event.taskId),
      task_name: taskName,
      cause: deadLetterCause(event.cause),
      attempts: int4(event.attempts),
      error_code: key(event.error?.code ?? ''),
      error_message: text(event.error?.message ?? ''),
      died_at: instant(event.diedAtMs),
      status: 'open',
      redriven_by: null,
      redrive_id: null,
      resolved_at: null,
      resolved_by: null,
      note: null,
      position: int8(recorded.seq),
    });
  }

  redriven(event: dispatch.ExecutionRequested, place: Place): void {
    this.#resolve({ account: key(event.account), id: key(event.redriveOf) }, place, {
      status: 'redriven',
      redriven_by: key(event.executionId),
      redrive_id: keyOrNull(event.redriveId),
      resolved_at: instant(event.requestedAtMs),
      resolved_by: text(actorName(event.actor)),
      note: event.redriveNote === '' ? null : text(event.redriveNote),
    });
  }

  discarded(event: dispatch.DeadLettersDiscarded, place: Place): void {
    const byLimit = event.cause === dispatch.DiscardCause.ROOM;
    for (const id of event.executionIds)
      this.#resolve({ account: key(event.account), id: key(id) }, place, {
        status: 'discarded',
        resolved_at: instant(event.discardedAtMs),
        resolved_by: byLimit ? BY_LIMIT : text(actorName(place.actor)),
        note: event.note === '' ? null : text(event.note),
      });
  }

  async save(tx: Tx): Promise<Touched[]> {
    const rows = [...this.#rows.made, ...this.#rows.changed];
    await upsert(tx, 'dead_letter', rows);
    return rows.map(({ account, id }) => ({ readModel: 'deadLetter', account, key: id }));
  }

  /** What was resolved once stays so; what is told of one that never was changes nothing. */
  #resolve(
    { account, id }: DeadLetterKey,
    { recorded }: Place,
    resolution: Partial<DeadLetterRow>,
  ): void {
    const of = keyOf(account, id);
    const row = this.#rows.get(of);
    if (row?.status === 'open')
      this.#rows.change(of, { ...row, ...resolution, position: int8(recorded.seq) });
  }
}
