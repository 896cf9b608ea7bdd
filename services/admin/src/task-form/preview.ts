/**
 * What a schedule means, said while it is typed, by the same library that decides the slots on the
 * server: a preview that is computed elsewhere could disagree with what rings.
 */
import {
  describeTiming,
  type Lint,
  lintTiming,
  nextSlot,
  type Problem,
  parseDuration,
  type Slot,
  validateTiming,
} from '#libs/cron';
import type { ScheduleDraft } from './draft.js';

export type SchedulePreview =
  | { valid: true; description: string; next: readonly Slot[]; lints: readonly Lint[] }
  | { valid: false; problems: readonly Problem[] };

const SHOWN = 5;

/** The texts of the form as the library takes them; what is no number or instant, it refuses. */
function timingOf(schedule: ScheduleDraft): unknown {
  const { kind, timezone: zone, dst } = schedule;
  switch (kind) {
    case 'cron':
      return { kind, expression: schedule.cron, zone, dst };
    case 'every': {
      const anchorMs = Date.parse(schedule.kept.anchor ?? '1970-01-01T00:00:00Z');
      return { kind, everyMs: parseDuration(schedule.every.trim()), anchorMs, zone };
    }
    case 'at':
      return { kind, atMs: Date.parse(schedule.at), zone };
    case 'rrule':
      return { kind, rule: schedule.rrule, start: schedule.start, zone, dst };
  }
}

export function previewOf(schedule: ScheduleDraft, nowMs: number): SchedulePreview {
  const checked = validateTiming(timingOf(schedule));
  if (!checked.ok) return { valid: false, problems: checked.problems };
  const next: Slot[] = [];
  for (let after = nowMs; next.length < SHOWN; ) {
    const slot = nextSlot(checked.timing, after);
    if (!slot) break;
    next.push(slot);
    after = slot.dueAtMs;
  }
  return {
    valid: true,
    description: describeTiming(checked.timing),
    next,
    lints: lintTiming(checked.timing, nowMs),
  };
}

/** The next runs of several schedules together; the same instant is told once. */
export function nextOf(schedules: readonly ScheduleDraft[], nowMs: number): readonly number[] {
  const instants = schedules
    .filter((schedule) => schedule.enabled)
    .map((schedule) => previewOf(schedule, nowMs))
    .flatMap((preview) => (preview.valid ? preview.next.map((slot) => slot.dueAtMs) : []));
  return [...new Set(instants)].sort((a, b) => a - b).slice(0, SHOWN);
}
