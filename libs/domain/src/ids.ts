import { v5 as uuidv5 } from 'uuid';

/**
 * Ids are derived from facts, so that a writer that tries again makes the same one. The namespace is
 * a random UUID, fixed for ever.
 */
const NAMESPACE = '5b1f0a52-6f0e-4b43-9d5c-0f3a5f1c7d11';

export function taskIdOf(commandId: string): string {
  return uuidv5(`task:${commandId}`, NAMESPACE);
}

export function automationIdOf(commandId: string): string {
  return uuidv5(`automation:${commandId}`, NAMESPACE);
}

export function calendarIdOf(commandId: string): string {
  return uuidv5(`calendar:${commandId}`, NAMESPACE);
}

export function maintenanceIdOf(commandId: string): string {
  return uuidv5(`maintenance:${commandId}`, NAMESPACE);
}

/** `place` is the schedule's place among those that the command adds. */
export function scheduleIdOf(commandId: string, place: number): string {
  return uuidv5(`schedule:${commandId}:${place}`, NAMESPACE);
}

export interface SlotIdentity {
  readonly scheduleId: string;
  readonly scheduleRevision: number;
  readonly local: string;
  readonly pass: number;
}

/**
 * Keyed by nominal local time, not by instant: a tzdata update cannot fire the same local occurrence
 * twice. The revision tells apart the same local time under another expression or zone.
 */
export function executionIdOfSlot(slot: SlotIdentity): string {
  return uuidv5(
    `slot:${slot.scheduleId}:${slot.scheduleRevision}:${slot.local}:${slot.pass}`,
    NAMESPACE,
  );
}

export function executionIdOfCommand(commandId: string): string {
  return uuidv5(`execution:${commandId}`, NAMESPACE);
}

export function backfillIdOf(commandId: string): string {
  return uuidv5(`backfill:${commandId}`, NAMESPACE);
}

/** A slot may be run again by another backfill, and has another id then. */
export function executionIdOfBackfill(backfillId: string, slot: SlotIdentity): string {
  const { scheduleId, scheduleRevision, local, pass } = slot;
  return uuidv5(
    `backfill:${backfillId}:${scheduleId}:${scheduleRevision}:${local}:${pass}`,
    NAMESPACE,
  );
}
