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
import { create, tick } from '#libs/contracts';
import { type Slot, slotsBetween, type Timing } from '#libs/cron';
import { executionIdOfSlot } from '../ids.js';
import { judge } from './judge.js';
import { SLOTS_PER_COMMIT } from './limits.js';
import { type Member, owes, type TickPlan, type Watermark } from './plan.js';

interface Candidate {
  readonly member: Member;
  readonly timing: Timing;
  readonly slot: Slot;
  /** The member's definition is in force up to here, or the horizon is. */
  readonly untilMs: number;
}

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
  const { candidates, seenToMs } = dueCandidates(plan, horizonMs, limit);
  if (candidates.length === 0 && seenToMs === undefined) return undefined;
  candidates.sort((a, b) => a.slot.dueAtMs - b.slot.dueAtMs || order(a.member.key, b.member.key));
  const taken = candidates.slice(0, wholeTasks(candidates, limit));
  const slots = mergeEqual(taken.map((one) => outcomeOf(plan, one, horizonMs)));
  const last = taken[taken.length - 1];
  if (last !== undefined && taken.length < candidates.length)
    return { slots, to: { dueAtMs: last.slot.dueAtMs, key: last.member.key } };
  return { slots, to: { dueAtMs: seenToMs ?? last?.slot.dueAtMs ?? horizonMs, key: '' } };
}

/** Where to cut: a task's slots of one instant stay together, for they may be merged. */
function wholeTasks(candidates: readonly Candidate[], limit: number): number {
  const isSame = (one: Candidate | undefined, other: Candidate | undefined) =>
    one?.member.taskId === other?.member.taskId && one?.slot.dueAtMs === other?.slot.dueAtMs;
  let cut = Math.min(limit, candidates.length);
  while (cut < candidates.length && isSame(candidates[cut - 1], candidates[cut])) cut += 1;
  return cut;
}

/** Of a task's slots that fire at one instant the first one does; the others are merged into it. */
function mergeEqual(slots: tick.Slot[]): tick.Slot[] {
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

/**
 * The open slots in order up to the horizon, or, when some schedule has more than `limit` of them, up
 * to `seenToMs`, before which none is left out.
 */
function dueCandidates(
  plan: TickPlan,
  horizonMs: number,
  limit: number,
): { candidates: Candidate[]; seenToMs: number | undefined } {
  let seenToMs: number | undefined;
  const found: Candidate[] = plan.owed.filter(({ slot }) => slot.dueAtMs <= horizonMs);
  for (const { timing, members, nextMs } of plan.dueGroups(horizonMs)) {
    const { slots, truncated } = slotsBetween(timing, nextMs - 1, horizonMs, limit);
    if (truncated)
      seenToMs = Math.min(seenToMs ?? horizonMs, slots[slots.length - 1]?.dueAtMs ?? horizonMs);
    for (const member of members.values())
      for (const slot of slots)
        if (owes(member, slot, plan.watermark))
          found.push({ member, timing, slot, untilMs: horizonMs });
  }
  const limitMs = seenToMs ?? horizonMs;
  return { candidates: found.filter(({ slot }) => slot.dueAtMs <= limitMs), seenToMs };
}

function outcomeOf(plan: TickPlan, one: Candidate, horizonMs: number): tick.Slot {
  const { member, timing, slot } = one;
  const judgement = judge({ ...one, plan, horizonMs });
  const identity = {
    scheduleId: member.schedule.id,
    scheduleRevision: member.schedule.revision,
    local: slot.local,
    pass: slot.pass,
  };
  const fired = judgement.outcome === tick.SlotOutcome.FIRED;
  return create(tick.SlotSchema, {
    ...identity,
    ...judgement,
    account: member.account,
    taskId: member.taskId,
    zone: timing.zone,
    dueAtMs: slot.dueAtMs,
    executionId: fired ? executionIdOfSlot(identity) : '',
    folded: slot.missed ?? 0,
  });
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
