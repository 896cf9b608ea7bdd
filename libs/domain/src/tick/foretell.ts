/**
 * What will become of the slots of a schedule that are yet to come, as far as it is settled now: each
 * is decided by the ticker's own rules, at its instant, beside the other schedules of its task; and then
 * it is looked at whether a maintenance will hold its run, and until when.
 *
 * What cannot be known is left out: runs that will be open by then, limits, free workers.
 */
import { maintenance as m, tick } from '#libs/contracts';
import { nextSlot, type Slot, type Timing } from '#libs/cron';
import { compareKeys, type Member } from './group.js';
import type { TickPlan } from './plan.js';
import { mergeEqual, outcomeOf } from './tick.js';

/** A task, and what stands around it. */
export interface Ahead {
  /** Its calendars and maintenances count. */
  readonly plan: TickPlan;
  readonly schedules: readonly ScheduleAhead[];
}

export interface ScheduleAhead {
  readonly member: Member;
  readonly timing: Timing;
}

export interface Foretold {
  /** As the ticker decides it once it is due. */
  readonly slot: tick.Slot;
  /** The maintenance that holds its run. */
  readonly heldBy?: string;
  /** Up to when a maintenance holds it; Infinity: until somebody ends it. */
  readonly heldUntilMs?: number;
  /** When its run starts; undefined: it does not, or nobody knows when. */
  readonly startsAtMs?: number;
}

/** Slots behind a held one that are looked at, for one that takes its place. */
const SUPERSEDING_LOOKS = 100;

/** The slots of a schedule after an instant, without end where it has none. */
export function* foretell(
  ahead: Ahead,
  scheduleId: string,
  afterMs: number,
): Generator<Foretold, void> {
  const own = ahead.schedules.find(({ member }) => member.schedule.id === scheduleId);
  if (own === undefined) return;
  let fromMs = afterMs;
  for (;;) {
    const slot = slotAfter(own, fromMs);
    if (slot === undefined) return;
    const decided = decidedAt(ahead, own, slot);
    yield { slot: decided, ...startOf(ahead, own, slot, decided) };
    fromMs = slot.dueAtMs;
  }
}

function slotAfter({ member, timing }: ScheduleAhead, fromMs: number): Slot | undefined {
  const slot = nextSlot(timing, Math.max(fromMs, member.sinceMs));
  return slot !== undefined && slot.dueAtMs <= member.untilMs ? slot : undefined;
}

/** With the slots of the task's other schedules at the same instant, of which one runs for all. */
function decidedAt({ plan, schedules }: Ahead, own: ScheduleAhead, { dueAtMs }: Slot): tick.Slot {
  const inOrder = schedules.toSorted((one, other) => compareKeys(one.member.key, other.member.key));
  const slots = inOrder.flatMap((one): tick.Slot[] => {
    const slot = slotAfter(one, dueAtMs - 1);
    if (slot?.dueAtMs !== dueAtMs) return [];
    return [outcomeOf(plan, { ...one, slot, untilMs: dueAtMs }, dueAtMs)];
  });
  const scheduleId = own.member.schedule.id;
  return mergeEqual(slots).find((one) => one.scheduleId === scheduleId) as tick.Slot;
}

function startOf(
  ahead: Ahead,
  own: ScheduleAhead,
  slot: Slot,
  { outcome, effectiveAtMs }: tick.Slot,
): Omit<Foretold, 'slot'> {
  if (outcome !== tick.SlotOutcome.FIRED) return {};
  const { maintenance } = ahead.plan;
  const { account } = own.member;
  const heldBy = maintenance.at(account, effectiveAtMs)?.id;
  if (heldBy === undefined) return { startsAtMs: effectiveAtMs };
  const heldUntilMs = maintenance.freeFrom(account, effectiveAtMs);
  const isNever = heldUntilMs === Number.POSITIVE_INFINITY;
  if (isNever || isSuperseded(ahead, own, slot, heldUntilMs)) return { heldBy, heldUntilMs };
  return { heldBy, heldUntilMs, startsAtMs: heldUntilMs };
}

/** A later slot of the schedule takes its place while it is held, unless all of them are to run. */
function isSuperseded(ahead: Ahead, own: ScheduleAhead, held: Slot, untilMs: number): boolean {
  const { maintenance } = ahead.plan;
  let fromMs = held.dueAtMs;
  for (let looks = 0; looks < SUPERSEDING_LOOKS; looks++) {
    const slot = slotAfter(own, fromMs);
    if (slot === undefined || slot.dueAtMs >= untilMs) return false;
    const { outcome, effectiveAtMs } = decidedAt(ahead, own, slot);
    const holding = maintenance.at(own.member.account, effectiveAtMs);
    const takesPlace = holding !== undefined && holding.aftermath !== m.Aftermath.ALL;
    if (outcome === tick.SlotOutcome.FIRED && effectiveAtMs < untilMs && takesPlace) return true;
    fromMs = slot.dueAtMs;
  }
  return false;
}

/**
 * When runs of a schedule will start after an instant, each instant once, soonest first; slots that
 * were due before it and have yet to start among them. Looks at `looks` slots at most.
 */
export function startsAfter(
  ahead: Ahead,
  scheduleId: string,
  afterMs: number,
  { count, looks }: { readonly count: number; readonly looks: number },
): number[] {
  const own = ahead.schedules.find(({ member }) => member.schedule.id === scheduleId);
  if (own === undefined) return [];
  const { spreadMs, jitterMs, calendars } = own.member.schedule;
  const shiftMs = spreadMs + jitterMs;
  const starts = new Set<number>();
  let looked = 0;
  let fromMs = firstToLookAt(ahead, own, afterMs) - shiftMs;
  while (looked < looks && starts.size < count) {
    const told = nextOf(ahead, scheduleId, fromMs);
    looked += 1;
    if (told === undefined) break;
    fromMs = told.slot.dueAtMs;
    const { heldUntilMs, startsAtMs } = told;
    // Whichever of the held ones runs: it runs then.
    const startMs = startsAtMs ?? heldUntilMs ?? Number.POSITIVE_INFINITY;
    if (startMs > afterMs && startMs < Number.POSITIVE_INFINITY) starts.add(startMs);
    if (heldUntilMs === undefined || calendars.length > 0) continue;
    if (heldUntilMs === Number.POSITIVE_INFINITY) break;
    // All that is held starts at that one instant.
    fromMs = Math.max(fromMs, heldUntilMs - shiftMs - 1);
  }
  return [...starts].sort((one, other) => one - other);
}

function nextOf(ahead: Ahead, scheduleId: string, afterMs: number): Foretold | undefined {
  const { value } = foretell(ahead, scheduleId, afterMs).next();
  return value ?? undefined;
}

/** A maintenance that holds now may hold what was due since it began. */
function firstToLookAt({ plan }: Ahead, { member }: ScheduleAhead, afterMs: number): number {
  const fromMs = plan.maintenance.at(member.account, afterMs)?.fromMs;
  return fromMs === undefined ? afterMs : Math.min(afterMs, fromMs - 1);
}
