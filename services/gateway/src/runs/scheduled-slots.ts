import { tick } from '#libs/contracts';
import { type Slot, type Timing } from '#libs/cron';
import { judge } from '#libs/domain';
import { type ScheduleVersionRow } from '../queries/schedule-versions.js';
import { plannedHere, planOf, type SurroundingsThen } from '../schedules/judge-slots.js';
import { type KnownSchedule } from '../tasks/task-of-rows.js';

/**
 * Which past slots a schedule, as it is today, would not have fired, and why: its bounds, and what stood
 * around it at their instants (calendars in the version in force, maintenances, pauses). Pure.
 */
export const leftOutReasons = ['outOfBounds', 'paused', 'maintenance', 'calendar'] as const;
export type LeftOutReason = (typeof leftOutReasons)[number];

export interface Past extends SurroundingsThen {
  readonly versions: readonly Pick<
    ScheduleVersionRow,
    'valid_from' | 'valid_until' | 'task_paused' | 'definition'
  >[];
}

/** Undefined: it would have fired. */
export function whyNotScheduled(
  schedule: KnownSchedule,
  timing: Timing,
  past: Past,
): (slot: Slot) => LeftOutReason | undefined {
  const plan = planOf(past);
  const fromMs = Date.parse(schedule.from ?? '') || Number.NEGATIVE_INFINITY;
  const { member } = plannedHere(schedule, timing, { sinceMs: schedule.sinceMs ?? 0 });
  const pauses = past.versions.filter((one) => one.task_paused || !one.definition.enabled);
  return (slot) => {
    const at = slot.dueAtMs;
    if (at < fromMs || at > member.untilMs) return 'outOfBounds';
    const paused = pauses.some((one) => isInForce(one, at));
    const one = { plan, member: { ...member, paused }, timing, slot };
    const { outcome, cause } = judge({ ...one, untilMs: at, horizonMs: at });
    return outcome === tick.SlotOutcome.FIRED ? undefined : (REASONS[cause] ?? 'calendar');
  };
}

const REASONS: Readonly<Record<number, LeftOutReason>> = {
  [tick.SlotCause.TASK_PAUSED]: 'paused',
  [tick.SlotCause.MAINTENANCE]: 'maintenance',
  [tick.SlotCause.CALENDAR]: 'calendar',
};

/** A version owns the instants after it came into force, up to the next one. */
function isInForce(
  { valid_from, valid_until }: Pick<ScheduleVersionRow, 'valid_from' | 'valid_until'>,
  ms: number,
): boolean {
  return valid_from.getTime() < ms && (valid_until === null || ms <= valid_until.getTime());
}
