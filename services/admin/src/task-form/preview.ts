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
  type Slot,
  validateTiming,
} from '#libs/cron';

export type SchedulePreview =
  | { valid: true; description: string; next: readonly Slot[]; lints: readonly Lint[] }
  | { valid: false; problems: readonly Problem[] };

const SHOWN = 5;

/** The next runs of several schedules together; the same instant rings once each, and is told once. */
export function nextOf(
  schedules: readonly (ScheduleText & { enabled: boolean })[],
  nowMs: number,
): readonly number[] {
  const instants = schedules
    .filter((schedule) => schedule.enabled)
    .map((schedule) => previewOf(schedule, nowMs))
    .flatMap((preview) => (preview.valid ? preview.next.map((slot) => slot.dueAtMs) : []));
  return [...new Set(instants)].sort((a, b) => a - b).slice(0, SHOWN);
}

interface ScheduleText {
  cron: string;
  timezone: string;
  dst: string;
}

export function previewOf({ cron, timezone, dst }: ScheduleText, nowMs: number): SchedulePreview {
  const checked = validateTiming({ kind: 'cron', expression: cron, zone: timezone, dst });
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
