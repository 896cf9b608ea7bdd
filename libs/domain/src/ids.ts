import { nameUuids } from './name-uuid.js';

/**
 * Ids are derived from facts, so that a writer that tries again makes the same one. The namespace is
 * a random UUID, fixed for ever.
 */
const uuidOf = nameUuids('5b1f0a52-6f0e-4b43-9d5c-0f3a5f1c7d11');

export function taskIdOf(commandId: string): string {
  return uuidOf(`task:${commandId}`);
}

export function automationIdOf(commandId: string): string {
  return uuidOf(`automation:${commandId}`);
}

export function workflowIdOf(commandId: string): string {
  return uuidOf(`workflow:${commandId}`);
}

export function calendarIdOf(commandId: string): string {
  return uuidOf(`calendar:${commandId}`);
}

export function limitIdOf(commandId: string): string {
  return uuidOf(`limit:${commandId}`);
}

export function maintenanceIdOf(commandId: string): string {
  return uuidOf(`maintenance:${commandId}`);
}

/** `place` is the schedule's place among those that the command adds. */
export function scheduleIdOf(commandId: string, place: number): string {
  return uuidOf(`schedule:${commandId}:${place}`);
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
  return uuidOf(`slot:${slot.scheduleId}:${slot.scheduleRevision}:${slot.local}:${slot.pass}`);
}

export function executionIdOfCommand(commandId: string): string {
  return uuidOf(`execution:${commandId}`);
}

export function backfillIdOf(commandId: string): string {
  return uuidOf(`backfill:${commandId}`);
}

export function redriveIdOf(commandId: string): string {
  return uuidOf(`redrive:${commandId}`);
}

/** A dead letter is run again once by a redrive; a run of it that dies is another dead letter. */
export function executionIdOfRedrive(redriveId: string, deadLetterId: string): string {
  return uuidOf(`redrive:${redriveId}:${deadLetterId}`);
}

/** The same text gives the same digest, and no other text is likely to. */
export function digestOfText(text: string): string {
  return uuidOf(`digest:${text}`);
}

/** A slot may be run again by another backfill, and has another id then. */
export function executionIdOfBackfill(backfillId: string, slot: SlotIdentity): string {
  const { scheduleId, scheduleRevision, local, pass } = slot;
  return uuidOf(`backfill:${backfillId}:${scheduleId}:${scheduleRevision}:${local}:${pass}`);
}
