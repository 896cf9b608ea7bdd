/**
 * The ticker's decision: every slot after the watermark and up to the horizon gets its one outcome.
 *
 * A slot looked at within GRACE_MS of its instant is on time and fires. A later one is late, and the
 * catch-up rule holds: only the latest late slot of a schedule fires, if it is not older than the
 * window, and if no later slot stands for it; every other one is recorded as missed, with its cause.
 * While its task is paused a slot is skipped.
 *
 * The same watermark, horizon and definitions give the same slots, on every machine: nothing here
 * reads a clock. A decision too big for one commit is cut in the order of slots; the next one goes on
 * from the cut.
 */
import { create, tick } from '#libs/contracts';
import { type CronTiming, nextSlot, type Slot, slotsBetween } from '#libs/cron';
import { executionIdOfSlot } from '../ids.js';
import { type Member, owes, type TickPlan, type Watermark } from './plan.js';

/** A start within a minute of its instant is on time (requirements: schedule accuracy). */
export const GRACE_MS = 60_000;
/** Late slots older than this are not caught up. */
export const CATCH_UP_WINDOW_MS = 24 * 3_600_000;
/** Slots of one commit: about 250 bytes each, well under the broker's 1 MB. */
export const SLOTS_PER_COMMIT = 2_000;

interface Candidate {
  readonly member: Member;
  readonly timing: CronTiming;
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
  candidates.sort(
    (a, b) => a.slot.dueAtMs - b.slot.dueAtMs || order(a.member.scheduleId, b.member.scheduleId),
  );
  const taken = candidates.slice(0, limit);
  const slots = taken.map((one) => outcomeOf(one, horizonMs));
  const last = taken[taken.length - 1];
  if (last !== undefined && taken.length < candidates.length)
    return { slots, to: { dueAtMs: last.slot.dueAtMs, scheduleId: last.member.scheduleId } };
  return { slots, to: { dueAtMs: seenToMs ?? last?.slot.dueAtMs ?? horizonMs, scheduleId: '' } };
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

function outcomeOf({ member, timing, slot, untilMs }: Candidate, horizonMs: number): tick.Slot {
  const [outcome, cause] = judge(member, timing, slot, Math.min(untilMs, horizonMs), horizonMs);
  const fired = outcome === tick.SlotOutcome.FIRED;
  const identity = {
    scheduleId: member.scheduleId,
    scheduleRevision: member.revision,
    local: slot.local,
    pass: slot.pass,
  };
  return create(tick.SlotSchema, {
    ...identity,
    account: member.account,
    taskId: member.taskId,
    zone: timing.zone,
    dueAtMs: slot.dueAtMs,
    effectiveAtMs: slot.dueAtMs,
    outcome,
    cause,
    executionId: fired ? executionIdOfSlot(identity) : '',
    folded: slot.missed ?? 0,
  });
}

function judge(
  member: Member,
  timing: CronTiming,
  slot: Slot,
  untilMs: number,
  horizonMs: number,
): [tick.SlotOutcome, tick.SlotCause] {
  if (member.paused) return [tick.SlotOutcome.SKIPPED, tick.SlotCause.TASK_PAUSED];
  const lateMs = horizonMs - slot.dueAtMs;
  if (lateMs <= GRACE_MS) return [tick.SlotOutcome.FIRED, tick.SlotCause.DUE];
  const later = nextSlot(timing, slot.dueAtMs);
  if (later !== undefined && later.dueAtMs <= untilMs)
    return [tick.SlotOutcome.MISSED, tick.SlotCause.LATER_SLOT];
  return lateMs <= CATCH_UP_WINDOW_MS
    ? [tick.SlotOutcome.FIRED, tick.SlotCause.CATCH_UP]
    : [tick.SlotOutcome.MISSED, tick.SlotCause.TOO_LATE];
}

function order(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}
