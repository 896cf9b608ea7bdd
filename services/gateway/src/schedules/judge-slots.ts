import { calendar as c, create, maintenance as m, SYSTEM_ACCOUNT, tick } from '#libs/contracts';
import { type Slot, type Timing } from '#libs/cron';
import { type Foretold, judge, memberOf, plannedOf, TickPlan } from '#libs/domain';
import { type CalendarDays } from '#libs/read-model';
import { type CalendarRow, type CalendarVersionRow } from '../queries/calendars.js';
import { type MaintenanceRow } from '../queries/maintenance.js';
import { type verdicts } from '../shapes/words.js';
import { type DefinedSchedule, loggedSchedule } from './schedule-definition.js';

/**
 * What will become of a slot ahead, by the very rules of the ticker: the calendars and maintenances
 * that are known now stand in a plan of their own, and each slot is judged at its instant.
 */

export interface JudgedSlot extends Slot {
  /** `held`: it fires, and a maintenance holds its run. */
  readonly verdict: (typeof verdicts)[number];
  /** Why it does not run as it stands; empty when it does. */
  readonly cause: string;
  /** When it is meant to start: spread, jitter and calendars considered. */
  readonly effectiveAtMs: number;
  /** When it starts, as far as that is settled. */
  readonly startsAtMs?: number;
  /** What moved it, holds it, or stands in its way. */
  readonly calendarId?: string;
  readonly maintenanceId?: string;
  /** The schedule of the same task that runs in its place. */
  readonly mergedInto?: string;
}

export interface Surroundings {
  readonly calendars: readonly Pick<CalendarRow, 'id' | 'name' | 'version' | 'days'>[];
  readonly maintenances: readonly MaintenanceRow[];
}

/** The plan knows one account and one task; their names show nowhere. */
const HERE = 'here';

export function planAround({ calendars, maintenances }: Surroundings): TickPlan {
  const plan = new TickPlan();
  for (const { id, name, version, days } of calendars)
    plan.apply(HERE, id, savedCalendar({ calendarId: id, name, version, days }), 0);
  for (const one of maintenances) {
    const owner = one.account === SYSTEM_ACCOUNT ? SYSTEM_ACCOUNT : HERE;
    plan.apply(owner, one.id, plannedMaintenance(one), 0);
  }
  return plan;
}

/** As it was: each version of a calendar from when it was saved on. */
export function planOf({ calendars, calendarVersions, maintenances }: SurroundingsThen): TickPlan {
  const plan = planAround({ calendars: [], maintenances });
  for (const { calendar_id, saved_at, ...saved } of calendarVersions) {
    const event = savedCalendar({ ...saved, calendarId: calendar_id });
    plan.apply(HERE, calendar_id, event, saved_at.getTime());
  }
  for (const { id, deleted, updated_at } of calendars)
    if (deleted) plan.apply(HERE, id, create(c.CalendarDeletedSchema), updated_at.getTime());
  return plan;
}

export interface SurroundingsThen {
  readonly calendars: readonly Pick<CalendarRow, 'id' | 'deleted' | 'updated_at'>[];
  /** The oldest first. */
  readonly calendarVersions: readonly CalendarVersionRow[];
  readonly maintenances: readonly MaintenanceRow[];
}

export interface StandsIn {
  /** Stands for the id that a new schedule does not have yet. */
  readonly scheduleId?: string;
  readonly paused?: boolean;
  /** Since when its definition is in force. */
  readonly sinceMs?: number;
}

/** A schedule as the ticker's plan has it. */
export function plannedHere(
  schedule: DefinedSchedule,
  timing: Timing,
  { scheduleId = HERE, paused = false, sinceMs = 0 }: StandsIn,
) {
  const id = schedule.id ?? scheduleId;
  const logged = Object.assign(loggedSchedule(schedule), { id });
  // Where a schedule will stand in its spread is known once it has an id.
  if (schedule.id === undefined) Object.assign(logged, { spreadMs: 0, jitterMs: 0 });
  const within = { account: HERE, taskId: HERE, paused, fromMs: sinceMs, atMs: sinceMs };
  return { member: memberOf(plannedOf(logged, timing), within), timing };
}

