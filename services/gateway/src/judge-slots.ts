import { calendar as c, create, maintenance as m, SYSTEM_ACCOUNT, tick } from '#libs/contracts';
import { type Slot, type Timing } from '#libs/cron';
import { judge, type Member, TickPlan } from '#libs/domain';
import { type CalendarDays } from '#libs/read-model';
import { type CalendarRow } from './queries/calendars.js';
import { type MaintenanceRow } from './queries/maintenance.js';
import { type DefinedSchedule, loggedSchedule } from './schedule-definition.js';

/**
 * What will become of a slot ahead, by the very rules of the ticker: the calendars and maintenances
 * that are known now stand in a plan of their own, and each slot is judged at its instant.
 */

export interface JudgedSlot extends Slot {
  readonly verdict: 'runs' | 'moved' | 'skipped';
  /** When it starts: spread, jitter and calendars considered. */
  readonly effectiveAtMs: number;
  /** What moved it, or stands in its way. */
  readonly calendarId?: string;
  readonly maintenanceId?: string;
}

export interface Surroundings {
  readonly calendars: readonly Pick<CalendarRow, 'id' | 'name' | 'version' | 'days'>[];
  readonly maintenances: readonly MaintenanceRow[];
}

/** The plan knows one account and one task; their names show nowhere. */
const HERE = 'here';

export function judgeOf(
  schedule: DefinedSchedule,
  timing: Timing,
  { calendars, maintenances }: Surroundings,
): (slot: Slot) => JudgedSlot {
  const plan = new TickPlan();
  for (const { id, name, version, days } of calendars)
    plan.apply(HERE, id, savedCalendar({ calendarId: id, name, version, days }), 0);
  for (const one of maintenances) {
    const owner = one.account === SYSTEM_ACCOUNT ? SYSTEM_ACCOUNT : HERE;
    plan.apply(owner, one.id, plannedMaintenance(one), 0);
  }
  const logged = loggedSchedule(schedule);
  // Where a schedule will stand in its spread is known once it has an id.
  if (schedule.id === undefined) Object.assign(logged, { spreadMs: 0, jitterMs: 0 });
  const member: Member = {
    account: HERE,
    taskId: HERE,
    schedule: logged,
    key: HERE,
    paused: false,
    sinceMs: 0,
    untilMs: Number.POSITIVE_INFINITY,
  };
  return (slot) => {
    const at = slot.dueAtMs;
    const verdict = judge({ plan, member, timing, slot, untilMs: at, horizonMs: at });
    const { effectiveAtMs, calendarId, maintenanceId } = verdict;
    const by = {
      ...(calendarId === undefined ? {} : { calendarId }),
      ...(maintenanceId === undefined ? {} : { maintenanceId }),
    };
    if (verdict.outcome !== tick.SlotOutcome.FIRED)
      return { ...slot, ...by, effectiveAtMs, verdict: 'skipped' };
    return { ...slot, ...by, effectiveAtMs, verdict: calendarId === undefined ? 'runs' : 'moved' };
  };
}

interface Saved {
  readonly calendarId: string;
  readonly name: string;
  readonly version: number;
  readonly days: CalendarDays;
}

function savedCalendar({ days, ...saved }: Saved): c.CalendarSaved {
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
