/**
 * The slots that the definitions ask for. A version of a schedule owns the instants after it took
 * effect, up to and including the instant at which the next one did. It takes effect when it was
 * made, or, when the ticker had already decided further by then, from there on: the watermark of
 * the first tick that knew it.
 */
import { decodeCommit, parseDefinitionSubject, shardOf, task as t } from '#libs/contracts';
import { type Slot, slotsBetween, type Timing } from '#libs/cron';
import { timingOf } from '#libs/domain';
import type { StoredCommit } from '#libs/event-log';
import { compareMarks, keyOf, type Mark, type Tick } from './read-ticks.js';

const SLOTS_AT_ONCE = 1_000;

/** One version of one schedule, with the span that it owns. */
export interface Version {
  readonly account: string;
  readonly taskId: string;
  readonly schedule: t.Schedule;
  readonly timing: Timing;
  readonly paused: boolean;
  /** When it was made: from here on its runs are counted. */
  readonly madeAtMs: number;
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
        const now = versionNow(tasks.get(at.id), at, scheduleId, {
          madeAtMs: commit.occurredAtMs,
          since: mark,
        });
        if (now !== undefined) open.set(scheduleId, now);
      }
    }
  }
  return [...ended, ...open.values()];
}

/** The slots of a version, up to an instant. */
export function* slotsOf(version: Version, untilMs: number): Iterable<ExpectedSlot> {
  const { taskId, schedule, since, until, timing } = version;
  const key = keyOf(taskId, schedule.id);
  const toMs = Math.min(untilMs, until?.dueAtMs ?? untilMs, schedule.untilMs || untilMs);
  // The runs are counted from the definition on, also those that an earlier version owns.
  let runsLeft = schedule.maxRuns || Number.POSITIVE_INFINITY;
  let fromMs = Math.max(
    schedule.fromMs - 1,
    schedule.maxRuns > 0 ? version.madeAtMs : since.dueAtMs - 1,
  );
  for (let more = true; more; ) {
    const { slots, truncated } = slotsBetween(timing, fromMs, toMs, SLOTS_AT_ONCE);
    for (const slot of slots) {
      if (runsLeft-- <= 0) return;
      const mark = { dueAtMs: slot.dueAtMs, key };
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
  const made: Mark = { dueAtMs: madeAtMs, key: '' };
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
  when: Pick<Version, 'madeAtMs' | 'since'>,
): Version | undefined {
  const schedule = known?.schedules.get(scheduleId);
  if (known === undefined || schedule === undefined || !schedule.enabled) return undefined;
  return {
    account: at.account,
    taskId: at.id,
    schedule,
    timing: timingOf(schedule),
    paused: known.paused,
    ...when,
    until: undefined,
  };
}
