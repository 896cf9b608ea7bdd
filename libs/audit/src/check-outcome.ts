/** Whether the outcome of one slot may be what it is. */
import { tick } from '#libs/contracts';
import { executionIdOfSlot } from '#libs/domain';
import type { Version } from './expected-slots.js';
import type { Tick } from './read-ticks.js';

/** A later decision is a late one: then the rules of catching up hold. */
const ON_TIME_MS = 60_000;

const { FIRED, SKIPPED, MISSED } = tick.SlotOutcome;
const { DUE, MOVED, CALENDAR, MERGED, MAINTENANCE, TASK_PAUSED } = tick.SlotCause;
const { CATCH_UP, LATER_SLOT, TOO_LATE, NOT_CAUGHT_UP } = tick.SlotCause;

const CAUSES: Readonly<Record<tick.SlotOutcome, readonly tick.SlotCause[]>> = {
  [tick.SlotOutcome.UNSPECIFIED]: [],
  [FIRED]: [DUE, CATCH_UP, MOVED],
  [SKIPPED]: [TASK_PAUSED, CALENDAR, MERGED, MAINTENANCE],
  [MISSED]: [LATER_SLOT, TOO_LATE, NOT_CAUGHT_UP],
};

export interface OutcomeCase {
  readonly version: Version;
  readonly slot: tick.Slot;
  readonly tick: Tick;
  /** Whether the log has any maintenance; which slots it reaches is left to `verify`. */
  readonly hasMaintenance: boolean;
}

/** What is wrong with it, in words. */
export function wrongOutcome(one: OutcomeCase): string | undefined {
  const { version, slot } = one;
  const { outcome, cause } = slot;
  const words = `${tick.SlotOutcome[outcome]} ${tick.SlotCause[cause]}`;
  if (!CAUSES[outcome]?.includes(cause)) return `there is no ${words}`;
  const id = outcome === FIRED ? executionIdOfSlot(slot) : '';
  if (slot.executionId !== id) return `its execution is ${slot.executionId}, not ${id}`;
  if (version.paused !== (cause === TASK_PAUSED))
    return `${words} while its task was ${version.paused ? 'paused' : 'active'}`;
  if (!isShiftAllowed(one)) return `it starts at ${new Date(slot.effectiveAtMs).toISOString()}`;
  switch (cause) {
    case TASK_PAUSED:
      return undefined;
    case CALENDAR:
    case MOVED:
      return version.schedule.calendars.length > 0 ? undefined : `${words} without a calendar`;
    case MAINTENANCE:
      return one.hasMaintenance ? undefined : `${words} without a maintenance`;
    case MERGED:
      return isMerged(one) ? undefined : `merged into ${slot.mergedInto}, which does not run`;
    default:
      return isAsLate(one) ? undefined : `${words}, ${latenessOf(one)} ms after it should start`;
  }
}

function isShiftAllowed({ version, slot }: OutcomeCase): boolean {
  const { spreadMs, jitterMs, calendars } = version.schedule;
  if (spreadMs > 0 || jitterMs > 0 || calendars.length > 0)
    return slot.effectiveAtMs >= slot.dueAtMs;
  return slot.effectiveAtMs === slot.dueAtMs;
}

/** The one that runs in its place is decided with it, and fired. */
function isMerged({ slot, tick: { slots } }: OutcomeCase): boolean {
  return slots.some(
    (other) =>
      other.scheduleId === slot.mergedInto &&
      other.taskId === slot.taskId &&
      other.effectiveAtMs === slot.effectiveAtMs &&
      other.outcome === FIRED,
  );
}

/** In time means fired; late means caught up or missed. */
function isAsLate(one: OutcomeCase): boolean {
  const { version, slot } = one;
  const deadlineMs = version.schedule.startDeadlineMs || ON_TIME_MS;
  const isLate = latenessOf(one) > Math.min(ON_TIME_MS, deadlineMs);
  return isLate ? slot.cause !== DUE : slot.cause === DUE;
}

function latenessOf({ slot, tick: { horizonMs } }: OutcomeCase): number {
  return horizonMs - slot.effectiveAtMs;
}
