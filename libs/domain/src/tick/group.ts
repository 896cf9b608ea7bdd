import type { Timing } from '#libs/cron';
import type { PlannedSchedule } from './planned-schedule.js';

/** One schedule as the plan sees it. */
export interface Member {
  readonly account: string;
  readonly taskId: string;
  readonly schedule: PlannedSchedule;
  /** `<taskId>/<scheduleId>`: its place among the slots of one instant. */
  readonly key: string;
  readonly paused: boolean;
  /** It owns the instants after this one, */
  readonly sinceMs: number;
  /** and up to this one. */
  readonly untilMs: number;
}

/** Schedules that ring alike. */
export class Group {
  readonly timing: Timing;
  /** Its first instant after `fromMs`; Infinity when there is none. No member owes an earlier one. */
  nextMs: number;
  fromMs: number;
  #members = new Map<string, Member>();
  #byKey: readonly Member[] | undefined;

  constructor(timing: Timing, fromMs: number, nextMs: number) {
    this.timing = timing;
    this.fromMs = fromMs;
    this.nextMs = nextMs;
  }

  get size(): number {
    return this.#members.size;
  }

  get(scheduleId: string): Member | undefined {
    return this.#members.get(scheduleId);
  }

  add(member: Member): void {
    this.#members.set(member.schedule.id, member);
    this.#byKey = undefined;
  }

  delete(scheduleId: string): void {
    this.#members.delete(scheduleId);
    this.#byKey = undefined;
  }

  /** Takes over all members of another one. */
  takeFrom(other: Group): void {
    this.#members = other.#members;
    this.#byKey = other.#byKey;
    other.#members = new Map();
    other.#byKey = undefined;
  }

  /** Sorted once, and kept: a herd is decided in many parts. */
  byKey(): readonly Member[] {
    this.#byKey ??= [...this.#members.values()].sort((one, other) =>
      compareKeys(one.key, other.key),
    );
    return this.#byKey;
  }

  /** The instant after which somebody owes slots, at or after `afterMs`; Infinity when nobody does. */
  owedAfterMs(afterMs: number): number {
    let first = Number.POSITIVE_INFINITY;
    for (const { sinceMs, untilMs } of this.#members.values()) {
      if (untilMs <= afterMs) continue;
      if (sinceMs <= afterMs) return afterMs;
      first = Math.min(first, sinceMs);
    }
    return first;
  }
}

export function compareKeys(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
