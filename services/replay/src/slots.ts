import {
  dispatch as d,
  decodeCommit,
  parseDefinitionSubject,
  subjects,
  tick,
} from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { saySkip, time, words } from './say.js';

export interface SlotQuery {
  readonly taskId: string;
  /** Due instants, epoch ms; both ends included. */
  readonly fromMs: number;
  readonly toMs: number;
}

/** One slot and what became of it. */
export interface TracedSlot {
  readonly slot: tick.Slot;
  /** Sequence in TICKS of the decision. */
  readonly seq: number;
  /** When it was decided. */
  readonly decidedAtMs: number;
  /** What the dispatcher made of a fired slot, in words; empty for others. */
  readonly fate: string;
}

/** The slots of a task in a range, each with its outcome and cause, from the log alone. */
export async function slotsOf(log: EventLog, query: SlotQuery): Promise<TracedSlot[]> {
  const decided = await decidedSlots(log, query);
  const fates = await fatesOf(log, new Set(decided.map(({ slot }) => slot.executionId)));
  return decided.map((one) => ({ ...one, fate: fates.get(one.slot.executionId) ?? '' }));
}

async function decidedSlots(
  log: EventLog,
  { taskId, fromMs, toMs }: SlotQuery,
): Promise<Omit<TracedSlot, 'fate'>[]> {
  const found: Omit<TracedSlot, 'fate'>[] = [];
  for await (const { bytes, seq } of log.read({ stream: 'TICKS', fromSeq: 1 })) {
    const { commit, events } = decodeCommit(bytes);
    for (const { event } of events) {
      if (event.$typeName !== tick.SlotsDecidedSchema.typeName) continue;
      for (const slot of event.slots)
        if (slot.taskId === taskId && fromMs <= slot.dueAtMs && slot.dueAtMs <= toMs)
          found.push({ slot, seq, decidedAtMs: commit.occurredAtMs });
    }
  }
  return found.sort((one, other) => one.slot.dueAtMs - other.slot.dueAtMs);
}

async function fatesOf(
  log: EventLog,
  executionIds: ReadonlySet<string>,
): Promise<Map<string, string>> {
  const fates = new Map<string, string>();
  for await (const { bytes } of log.read({ stream: 'DISPATCH', fromSeq: 1 }))
    for (const { event } of decodeCommit(bytes).events) {
      if (event.$typeName === 'dispatch.v1.ExecutionSkipped') {
        if (executionIds.has(event.executionId))
          fates.set(event.executionId, `skipped: ${saySkip(event)}`);
      } else if (event.$typeName === 'dispatch.v1.ExecutionFinished') {
        if (executionIds.has(event.executionId))
          fates.set(event.executionId, words(d.ExecutionStatus[event.status]));
      } else if (event.$typeName === 'dispatch.v1.ExecutionRequested') {
        if (executionIds.has(event.executionId)) fates.set(event.executionId, 'open');
      }
    }
  return fates;
}

/** A slot in a line: when, which, what became of it, and why. */
export function saySlotFate({ slot, seq, decidedAtMs, fate }: TracedSlot): string {
  const outcome = `${words(tick.SlotOutcome[slot.outcome])} (${words(tick.SlotCause[slot.cause])}${detail(slot)})`;
  const late = decidedAtMs - slot.dueAtMs;
  const run = fate === '' ? '' : `, run ${slot.executionId}: ${fate}`;
  return `${time(slot.dueAtMs)}  ${slot.local} ${slot.zone}  ${slot.scheduleId} r${slot.scheduleRevision}  ${outcome}, decided +${late} ms at TICKS ${seq}${run}`;
}

function detail(slot: tick.Slot): string {
  if (slot.mergedInto !== '') return ` into ${slot.mergedInto}`;
  if (slot.calendarId !== '') return ` ${slot.calendarId} v${slot.calendarVersion}`;
  if (slot.maintenanceId !== '') return ` ${slot.maintenanceId}`;
  return '';
}

/** Whether the log has ever known a task. */
export async function knowsTask(log: EventLog, taskId: string): Promise<boolean> {
  const range = { stream: 'DEFINITIONS', subject: subjects.definitionsOfKind('task') } as const;
  for await (const { subject } of log.read({ ...range, fromSeq: 1 }))
    if (parseDefinitionSubject(subject)?.id === taskId) return true;
  return false;
}
