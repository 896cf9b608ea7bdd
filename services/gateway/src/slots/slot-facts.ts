import { type CalendarVersionRow } from '../queries/calendars.js';
import { type ExecutionRow } from '../queries/executions.js';
import { type MaintenanceRow } from '../queries/maintenance.js';
import { type ScheduleVersionRow } from '../queries/schedule-versions.js';
import { type DefinitionChangeRow, type SlotRow } from '../queries/slots.js';

/** What is known around a slot; what is not known is left out, and its part of the sentence with it. */
export interface SlotFacts {
  readonly slot: SlotRow;
  /** Of the schedule, in force at its instant. */
  readonly version?: ScheduleVersionRow;
  readonly execution?: ExecutionRow;
  readonly blocking?: ExecutionRow;
  readonly calendar?: CalendarVersionRow;
  readonly maintenance?: MaintenanceRow;
  readonly pause?: DefinitionChangeRow;
  /** The later slot that stood for it, or the one it was merged into; and what that led to. */
  readonly instead?: { readonly slot: SlotRow; readonly execution?: ExecutionRow };
}
