import { findCalendarVersion } from '../queries/calendars.js';
import { type ExecutionRow, findExecution } from '../queries/executions.js';
import { findMaintenance } from '../queries/maintenance.js';
import { versionAt } from '../queries/schedule-versions.js';
import { caughtUpAfter, mergedSlotOf, pauseBefore, type SlotRow } from '../queries/slots.js';
import { type Db } from '../queries/tasks.js';
import { type Explanation, explainSlot } from './explain-slot.js';
import { type SlotFacts } from './slot-facts.js';

/** Reads what stands around a slot, and only what its cause asks for. */
export async function explained(db: Db, account: string, slot: SlotRow): Promise<Explanation> {
  const [version, execution, blocking, calendar, maintenance, pause, instead] = await Promise.all([
    versionAt(db, account, {
      taskId: slot.task_id,
      scheduleId: slot.schedule_id,
      at: slot.due_at,
    }),
    executionOf(db, account, slot.execution_id),
    executionOf(db, account, slot.blocking_execution_id),
    calendarOf(db, account, slot),
    slot.maintenance_id === null ? undefined : findMaintenance(db, account, slot.maintenance_id),
    slot.cause === 'task_paused' ? pauseBefore(db, account, slot) : undefined,
    insteadOf(db, account, slot),
  ]);
  return explainSlot({
    slot,
    ...(version && { version }),
    ...(execution && { execution }),
    ...(blocking && { blocking }),
    ...(calendar && { calendar }),
    ...(maintenance && { maintenance }),
    ...(pause && { pause }),
    ...(instead && { instead }),
  });
}

async function executionOf(
  db: Db,
  account: string,
  id: string | null,
): Promise<ExecutionRow | undefined> {
  return id === null ? undefined : findExecution(db, account, id);
}

async function calendarOf(db: Db, account: string, slot: SlotRow) {
  const { calendar_id, calendar_version } = slot;
  if (calendar_id === null || calendar_version === null) return undefined;
  return findCalendarVersion(db, account, calendar_id, calendar_version);
}

async function insteadOf(db: Db, account: string, slot: SlotRow): Promise<SlotFacts['instead']> {
  const isLater = slot.cause === 'later_slot' || slot.cause === 'superseded';
  if (!isLater && slot.merged_into === null) return undefined;
  const other = isLater
    ? await caughtUpAfter(db, account, slot)
    : await mergedSlotOf(db, account, slot);
  if (other === undefined) return undefined;
  const execution = await executionOf(db, account, other.execution_id);
  return { slot: other, ...(execution && { execution }) };
}