/** Slots one by one, whatever bounds they are in. */
export function judgeOf(
  schedule: DefinedSchedule,
  timing: Timing,
  around: Surroundings,
): (slot: Slot) => JudgedSlot {
  const plan = planAround(around);
  const { from: _, until: __, maxRuns: ___, ...unbounded } = schedule;
  const { member } = plannedHere(unbounded, timing, {});
  return (slot) => {
    const at = slot.dueAtMs;
    const decided = judge({ plan, member, timing, slot, untilMs: at, horizonMs: at });
    const { outcome, effectiveAtMs } = decided;
    const start = outcome === FIRED ? { startsAtMs: effectiveAtMs } : {};
    return judged(slot, { slot: { ...NOTHING, ...decided }, ...start });
  };
}

const { FIRED } = tick.SlotOutcome;
const NOTHING = { calendarId: '', maintenanceId: '', mergedInto: '' };

type Decided = Pick<
  tick.Slot,
  'outcome' | 'cause' | 'effectiveAtMs' | 'calendarId' | 'maintenanceId' | 'mergedInto'
>;

const CAUSES: Readonly<Record<number, string>> = {
  [tick.SlotCause.TASK_PAUSED]: 'task_paused',
  [tick.SlotCause.MAINTENANCE]: 'maintenance',
  [tick.SlotCause.CALENDAR]: 'calendar',
  [tick.SlotCause.MOVED]: 'moved',
  [tick.SlotCause.MERGED]: 'merged',
};

/** What is foretold of a slot, in the words of the API. */
export function judged(
  slot: Slot,
  told: Omit<Foretold, 'slot'> & { readonly slot: Decided },
): JudgedSlot {
  const { outcome, cause, effectiveAtMs, calendarId, mergedInto } = told.slot;
  const maintenanceId = told.heldBy ?? told.slot.maintenanceId;
  return {
    ...slot,
    verdict: verdictOf(told),
    cause: told.heldBy === undefined || outcome !== FIRED ? (CAUSES[cause] ?? '') : 'maintenance',
    effectiveAtMs,
    ...(told.startsAtMs === undefined ? {} : { startsAtMs: told.startsAtMs }),
    ...(calendarId === '' ? {} : { calendarId }),
    ...(maintenanceId === '' ? {} : { maintenanceId }),
    ...(mergedInto === '' ? {} : { mergedInto }),
  };
}

function verdictOf({
  slot,
  heldBy,
}: Pick<Foretold, 'heldBy'> & { readonly slot: Decided }): JudgedSlot['verdict'] {
  if (slot.outcome !== FIRED) return 'skipped';
  if (heldBy !== undefined) return 'held';
  return slot.calendarId === '' ? 'runs' : 'moved';
}

interface Saved {
  readonly calendarId: string;
  readonly name: string;
  readonly version: number;
  readonly days: CalendarDays;
}

function savedCalendar({ calendarId, name, version, days }: Saved): c.CalendarSaved {
  const saved = { calendarId, name, version };
  return create(c.CalendarSavedSchema, { ...saved, days: loggedOnce(days) });
}

/** A calendar of thousands of days is made once for all the schedules of a request. */
const logged = new WeakMap<CalendarDays, c.Days>();

function loggedOnce(days: CalendarDays): c.Days {
  const known = logged.get(days) ?? loggedDays(days);
  logged.set(days, known);
  return known;
}

/** In the words of the log. */
export function loggedDays({ zone = '', dates, hours, times }: CalendarDays): c.Days {
  return create(c.DaysSchema, {
    zone,
    dates: dates.map((one) => create(c.DateRangeSchema, one)),
    hours: hours.map((one) => create(c.WeeklyHoursSchema, one)),
    times: times.map((one) => create(c.TimeRangeSchema, one)),
  });
}

export const AFTERMATHS: Readonly<Record<string, m.Aftermath>> = {
  skip: m.Aftermath.SKIP,
  latest: m.Aftermath.LATEST,
  all: m.Aftermath.ALL,
};

/** With the end that it really has: an ended one no longer holds. */
function plannedMaintenance(row: MaintenanceRow): m.MaintenancePlanned {
  const until = row.ended_at ?? row.until_at;
  return create(m.MaintenancePlannedSchema, {
    maintenanceId: row.id,
    fromMs: row.from_at.getTime(),
    untilMs: until?.getTime() ?? 0,
    aftermath: AFTERMATHS[row.aftermath] ?? m.Aftermath.LATEST,
  });
}
