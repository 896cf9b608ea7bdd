import { shown } from './plain-text.js';
import { RequestProblem } from './problem.js';
import { type ProblemKind } from './problem-kinds.js';

/** What is not there, by the id that was asked for. */
export type Unknown = (id: string) => RequestProblem;

const unknown =
  (kind: ProblemKind, says: string): Unknown =>
  (id) =>
    new RequestProblem(kind, `${says} \`${shown(id)}\`.`);

export const unknownTask = unknown('task-unknown', 'There is no task');
export const unknownExecution = unknown('execution-unknown', 'There is no execution');
export const unknownAutomation = unknown('automation-unknown', 'There is no automation');
export const unknownWorkflow = unknown('workflow-unknown', 'There is no workflow');
export const unknownSchedule = unknown('schedule-unknown', 'The task has no schedule');
export const unknownCalendar = unknown('calendar-unknown', 'There is no calendar');
export const unknownMaintenance = unknown('maintenance-unknown', 'There is no maintenance');
export const unknownBackfill = unknown('backfill-unknown', 'There is no backfill');
export const unknownPool = unknown('pool-unknown', 'There is no pool');
export const unknownLimit = unknown('limit-unknown', 'There is no limit');
export const unknownDeadLetter = unknown('dead-letter-unknown', 'There is no dead letter');
export const unknownRedrive = unknown('redrive-unknown', 'There is no redrive');

export function unknownSlot(): RequestProblem {
  return new RequestProblem('slot-unknown', 'The ledger has no such slot; it may be yet to come.');
}

/** The row that was looked for. */
export function known<R>(row: R | undefined, isUnknown: Unknown, id: string): R {
  if (row === undefined) throw isUnknown(id);
  return row;
}
