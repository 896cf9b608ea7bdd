/**
 * The plan: which schedules ring when, as a fold of the task definitions and of the watermark.
 *
 * Schedules that ring alike (same expression, zone and DST policy) share one group, and so one
 * computation of the next instant. A schedule's definition owns the instants after it took effect:
 * when it changes, what the old one still owed is set aside as `owed`, to be decided with the rest.
 */
import { type DomainEvent, isTaskEvent, type TaskEvent, type task as t } from '#libs/contracts';
import { nextSlot, type Slot, slotsBetween, type Timing } from '#libs/cron';
import { Calendars } from '../calendar/versions.js';
import { impossible } from '../decider.js';
import { MaintenanceWindows } from '../maintenance/windows.js';
import { timingOf } from '../task/timing.js';
import { Group, type Member } from './group.js';
import { MinHeap } from './heap.js';
import { OWED_LIMIT } from './limits.js';
import { memberOf, type Planned, plannedOf } from './planned-schedule.js';

/** A slot of a definition that is no longer in force. */
export interface OwedSlot {
  readonly member: Member;
  readonly timing: Timing;
  readonly slot: Slot;
  /** When the definition ceased to be in force. */
  readonly untilMs: number;
}

interface PlannedTask {
  readonly id: string;
  readonly account: string;
  paused: boolean;
  /** A few: a task has 50 at most. */
  schedules: readonly Planned[];
}

export interface Watermark {
  readonly dueAtMs: number;
  /** Slots of this instant are decided up to this key; empty: all. */
  readonly key: string;
}

export class TickPlan {
  readonly #tasks = new Map<string, PlannedTask>();
  readonly #groups = new Map<string, Group>();
  readonly #groupOf = new Map<string, Group>();
  readonly #heap = new MinHeap<Group>((one, other) => compareInstants(one.nextMs, other.nextMs));
  readonly #accounts = new Map<string, string>();
  readonly calendars = new Calendars();
  readonly maintenance = new MaintenanceWindows();
  owed: OwedSlot[] = [];
  watermark: Watermark;

  constructor(watermark: Watermark = { dueAtMs: 0, key: '' }) {
    this.watermark = watermark;
  }

  get schedules(): number {
    return this.#groupOf.size;
  }

