import { type SlotPlace } from './queries/page.js';
import { type SlotRow } from './queries/slots.js';

/** Where a slot stands in the ledger. */
export function slotPlaceOf(row: SlotRow): SlotPlace {
  return {
    dueAt: row.due_at,
    scheduleId: row.schedule_id,
    revision: row.schedule_revision,
    local: row.local,
    pass: row.pass,
  };
}
