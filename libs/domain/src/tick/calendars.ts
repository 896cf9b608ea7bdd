/** What the calendars of a schedule make of a slot: it may run, it may not, or it runs later. */
import { task as t } from '#libs/contracts';
import { instantsOfLocal, localTimeAt, nextSlot, type Slot, type Timing } from '#libs/cron';
import { contains, nextDay, nextEdge } from '../calendar/days.js';
import type { Calendars, CalendarVersion } from '../calendar/versions.js';

/** How far a slot may be moved: a calendar that allows nothing answers "never" within it. */
const HORIZON_DAYS = 400;
/** Edges looked at in that time; a calendar with more of them in a row answers "never", too. */
const EDGES_MAX = 10_000;

export type CalendarVerdict =
  | { readonly kind: 'allowed' }
  | { readonly kind: 'blocked'; readonly by: CalendarVersion }
  | { readonly kind: 'moved'; readonly by: CalendarVersion; readonly toMs: number };

interface Rule {
  readonly calendar: CalendarVersion;
  readonly role: t.CalendarRole;
  readonly action: t.CalendarAction;
}

const ALLOWED: CalendarVerdict = { kind: 'allowed' };

export function judgeByCalendars(
  calendars: Calendars,
  account: string,
  uses: readonly t.CalendarUse[],
  timing: Timing,
  slot: Slot,
): CalendarVerdict {
  if (uses.length === 0) return ALLOWED;
  const rules = uses.flatMap(({ calendarId, role, action }): Rule[] => {
    const calendar = calendars.at(account, calendarId, slot.dueAtMs);
    return calendar === undefined ? [] : [{ calendar, role, action }];
  });
  const broken = brokenRule(rules, timing.zone, slot.dueAtMs);
  if (broken === undefined) return ALLOWED;
  const by = broken.calendar;
  const toMs = movedTo(rules, broken, timing, slot);
  // A later slot of the schedule that is due by then stands for this one: it runs once.
  if (toMs === undefined || laterSlotBy(timing, slot, toMs)) return { kind: 'blocked', by };
  return { kind: 'moved', by, toMs };
}

/** The first rule that does not allow an instant. Of several calendars to include, one is enough. */
function brokenRule(rules: readonly Rule[], zone: string, ms: number): Rule | undefined {
  const has = ({ calendar }: Rule) =>
    contains(calendar.days, localTimeAt(calendar.days.zone || zone, ms).local);
  const excluding = rules.find((rule) => rule.role === t.CalendarRole.EXCLUDE && has(rule));
  if (excluding) return excluding;
  const including = rules.filter(({ role }) => role === t.CalendarRole.INCLUDE);
  return including.length === 0 || including.some(has) ? undefined : including[0];
}

function movedTo(
  rules: readonly Rule[],
  { action }: Rule,
  timing: Timing,
  slot: Slot,
): number | undefined {
  switch (action) {
    case t.CalendarAction.AT_END:
      return endOfBlock(rules, timing.zone, slot.dueAtMs);
    case t.CalendarAction.NEXT_DAY:
      return nextAllowedDay(rules, timing.zone, slot.local);
    default:
      return undefined;
  }
}

/** The first instant after the slot that every rule allows. */
function endOfBlock(rules: readonly Rule[], zone: string, dueAtMs: number): number | undefined {
  const endMs = dueAtMs + HORIZON_DAYS * 86_400_000;
  let atMs = dueAtMs;
  for (let looks = 0; looks < EDGES_MAX && atMs <= endMs; looks++) {
    if (brokenRule(rules, zone, atMs) === undefined) return atMs;
    const edges = rules.map(({ calendar: { days } }) => {
      const clock = days.zone || zone;
      return instantOf(clock, nextEdge(days, localTimeAt(clock, atMs).local), atMs);
    });
    atMs = Math.min(...edges);
  }
  return undefined;
}

/** An edge in a DST gap is passed at the gap's end. */
function instantOf(zone: string, local: string, afterMs: number): number {
  const later = (instantsOfLocal(zone, local) ?? []).find((ms) => ms > afterMs);
  if (later !== undefined) return later;
  const hourLater = new Date(Date.parse(`${local}Z`) + 3_600_000).toISOString().slice(0, 19);
  return (instantsOfLocal(zone, hourLater) ?? []).find((ms) => ms > afterMs) ?? afterMs + 3_600_000;
}

function nextAllowedDay(rules: readonly Rule[], zone: string, local: string): number | undefined {
  let day = local;
  for (let looks = 0; looks < HORIZON_DAYS; looks++) {
    day = nextDay(day);
    const [ms] = instantsOfLocal(zone, day) ?? [];
    if (ms !== undefined && brokenRule(rules, zone, ms) === undefined) return ms;
  }
  return undefined;
}

function laterSlotBy(timing: Timing, slot: Slot, toMs: number): boolean {
  const later = nextSlot(timing, slot.dueAtMs);
  return later !== undefined && later.dueAtMs <= toMs;
}