  /** When there is something to decide next; undefined when nothing is planned. */
  nextDueMs(): number | undefined {
    const planned = this.#heap.peek()?.nextMs ?? Number.POSITIVE_INFINITY;
    const next = this.owed.reduce((least, { slot }) => Math.min(least, slot.dueAtMs), planned);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  /**
   * Each enabled schedule with its next planned instant, Infinity when it has none any more: for whoever
   * asserts that none was forgotten. May be read slowly, over changes of the plan.
   */
  *nextInstants(): Generator<{ readonly scheduleId: string; readonly nextMs: number | undefined }> {
    for (const { schedules } of this.#tasks.values())
      for (const { schedule } of schedules)
        if (schedule.enabled)
          yield { scheduleId: schedule.id, nextMs: this.#groupOf.get(schedule.id)?.nextMs };
  }

  /** The groups with an instant at or before the horizon. */
  dueGroups(horizonMs: number): Group[] {
    return this.#heap.allWithin(({ nextMs }) => nextMs <= horizonMs);
  }

  /** Moves the watermark: everything up to and including it is decided. */
  advance(to: Watermark): void {
    this.watermark = to;
    this.owed = this.owed.filter(({ slot, member }) => isAfter(slot.dueAtMs, member.key, to));
    // An instant that is decided only in part is still ahead of its groups.
    this.passOver(floorOf(to));
  }

  /**
   * Moves every group on to its next instant after `fromMs`, up to which nobody owes anything. Also to
   * be called when there is nothing to decide, as after a removal or the end of a schedule, so that
   * nobody waits for an instant gone by.
   */
  passOver(fromMs: number): void {
    for (let top = this.#heap.peek(); top && top.nextMs <= fromMs; top = this.#heap.peek()) {
      this.#heap.pop();
      if (top.size === 0) {
        if (this.#groups.get(keyOf(top.timing)) === top) this.#groups.delete(keyOf(top.timing));
        continue;
      }
      top.nextMs = nextMsOf(top.timing, fromMs);
      top.fromMs = fromMs;
      this.#heap.push(top);
    }
  }

  /** Takes in one definition of any kind. `atMs`: when it was made. */
  apply(account: string, id: string, event: DomainEvent, atMs: number): void {
    switch (event.$typeName) {
      case 'calendar.v1.CalendarSaved':
      case 'calendar.v1.CalendarDeleted':
        this.calendars.apply(account, id, event, Math.max(atMs, floorOf(this.watermark)));
        return;
      case 'maintenance.v1.MaintenancePlanned':
      case 'maintenance.v1.MaintenanceEnded':
        this.maintenance.apply(account, id, event, atMs);
        return;
      default:
        if (isTaskEvent(event)) this.#applyTask(account, id, event, atMs);
    }
  }

  #applyTask(account: string, taskId: string, event: TaskEvent, atMs: number): void {
    const fromMs = Math.max(atMs, floorOf(this.watermark));
    if (event.$typeName === 'task.v1.TaskCreated') {
      // The event's own copy: the one that was told may hold on to the subject that it was cut from.
      const id = event.taskId === taskId ? event.taskId : taskId;
      const schedules = event.schedules.map((schedule) => this.#planned(schedule));
      const known = this.#oneAccount(account);
      this.#tasks.set(id, { id, account: known, paused: !event.enabled, schedules });
      this.#replanAll(id, fromMs, atMs);
      return;
    }
    const planned = this.#tasks.get(taskId);
    if (planned === undefined) return;
    switch (event.$typeName) {
      case 'task.v1.ScheduleAdded':
      case 'task.v1.ScheduleChanged':
        if (event.schedule === undefined) return;
        planned.schedules = [
          ...without(planned.schedules, event.schedule.id),
          this.#planned(event.schedule),
        ];
        this.#replan(taskId, event.schedule.id, fromMs, atMs);
        return;
      case 'task.v1.ScheduleRemoved':
        planned.schedules = without(planned.schedules, event.scheduleId);
        this.#replan(taskId, event.scheduleId, fromMs, atMs);
        return;
      case 'task.v1.TaskPaused':
      case 'task.v1.TaskResumed':
        planned.paused = event.$typeName === 'task.v1.TaskPaused';
        this.#replanAll(taskId, fromMs, atMs);
        return;
      case 'task.v1.TaskDeleted': {
        this.#tasks.delete(taskId);
        for (const { schedule } of planned.schedules)
          this.#replan(taskId, schedule.id, fromMs, atMs);
        return;
      }
      case 'task.v1.TaskRenamed':
      case 'task.v1.TaskDescribed':
      case 'task.v1.TaskRetargeted':
      case 'task.v1.ParametersChanged':
      case 'task.v1.SettingsChanged':
        return;
      default:
        impossible(event);
    }
  }

  #replanAll(taskId: string, fromMs: number, atMs: number): void {
    for (const { schedule } of this.#tasks.get(taskId)?.schedules ?? [])
      this.#replan(taskId, schedule.id, fromMs, atMs);
  }

  #replan(taskId: string, scheduleId: string, fromMs: number, atMs: number): void {
    this.#retire(scheduleId, fromMs);
    const task = this.#tasks.get(taskId);
    const planned = task?.schedules.find(({ schedule }) => schedule.id === scheduleId);
    if (task === undefined || planned === undefined || !planned.schedule.enabled) return;
    const { account, id, paused } = task;
    const member = memberOf(planned, { account, taskId: id, paused, fromMs, atMs });
    this.#enter(planned.timing, member);
  }

  /** Takes the old definition out, and sets aside what it owes up to `untilMs`. */
  #retire(scheduleId: string, untilMs: number): void {
    const group = this.#groupOf.get(scheduleId);
    const member = group?.get(scheduleId);
    if (group === undefined || member === undefined) return;
    group.delete(scheduleId);
    this.#groupOf.delete(scheduleId);
    if (group.nextMs > untilMs) return;
    const { slots } = slotsBetween(group.timing, group.nextMs - 1, untilMs, OWED_LIMIT);
    for (const slot of slots)
      if (owes(member, slot, this.watermark))
        this.owed.push({ member, timing: group.timing, slot, untilMs });
  }

  #enter(timing: Timing, member: Member): void {
    const key = keyOf(timing);
    let group = this.#groups.get(key);
    if (group === undefined || member.sinceMs < group.fromMs) {
      // A rank may not fall inside the heap, so a new group takes the place of one that looks too late.
      const { sinceMs: fromMs } = member;
      const before = group;
      group = new Group(timing, fromMs, nextMsOf(timing, fromMs));
      if (before) {
        for (const { schedule } of before.byKey()) this.#groupOf.set(schedule.id, group);
        group.takeFrom(before);
      }
      this.#groups.set(key, group);
      this.#heap.push(group);
    }
    group.add(member);
    this.#groupOf.set(member.schedule.id, group);
  }

  /** With the timing of the group where there is one: a thousand copies of it say nothing more. */
  #planned(schedule: t.Schedule): Planned {
    const timing = timingOf(schedule);
    return plannedOf(schedule, this.#groups.get(keyOf(timing))?.timing ?? timing);
  }

  #oneAccount(account: string): string {
    const known = this.#accounts.get(account);
    if (known === undefined) this.#accounts.set(account, account);
    return known ?? account;
  }
}

function without(schedules: readonly Planned[], id: string): Planned[] {
  return schedules.filter(({ schedule }) => schedule.id !== id);
}

/** Infinity is an instant, too: that of what never rings. */
function compareInstants(one: number, other: number): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}

/** The slot is the member's own, and not decided yet. */
export function owes(member: Member, slot: Slot, watermark: Watermark): boolean {
  return (
    slot.dueAtMs > member.sinceMs &&
    slot.dueAtMs <= member.untilMs &&
    isAfter(slot.dueAtMs, member.key, watermark)
  );
}

/** Nothing at or before this instant is open. */
function floorOf({ dueAtMs, key }: Watermark): number {
  return key === '' ? dueAtMs : dueAtMs - 1;
}

function nextMsOf(timing: Timing, fromMs: number): number {
  return nextSlot(timing, fromMs)?.dueAtMs ?? Number.POSITIVE_INFINITY;
}

export function isAfter(dueAtMs: number, key: string, mark: Watermark): boolean {
  if (dueAtMs !== mark.dueAtMs) return dueAtMs > mark.dueAtMs;
  return mark.key !== '' && key > mark.key;
}

/** Equal for timings that ring alike. */
function keyOf(timing: Timing): string {
  return Object.values(timing).join('\n');
}
