import { type Slot, slotsBetween, type Timing } from '#libs/cron';
import { BACKFILL_LOOKED_MAX, BACKFILL_SLOTS } from '../limits.js';
import { type Fault } from '../problems/problem.js';
import { type BackfillInput } from '../shapes/backfill-input.js';
import { type LeftOutReason } from './scheduled-slots.js';

/**
 * Which past slots a backfill runs: those of the schedule's timing as it is today in [from, to), less
 * those that the schedule would not have fired (unless all are wanted), less those that ran. A slot is
 * known by its due instant here, whatever revision it ran under.
 */
export interface BackfillPlan {
  /** In the order in which they run. */
  readonly slots: readonly Slot[];
  /** Slots of the range that are left out, by why. */
  readonly leftOut: LeftOut;
}

export type LeftOut = Readonly<Record<'ran' | LeftOutReason, number>>;

export function leftOutInAll(leftOut: LeftOut): number {
  return Object.values(leftOut).reduce((sum, count) => sum + count, 0);
}

/** The last run of a slot. */
export interface SlotRun {
  readonly dueAtMs: number;
  readonly status: string;
}

type Asked = Pick<BackfillInput, 'from' | 'to' | 'order' | 'reprocess'>;

/** The slots of the range, soonest first; or what is wrong with it. */
export function slotsInRange(
  timing: Timing,
  { from, to }: Pick<Asked, 'from' | 'to'>,
  nowMs: number,
): { slots: Slot[] } | { fault: Fault } {
  const fromMs = Date.parse(from);
  const toMs = Date.parse(to);
  if (toMs > nowMs)
    return refused('/to', 'in-future', 'The range ends in the future.', 'End it now, or earlier.');
  if (toMs <= fromMs)
    return refused('/to', 'bad-range', 'The range ends before it begins.', 'Swap from and to.');
  const { slots, truncated } = slotsBetween(timing, fromMs - 1, toMs - 1, BACKFILL_LOOKED_MAX);
  return truncated ? tooMany(slots[BACKFILL_SLOTS - 1]) : { slots };
}

export function planBackfill(
  inRange: readonly Slot[],
  runs: readonly SlotRun[],
  { order = 'forward', reprocess = 'none' }: Pick<Asked, 'order' | 'reprocess'>,
  whyNot: (slot: Slot) => LeftOutReason | undefined = () => undefined,
): BackfillPlan | { fault: Fault } {
  const statusOf = new Map(runs.map(({ dueAtMs, status }) => [dueAtMs, status]));
  const leftOut = { ran: 0, outOfBounds: 0, paused: 0, maintenance: 0, calendar: 0 };
  const slots = inRange.filter((slot) => {
    const isDone = !isWanted(statusOf.get(slot.dueAtMs), reprocess);
    const reason = isDone ? 'ran' : whyNot(slot);
    if (reason !== undefined) leftOut[reason] += 1;
    return reason === undefined;
  });
  if (slots.length > BACKFILL_SLOTS) return tooMany(slots[BACKFILL_SLOTS - 1]);
  return { slots: order === 'backward' ? slots.toReversed() : slots, leftOut };
}

const ENDED_BADLY = new Set(['failed', 'timeout', 'cancelled']);

/** A run that is still open is nobody's failure yet. */
function isWanted(status: string | undefined, reprocess: 'none' | 'failed' | 'all'): boolean {
  if (status === undefined || reprocess === 'all') return true;
  return reprocess === 'failed' && ENDED_BADLY.has(status);
}

function tooMany(last: Slot | undefined): { fault: Fault } {
  const end = last === undefined ? '' : `, for example at ${new Date(last.dueAtMs).toISOString()}`;
  return refused(
    '/to',
    'too-many-slots',
    `A backfill runs at most ${BACKFILL_SLOTS} slots.`,
    `End the range sooner${end}.`,
  );
}

function refused(path: string, code: string, message: string, remedy: string): { fault: Fault } {
  return { fault: { path, code, message, remedy } };
}
