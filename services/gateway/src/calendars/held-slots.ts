import { type Slot } from '#libs/cron';
import {
  HELD_OUTLOOK_DAYS,
  HELD_SLOTS_MAX,
  SOON_SLOTS_MAX,
  UPCOMING_SCHEDULES_MAX,
} from '../limits.js';
import { type CalendarRow } from '../queries/calendars.js';
import { type UpcomingSchedule } from '../queries/dashboard.js';
import { judgeOf } from '../schedules/judge-slots.js';
import { nextSlotsOf, timingOf } from '../schedules/schedule-times.js';
import { type KnownSchedule, knownSchedule } from '../tasks/task-of-rows.js';

/** What a maintenance would hold: pure, over the schedules that ring. */

export interface HeldSlot {
  /** A maintenance of the whole system holds those of all. */
  readonly account: string;
  readonly taskId: string;
  readonly taskName: string;
  readonly scheduleId: string;
  readonly at: Date;
  readonly local: string;
  readonly timezone: string;
}

export interface Held {
  readonly heldCount: number;
  readonly countIsExact: boolean;
  /** How many of them run when it ends. */
  readonly runsAfter: number;
  readonly lookedUntil: Date;
  readonly first: HeldSlot[];
}

export interface HeldRequest {
  readonly schedules: readonly UpcomingSchedule[];
  readonly calendars: readonly CalendarRow[];
  readonly fromMs: number;
  /** Undefined: until it is ended; then a week is looked at. */
  readonly untilMs: number | undefined;
  readonly aftermath: 'skip' | 'latest' | 'all';
  readonly limit?: number;
}

export function heldBy(request: HeldRequest): Held {
  const { schedules, fromMs, aftermath, limit = SOON_SLOTS_MAX } = request;
  const untilMs = request.untilMs ?? fromMs + HELD_OUTLOOK_DAYS * 86_400_000;
  let left = HELD_SLOTS_MAX;
  let touched = 0;
  const first: HeldSlot[] = [];
  for (const row of schedules) {
    if (left <= 0) break;
    const schedule = knownSchedule(row);
    const slots = allowedSlots(schedule, request.calendars, { fromMs, untilMs, limit: left });
    left -= slots.length;
    if (slots.length > 0) touched += 1;
    first.push(...slots.slice(0, limit).map((slot) => heldSlot(row, slot)));
    // Kept short: of thousands of schedules only the first slots are told.
    if (first.length > 4 * limit) keepFirst(first, limit);
  }
  keepFirst(first, limit);
  const heldCount = HELD_SLOTS_MAX - left;
  const runsAfter = { skip: 0, latest: touched, all: heldCount }[aftermath];
  // As many schedules as are ever read: there may be more of them.
  const countIsExact = left > 0 && schedules.length < UPCOMING_SCHEDULES_MAX;
  return { heldCount, countIsExact, runsAfter, lookedUntil: new Date(untilMs), first };
}

/** The end of a maintenance is not in it; what a calendar skips is not held by it. */
function allowedSlots(
  schedule: KnownSchedule,
  calendars: readonly CalendarRow[],
  { fromMs, untilMs, limit }: { fromMs: number; untilMs: number; limit: number },
): Slot[] {
  const until = new Date(Math.min(untilMs - 1, Date.parse(schedule.until ?? '') || untilMs - 1));
  const inside = { ...schedule, until: until.toISOString() };
  const slots = nextSlotsOf(inside, fromMs - 1, limit);
  const timing = timingOf(schedule);
  if (schedule.calendars.length === 0 || timing === undefined) return slots;
  const verdictOf = judgeOf(schedule, timing, { calendars, maintenances: [] });
  return slots.filter((slot) => verdictOf(slot).verdict !== 'skipped');
}

function heldSlot(
  { account, task_id, taskName, id, zone }: UpcomingSchedule,
  slot: Slot,
): HeldSlot {
  return {
    account,
    taskId: task_id,
    taskName,
    scheduleId: id,
    at: new Date(slot.dueAtMs),
    local: slot.local,
    timezone: zone,
  };
}

function keepFirst(slots: HeldSlot[], limit: number): void {
  slots.sort((a, b) => a.at.getTime() - b.at.getTime());
  slots.length = Math.min(slots.length, limit);
}
