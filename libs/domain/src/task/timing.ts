import { task as t } from '#libs/contracts';
import type { DstPolicy, Timing } from '#libs/cron';

/** What a schedule says about time, in the words of `libs/cron`. */
export function timingOf(schedule: t.Schedule): Timing {
  const { zone, every, recurrence } = schedule;
  const dst = dstPolicy(schedule.dst);
  if (every) return { kind: 'every', everyMs: every.everyMs, anchorMs: every.anchorMs, zone };
  if (schedule.atMs > 0) return { kind: 'at', atMs: schedule.atMs, zone };
  if (recurrence)
    return { kind: 'rrule', rule: recurrence.rule, start: recurrence.start, zone, dst };
  return { kind: 'cron', expression: schedule.cron, zone, dst };
}

/** The policy's name in `libs/cron`; an unset one is Vixie's. */
function dstPolicy(dst: t.DstPolicy): DstPolicy {
  if (dst === t.DstPolicy.SKIP) return 'skip';
  return dst === t.DstPolicy.WALL ? 'wall' : 'vixie';
}

/** How many of the four ways to say when are used; a schedule uses exactly one. */
export function waysToSayWhen({ cron, every, atMs, recurrence }: t.Schedule): number {
  return [cron !== '', every !== undefined, atMs > 0, recurrence !== undefined].filter(Boolean)
    .length;
}
