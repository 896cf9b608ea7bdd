import { type Ahead, foretell, startsAfter, type TickPlan } from '#libs/domain';
import { NEXT_LOOKED_MAX } from '../limits.js';
import { type JudgedSlot, judged, plannedHere } from './judge-slots.js';
import { type DefinedSchedule } from './schedule-definition.js';
import { type RingingSchedule, timingOf } from './schedule-times.js';

/**
 * When schedules start next: by what the domain foretells of them (bounds, calendars, maintenances,
 * spread, jitter, pause, and the other schedules of the task), never by their times alone.
 */
export type StartingSchedule = DefinedSchedule & RingingSchedule;

export interface StartingTask {
  readonly schedules: readonly StartingSchedule[];
  readonly paused: boolean;
}

/** A schedule that is off, or that this build cannot read, has nothing ahead. */
export function aheadOf(task: StartingTask, plan: TickPlan, nowMs: number): Ahead {
  const schedules = task.schedules.flatMap((schedule, place) => {
    const timing = schedule.enabled ? timingOf(schedule) : undefined;
    if (timing === undefined) return [];
    const { sinceMs = nowMs } = schedule;
    const { paused } = task;
    return [plannedHere(schedule, timing, { scheduleId: newId(place), paused, sinceMs })];
  });
  return { plan, schedules };
}

/** Stands for the id of a schedule that has none yet, by its place in the task. */
export function newId(place: number): string {
  return `new-${place}`;
}

/** The slots ahead of a schedule, and what will become of each. */
export function slotsAhead(
  ahead: Ahead,
  scheduleId: string,
  afterMs: number,
  count: number,
): JudgedSlot[] {
  const slots: JudgedSlot[] = [];
  for (const told of foretell(ahead, scheduleId, afterMs)) {
    const { local, pass, dueAtMs, folded } = told.slot;
    const missed = folded === 0 ? {} : { missed: folded };
    slots.push(judged({ local, pass: pass as JudgedSlot['pass'], dueAtMs, ...missed }, told));
    if (slots.length >= count) break;
  }
  return slots;
}

export function nextStartsOf(
  ahead: Ahead,
  scheduleId: string,
  afterMs: number,
  count: number,
): number[] {
  const starts = startsAfter(ahead, scheduleId, afterMs, { count, looks: NEXT_LOOKED_MAX });
  return starts.slice(0, count);
}

/** Of a task: of all its schedules, each instant once. */
export function nextStartsOfAll(ahead: Ahead, afterMs: number, count: number): number[] {
  const all = ahead.schedules.flatMap(({ member }) =>
    nextStartsOf(ahead, member.schedule.id, afterMs, count),
  );
  return [...new Set(all)].sort((a, b) => a - b).slice(0, count);
}
