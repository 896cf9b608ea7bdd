/** The one outcome of one slot. */
import { maintenance as m, task as t, tick } from '#libs/contracts';
import { nextSlot, type Slot, slotsBetween, type Timing } from '#libs/cron';
import { judgeByCalendars } from './calendars.js';
import type { Member } from './group.js';
import { CATCH_UP_LIMIT, CATCH_UP_WINDOW_MS, GRACE_MS } from './limits.js';
import type { TickPlan } from './plan.js';

export interface Judgement {
  readonly outcome: tick.SlotOutcome;
  readonly cause: tick.SlotCause;
  readonly effectiveAtMs: number;
  readonly calendarId?: string;
  readonly calendarVersion?: number;
  readonly maintenanceId?: string;
}

export interface Case {
  readonly plan: TickPlan;
  readonly member: Member;
  readonly timing: Timing;
  readonly slot: Slot;
  /** The member's definition is in force up to here, or the horizon is. */
  readonly untilMs: number;
  readonly horizonMs: number;
}

const { FIRED, SKIPPED, MISSED } = tick.SlotOutcome;
const Cause = tick.SlotCause;

/** In this order: paused, maintenance, calendars, and then the time at which it is looked at. */
export function judge(one: Case): Judgement {
  const { plan, member, timing, slot } = one;
  const dueAtMs = slot.dueAtMs;
  if (member.paused) return { outcome: SKIPPED, cause: Cause.TASK_PAUSED, effectiveAtMs: dueAtMs };
  const maintenance = plan.maintenance.at(member.account, dueAtMs);
  if (maintenance?.aftermath === m.Aftermath.SKIP)
    return {
      outcome: SKIPPED,
      cause: Cause.MAINTENANCE,
      effectiveAtMs: dueAtMs,
      maintenanceId: maintenance.id,
    };
  const uses = member.schedule.calendars;
  const verdict = judgeByCalendars(plan.calendars, member.account, uses, timing, slot);
  if (verdict.kind === 'allowed') return byTime(one, spreadOf(one), Cause.DUE);
  const calendar = { calendarId: verdict.by.calendarId, calendarVersion: verdict.by.version };
  if (verdict.kind === 'blocked')
    return { outcome: SKIPPED, cause: Cause.CALENDAR, effectiveAtMs: dueAtMs, ...calendar };
  return { ...byTime(one, verdict.toMs, Cause.MOVED), ...calendar };
}

function byTime(one: Case, effectiveAtMs: number, onTime: tick.SlotCause): Judgement {
  const { member, timing, slot, untilMs, horizonMs } = one;
  const { catchUp, startDeadlineMs } = member.schedule;
  const lateMs = horizonMs - effectiveAtMs;
  const missed = (cause: tick.SlotCause): Judgement => ({ outcome: MISSED, cause, effectiveAtMs });
  if (startDeadlineMs > 0 && lateMs > startDeadlineMs) return missed(Cause.TOO_LATE);
  if (lateMs <= GRACE_MS) return { outcome: FIRED, cause: onTime, effectiveAtMs };
  const mode = catchUp?.mode || t.CatchUpMode.LATEST;
  if (mode === t.CatchUpMode.NONE) return missed(Cause.NOT_CAUGHT_UP);
  if (lateMs > (catchUp?.windowMs || CATCH_UP_WINDOW_MS)) return missed(Cause.TOO_LATE);
  const until = Math.min(untilMs, horizonMs);
  if (mode === t.CatchUpMode.ALL) {
    const limit = catchUp?.limit || CATCH_UP_LIMIT;
    // Of the slots up to now, is it among the latest `limit`?
    const { slots } = slotsBetween(timing, slot.dueAtMs, until, limit);
    if (slots.length >= limit) return missed(Cause.NOT_CAUGHT_UP);
    return { outcome: FIRED, cause: Cause.CATCH_UP, effectiveAtMs };
  }
  const later = nextSlot(timing, slot.dueAtMs);
  if (later !== undefined && later.dueAtMs <= until) return missed(Cause.LATER_SLOT);
  return { outcome: FIRED, cause: Cause.CATCH_UP, effectiveAtMs };
}

/**
 * The spread is the schedule's own, the jitter the slot's. Both are derived, so that every replica and
 * every replay finds the same, and neither reaches the next slot: the order stays.
 */
function spreadOf({ member, timing, slot }: Case): number {
  const { spreadMs, jitterMs, id } = member.schedule;
  if (spreadMs <= 0 && jitterMs <= 0) return slot.dueAtMs;
  const shift = share(id, spreadMs) + share(`${id} ${slot.local} ${slot.pass}`, jitterMs);
  const next = nextSlot(timing, slot.dueAtMs);
  const room = next === undefined ? shift : next.dueAtMs - slot.dueAtMs - 1;
  return slot.dueAtMs + Math.min(shift, room);
}

/** A number in [0, ofMs) that belongs to the text. */
function share(text: string, ofMs: number): number {
  if (ofMs <= 0) return 0;
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193);
  // FNV leaves neighbours near each other; a last mixing spreads them.
  hash = Math.imul(hash ^ (hash >>> 15), 0x2c1b3c6d);
  hash ^= hash >>> 13;
  return (hash >>> 0) % Math.floor(ofMs);
}
