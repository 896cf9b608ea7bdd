/**
 * The slots that the definitions ask for. A version of a schedule owns the instants after it took
 * effect, up to and including the instant at which the next one did. It takes effect when it was
 * made, or, when the ticker had already decided further by then, from there on: the watermark of
 * the first tick that knew it.
 */
import { decodeCommit, parseDefinitionSubject, shardOf, task as t } from '#libs/contracts';
import { type CronTiming, type DstPolicy, type Slot, slotsBetween } from '#libs/cron';
import type { StoredCommit } from '#libs/event-log';
import { compareMarks, type Mark, type Tick } from './read-ticks.js';

const SLOTS_AT_ONCE = 1_000;

/** One version of one schedule, with the span that it owns. */
export interface Version {
  readonly account: string;
  readonly taskId: string;
  readonly scheduleId: string;
  readonly revision: number;
  readonly timing: CronTiming;
  readonly paused: boolean;
  readonly since: Mark;
  /** Undefined: still in force. */
  readonly until: Mark | undefined;
}

export interface ExpectedSlot {
  readonly version: Version;
  readonly slot: Slot;
}

interface KnownTask {
  paused: boolean;
  readonly schedules: Map<string, t.Schedule>;
}

/** Every version that was ever in force in a shard. */
export function versionsOf(
  definitions: readonly StoredCommit[],
  ticks: readonly Tick[],
  where: { readonly shard: number; readonly shards: number },
): Version[] {
  const tasks = new Map<string, KnownTask>();
  const open = new Map<string, Version>();
  const ended: Version[] = [];
  for (const stored of definitions) {
    const at = parseDefinitionSubject(stored.subject);
    if (at?.kind !== 'task' || shardOf(at.account, where.shards) !== where.shard) continue;
    const { commit, events } = decodeCommit(stored.bytes);
    const mark = effectiveFrom(stored.seq, commit.occurredAtMs, ticks);
    for (const { event } of events) {
      const touched = take(tasks, at.id, event as { readonly $typeName: string });
      for (const scheduleId of touched) {
        const before = open.get(scheduleId);
        if (before !== undefined) ended.push({ ...before, until: mark });
        open.delete(scheduleId);
        const now = versionNow(tasks.get(at.id), at, scheduleId, mark);
        if (now !== undefined) open.set(scheduleId, now);
      }
    }
  }
  return [...ended, ...open.values()];
}

/** The slots of a version, up to an instant. */
export function* slotsOf(version: Version, untilMs: number): Iterable<ExpectedSlot> {
  const { scheduleId, since, until, timing } = version;
  const toMs = Math.min(untilMs, until?.dueAtMs ?? untilMs);
  let fromMs = since.scheduleId === '' ? since.dueAtMs : since.dueAtMs - 1;
  for (let more = true; more; ) {
    const { slots, truncated } = slotsBetween(timing, fromMs, toMs, SLOTS_AT_ONCE);
    for (const slot of slots) {
      const mark = { dueAtMs: slot.dueAtMs, scheduleId };
      const isOwn = compareMarks(mark, since) > 0 && (!until || compareMarks(mark, until) <= 0);
      if (isOwn) yield { version, slot };
    }
    fromMs = slots.at(-1)?.dueAtMs ?? toMs;
    more = truncated;
  }
}

function effectiveFrom(seq: number, madeAtMs: number, ticks: readonly Tick[]): Mark {
  const firstToKnow = ticks.find(({ definitionsSeq }) => definitionsSeq >= seq);
  const decided = firstToKnow?.from ?? ticks.at(-1)?.to;
  const made: Mark = { dueAtMs: madeAtMs, scheduleId: '' };
  return decided !== undefined && compareMarks(decided, made) > 0 ? decided : made;
}

/** Takes one event in; gives the schedules that it touched. */
function take(
  tasks: Map<string, KnownTask>,
  taskId: string,
  event: { readonly $typeName: string },
): readonly string[] {
  const one = event as t.TaskCreated | t.ScheduleAdded | t.ScheduleChanged | t.ScheduleRemoved;
  const known = tasks.get(taskId);
  switch (event.$typeName) {
    case 'task.v1.TaskCreated': {
      const { schedules, enabled } = one as t.TaskCreated;
      const byId = new Map(schedules.map((schedule) => [schedule.id, schedule]));
      tasks.set(taskId, { paused: !enabled, schedules: byId });
      return [...byId.keys()];
    }
    case 'task.v1.ScheduleAdded':
    case 'task.v1.ScheduleChanged': {
      const { schedule } = one as t.ScheduleAdded;
      if (schedule === undefined) return [];
      known?.schedules.set(schedule.id, schedule);
      return [schedule.id];
    }
    case 'task.v1.ScheduleRemoved': {
      const { scheduleId } = one as t.ScheduleRemoved;
      known?.schedules.delete(scheduleId);
      return [scheduleId];
    }
    case 'task.v1.TaskPaused':
    case 'task.v1.TaskResumed':
      if (known !== undefined) known.paused = event.$typeName === 'task.v1.TaskPaused';
      return [...(known?.schedules.keys() ?? [])];
    case 'task.v1.TaskDeleted':
      tasks.delete(taskId);
      return [...(known?.schedules.keys() ?? [])];
    default:
      return [];
  }
}

function versionNow(
  known: KnownTask | undefined,
  at: { readonly account: string; readonly id: string },
  scheduleId: string,
  since: Mark,
): Version | undefined {
  const schedule = known?.schedules.get(scheduleId);
  if (known === undefined || schedule === undefined || !schedule.enabled) return undefined;
  const { revision, cron: expression, zone } = schedule;
  return {
    account: at.account,
    taskId: at.id,
    scheduleId,
    revision,
    timing: { kind: 'cron', expression, zone, dst: POLICIES[schedule.dst] },
    paused: known.paused,
    since,
    until: undefined,
  };
}

const POLICIES: Readonly<Record<t.DstPolicy, DstPolicy>> = {
  [t.DstPolicy.UNSPECIFIED]: 'vixie',
  [t.DstPolicy.VIXIE]: 'vixie',
  [t.DstPolicy.SKIP]: 'skip',
  [t.DstPolicy.WALL]: 'wall',
};
