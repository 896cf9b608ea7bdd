import {
  type CronTiming,
  describeTiming,
  lintTiming,
  nextSlot,
  offsetAt,
  type Slot,
  validateTiming,
} from '#libs/cron';
import { NEXT_RUNS_DEFAULT } from './limits.js';
import { sentence } from './problem.js';

/** What is said of times and schedules; all of it by `libs/cron`, none of it kept. */

export interface ScheduleTimes {
  readonly cron: string;
  readonly zone: string;
  readonly dst: string;
  readonly enabled: boolean;
}

/** Undefined for a schedule that this build can't read: its task still has to be shown. */
export function timingOf({
  cron,
  zone,
  dst,
}: Omit<ScheduleTimes, 'enabled'>): CronTiming | undefined {
  const checked = validateTiming({ kind: 'cron', expression: cron, zone, dst });
  return checked.ok && checked.timing.kind === 'cron' ? checked.timing : undefined;
}

export function descriptionOf(schedule: Omit<ScheduleTimes, 'enabled'>): string {
  const timing = timingOf(schedule);
  return timing === undefined ? schedule.cron : describeTiming(timing);
}

/** The next instants of a schedule, epoch milliseconds. */
export function nextRunsOf(schedule: ScheduleTimes, afterMs: number, count: number): number[] {
  const timing = schedule.enabled ? timingOf(schedule) : undefined;
  return timing === undefined ? [] : nextSlots(timing, afterMs, count).map((slot) => slot.dueAtMs);
}

/** The next instants of a task: of all its schedules, each once. */
export function nextRunsOfAll(
  schedules: readonly ScheduleTimes[],
  afterMs: number,
  count: number,
): number[] {
  const all = schedules.flatMap((schedule) => nextRunsOf(schedule, afterMs, count));
  return [...new Set(all)].sort((a, b) => a - b).slice(0, count);
}

function nextSlots(timing: CronTiming, afterMs: number, count: number): Slot[] {
  const slots: Slot[] = [];
  let at = afterMs;
  while (slots.length < count) {
    const slot = nextSlot(timing, at);
    if (slot === undefined) break;
    slots.push(slot);
    at = slot.dueAtMs;
  }
  return slots;
}

export interface PreviewRequest {
  readonly cron: string;
  readonly timezone: string;
  readonly dst?: string;
  readonly count?: number;
}

export interface Preview {
  readonly valid: boolean;
  readonly problems: { field: string; code: string; message: string; remedy: string }[];
  readonly description: string;
  readonly nextRuns: { at: Date; local: string; offset: string }[];
  readonly lints: { code: string; message: string }[];
}

/** What a schedule would do, before anybody saves it. */
export function previewSchedule(request: PreviewRequest, nowMs: number): Preview {
  const { cron, timezone, dst, count = NEXT_RUNS_DEFAULT } = request;
  const checked = validateTiming({ kind: 'cron', expression: cron, zone: timezone, dst });
  if (!checked.ok || checked.timing.kind !== 'cron') {
    const problems = checked.ok ? [] : checked.problems;
    return {
      valid: false,
      problems: problems.map(({ field, code, message, remedy }) => ({
        field,
        code,
        message: sentence(message),
        remedy: sentence(remedy),
      })),
      description: '',
      nextRuns: [],
      lints: [],
    };
  }
  const { timing } = checked;
  return {
    valid: true,
    problems: [],
    description: describeTiming(timing),
    nextRuns: nextSlots(timing, nowMs, count).map(({ dueAtMs, local }) => ({
      at: new Date(dueAtMs),
      local,
      offset: offsetText(offsetAt(timing.zone, dueAtMs)),
    })),
    lints: lintTiming(timing, nowMs).map(({ code, message, remedy }) => ({
      code,
      message: [message, remedy]
        .filter(Boolean)
        .map((text) => sentence(text ?? ''))
        .join(' '),
    })),
  };
}

/** `+05:45`. */
function offsetText(minutes: number): string {
  const whole = Math.round(Math.abs(minutes));
  const pad = (value: number) => `${value}`.padStart(2, '0');
  return `${minutes < 0 ? '-' : '+'}${pad(Math.floor(whole / 60))}:${pad(whole % 60)}`;
}
