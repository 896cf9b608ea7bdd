import { sql, type Transaction } from 'kysely';
import type { Place } from '#libs/consumer';
import type { dispatch, tick } from '#libs/contracts';
import type { Row } from '../columns.js';
import { foldedSource, type Projection, type Touched } from '../projection.js';
import { upsertBy } from '../rows.js';
import { instant, int4, int8, key, keyOrNull, text } from '../storable.js';
import type { ReadModel } from '../tables.js';
import { keyOf } from './keyed-rows.js';
import { skipCause, slotCause, slotOutcome } from './words.js';

type SlotRow = Row<'slot'>;
/** New rows of a batch; of two with the same key the first one counts, in a batch as in the table. */
type SlotsFold = Map<string, SlotRow>;

const newFold = async (): Promise<SlotsFold> => new Map();

function add(fold: SlotsFold, row: SlotRow): void {
  const { account, schedule_id, schedule_revision, local, pass } = row;
  const of = keyOf(account, schedule_id, schedule_revision, local, pass);
  if (!fold.has(of)) fold.set(of, row);
}

/** In the order of their keys: both sources lock rows of this table, and must do so in one order. */
function sorted(fold: SlotsFold): SlotRow[] {
  return [...fold].sort(([one], [other]) => (one < other ? -1 : 1)).map(([, row]) => row);
}

function touched(rows: readonly SlotRow[]): Touched[] {
  return rows.map(({ account, task_id }) => ({ readModel: 'slot', account, key: task_id }));
}

/** The ticker's decision completes a row that the dispatcher's skip has made, and keeps the skip. */
const completeSkipped = sql`set
  task_id = excluded.task_id, zone = excluded.zone, due_at = excluded.due_at,
  effective_at = excluded.effective_at, folded = excluded.folded, position = excluded.position,
  calendar_id = excluded.calendar_id, calendar_version = excluded.calendar_version,
  merged_into = excluded.merged_into, decided_at = excluded.decided_at,
  maintenance_id = coalesce(excluded.maintenance_id, slot.maintenance_id),
  execution_id = coalesce(excluded.execution_id, slot.execution_id)
  where slot.position = 0`;

async function saveDecided(tx: Transaction<ReadModel>, fold: SlotsFold): Promise<Touched[]> {
  const rows = sorted(fold);
  await upsertBy(tx, 'slot', rows, completeSkipped);
  return touched(rows);
}

/** The dispatcher's skip overrules that the slot was fired. */
const overrule = sql`set
  outcome = excluded.outcome, cause = excluded.cause,
  blocking_execution_id = excluded.blocking_execution_id, skip_position = excluded.skip_position,
  maintenance_id = coalesce(excluded.maintenance_id, slot.maintenance_id),
  execution_id = coalesce(slot.execution_id, excluded.execution_id)
  where slot.skip_position is null`;

async function saveSkipped(tx: Transaction<ReadModel>, fold: SlotsFold): Promise<Touched[]> {
  const rows = sorted(fold);
  await upsertBy(tx, 'slot', rows, overrule);
  return touched(rows);
}

/** The slot ledger. Either stream may be ahead of the other: both orders end in the same row. */
export const slotsProjection: Projection = {
  name: 'slots',
  version: 3,
  tables: ['slot'],
  sources: [
    foldedSource({
      stream: 'TICKS',
      aggregates: ['tick'],
      open: newFold,
      save: saveDecided,
      handles: {
        SlotsDecided: (fold, event, place) => {
          for (const slot of event.slots) add(fold, decidedRow(slot, place));
        },
      },
      ignores: [],
    }),
    foldedSource({
      stream: 'DISPATCH',
      aggregates: ['dispatch'],
      open: newFold,
      save: saveSkipped,
      handles: {
        ExecutionSkipped: (fold, event, place) => {
          if (event.slot) add(fold, skippedRow(event, event.slot, place));
        },
      },
      ignores: [
        'ExecutionRequested',
        'ExecutionQueued',
        'AttemptReleased',
        'AttemptAccepted',
        'AttemptClosed',
        'AttemptLost',
        'RetryPlanned',
        'CancelRequested',
        'ExecutionFinished',
        'StaleFactIgnored',
        'ExecutionSnoozed',
        'ExecutionWoken',
        'ChildEnded',
        'BackfillStarted',
        'BackfillChanged',
        'BackfillFinished',
        'DeadlinePassed',
        'ExecutionDeadLettered',
        'DeadLettersDiscarded',
        'RedriveStarted',
        'DeadLetterPassedOver',
        'RedriveCancelled',
        'RedriveFinished',
      ],
    }),
  ],
};

function decidedRow(slot: tick.Slot, { recorded }: Place): SlotRow {
  return {
    account: key(slot.account),
    schedule_id: key(slot.scheduleId),
    schedule_revision: int4(slot.scheduleRevision),
    local: key(slot.local),
    pass: int4(slot.pass),
    task_id: key(slot.taskId),
    zone: text(slot.zone),
    due_at: instant(slot.dueAtMs),
    effective_at: instant(slot.effectiveAtMs),
    decided_at: instant(recorded.commit.occurredAtMs),
    outcome: slotOutcome(slot.outcome),
    cause: slotCause(slot.cause),
    execution_id: keyOrNull(slot.executionId),
    blocking_execution_id: null,
    folded: int4(slot.folded),
    calendar_id: keyOrNull(slot.calendarId),
    calendar_version: slot.calendarId === '' ? null : int4(slot.calendarVersion),
    merged_into: keyOrNull(slot.mergedInto),
    maintenance_id: keyOrNull(slot.maintenanceId),
    position: int8(recorded.seq),
    skip_position: null,
  };
}

function skippedRow(
  event: dispatch.ExecutionSkipped,
  slot: dispatch.SlotRef,
  { recorded }: Place,
): SlotRow {
  return {
    account: key(event.account),
    schedule_id: key(slot.scheduleId),
    schedule_revision: int4(slot.scheduleRevision),
    local: key(slot.local),
    pass: int4(slot.pass),
    task_id: key(event.taskId),
    zone: text(slot.zone),
    due_at: instant(slot.dueAtMs),
    effective_at: instant(slot.dueAtMs),
    decided_at: null,
    outcome: 'skipped',
    cause: skipCause(event.cause),
    execution_id: keyOrNull(event.executionId),
    blocking_execution_id: keyOrNull(event.blockingExecutionId),
    folded: 0,
    calendar_id: null,
    calendar_version: null,
    merged_into: null,
    maintenance_id: keyOrNull(event.maintenanceId),
    position: 0,
    skip_position: int8(recorded.seq),
  };
}
