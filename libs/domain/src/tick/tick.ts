/**
 * The ticker's decision: every slot after the watermark and up to the horizon gets its one outcome.
 *
 * A slot looked at within GRACE_MS of its instant is on time and fires. A later one is late, and its
 * schedule's catch-up rule holds. A pause, a maintenance or a calendar may stand in the way, or move
 * it (`judge.ts`). Of two schedules of a task with a slot at the same instant, one fires for both.
 *
 * The same watermark, horizon and definitions give the same slots, on every machine: nothing here
 * reads a clock. A decision too big for one commit is cut in the order of slots, never within a task;
 * the next one goes on from the cut.
 */
import { tick } from '#libs/contracts';
import { executionIdOfSlot } from '../ids.js';
import { type Candidate, dueInOrder } from './due.js';
import { judge } from './judge.js';
import { SLOTS_PER_COMMIT } from './limits.js';
import type { TickPlan, Watermark } from './plan.js';

export interface TickDecision {
  readonly slots: readonly tick.Slot[];
  readonly to: Watermark;
}

/** What is due up to the horizon; undefined when nothing is. Leaves the plan as it is. */
export function decideTick(
  plan: TickPlan,
  horizonMs: number,
  limit = SLOTS_PER_COMMIT,
): TickDecision | undefined {
  const taken: Candidate[] = [];
  let last: Candidate | undefined;
  let isCut = false;
  for (const candidate of dueInOrder(plan, horizonMs)) {
    // A task's slots of one instant stay together, for they may be merged.
    isCut = last !== undefined && taken.length >= limit && !isOfSameTask(last, candidate);
    if (isCut) break;
    taken.push(candidate);
    last = candidate;
  }
  if (last === undefined) return undefined;
  const slots = mergeEqual(taken.map((one) => outcomeOf(plan, one, horizonMs)));
  return { slots, to: { dueAtMs: last.slot.dueAtMs, key: isCut ? last.member.key : '' } };
}

function isOfSameTask(one: Candidate, other: Candidate): boolean {
  return one.member.taskId === other.member.taskId && one.slot.dueAtMs === other.slot.dueAtMs;
}

/** Of a task's slots that fire at one instant the first one does; the others are merged into it. */
export function mergeEqual(slots: tick.Slot[]): tick.Slot[] {
  let first: tick.Slot | undefined;
  for (const slot of slots) {
    if (slot.outcome !== tick.SlotOutcome.FIRED) continue;
    if (first?.taskId !== slot.taskId || first.effectiveAtMs !== slot.effectiveAtMs) {
      first = slot;
      continue;
    }
    slot.outcome = tick.SlotOutcome.SKIPPED;
    slot.cause = tick.SlotCause.MERGED;
    slot.mergedInto = first.scheduleId;
    slot.executionId = '';
  }
  return slots;
}

/** Written out, for a herd has a hundred thousand of them: `create` would make hash tables. */
export function outcomeOf(plan: TickPlan, one: Candidate, horizonMs: number): tick.Slot {
  const { member, timing, slot, untilMs } = one;
  const judgement = judge({ member, timing, slot, untilMs, plan, horizonMs });
  const decided: tick.Slot = {
    $typeName: 'tick.v1.Slot',
    account: member.account,
    taskId: member.taskId,
    scheduleId: member.schedule.id,
    scheduleRevision: member.schedule.revision,
    local: slot.local,
    pass: slot.pass,
    zone: timing.zone,
    dueAtMs: slot.dueAtMs,
    effectiveAtMs: judgement.effectiveAtMs,
    outcome: judgement.outcome,
    cause: judgement.cause,
    executionId: '',
    folded: slot.missed ?? 0,
    calendarId: judgement.calendarId ?? '',
    calendarVersion: judgement.calendarVersion ?? 0,
    maintenanceId: judgement.maintenanceId ?? '',
    mergedInto: '',
  };
  if (judgement.outcome === tick.SlotOutcome.FIRED)
    decided.executionId = executionIdOfSlot(decided);
  return decided;
}
