import { CHANGE_LISTED_MAX, CHANGE_OUTLOOK_DAYS, CHANGE_SLOTS_MAX } from '../limits.js';
import { type JudgedSlot, judgeOf, type Surroundings } from './judge-slots.js';
import { type PreviewRun, runOf } from './preview-schedule.js';
import { type DefinedSchedule } from './schedule-definition.js';
import { nextSlotsOf, type RingingSchedule, timingOf } from './schedule-times.js';

/** What an edit would change in the time ahead: starts that it adds, takes away and leaves. */
export interface ChangePreview {
  /** Both are compared up to here; sooner than the outlook when one of them rings very often. */
  readonly comparedUntil: Date;
  readonly addedCount: number;
  readonly removedCount: number;
  readonly unchangedCount: number;
  /** The first ones. */
  readonly added: PreviewRun[];
  readonly removed: PreviewRun[];
}

type Side = DefinedSchedule & RingingSchedule;
const DAY_MS = 86_400_000;

export function previewChange(
  sides: { before: Side; after: Side },
  around: Surroundings,
  nowMs: number,
): ChangePreview {
  const endMs = nowMs + CHANGE_OUTLOOK_DAYS * DAY_MS;
  const before = startsOf(sides.before, around, nowMs, endMs);
  const after = startsOf(sides.after, around, nowMs, endMs);
  const untilMs = Math.min(before.seenToMs, after.seenToMs);
  const removed = onlyIn(before.starts, after.starts, untilMs);
  const added = onlyIn(after.starts, before.starts, untilMs);
  const inView = [...before.starts.keys()].filter((ms) => ms <= untilMs).length;
  const names = new Map(around.calendars.map(({ id, name }) => [id, name]));
  const told = (slots: readonly JudgedSlot[], zone: string) =>
    slots.slice(0, CHANGE_LISTED_MAX).map((slot) => runOf(slot, zone, names));
  return {
    comparedUntil: new Date(untilMs),
    addedCount: added.length,
    removedCount: removed.length,
    unchangedCount: inView - removed.length,
    added: told(added, sides.after.zone),
    removed: told(removed, sides.before.zone),
  };
}

/** By the instant that counts: nominal, or where a calendar moves it. Spread and jitter do not. */
function startsOf(schedule: Side, around: Surroundings, nowMs: number, endMs: number) {
  const timing = timingOf(schedule);
  const slots = nextSlotsOf(schedule, nowMs, CHANGE_SLOTS_MAX);
  const starts = new Map<number, JudgedSlot>();
  const last = slots.length === CHANGE_SLOTS_MAX ? slots.at(-1)?.dueAtMs : undefined;
  if (timing === undefined) return { starts, seenToMs: endMs };
  const verdictOf = judgeOf(schedule, timing, around);
  for (const slot of slots) {
    if (slot.dueAtMs > endMs) break;
    const judged = verdictOf(slot);
    if (judged.verdict === 'skipped') continue;
    starts.set(judged.verdict === 'moved' ? judged.effectiveAtMs : slot.dueAtMs, judged);
  }
  return { starts, seenToMs: Math.min(endMs, last ?? endMs) };
}

function onlyIn(
  mine: ReadonlyMap<number, JudgedSlot>,
  others: ReadonlyMap<number, JudgedSlot>,
  untilMs: number,
): JudgedSlot[] {
  return [...mine].flatMap(([ms, slot]) => (ms <= untilMs && !others.has(ms) ? [slot] : []));
}
