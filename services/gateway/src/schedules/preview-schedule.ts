import {
  type CronForm,
  describeTiming,
  formatForm,
  type Lint,
  lintTiming,
  offsetAt,
  type Preset,
  parseForm,
  presets,
  type Timing,
} from '#libs/cron';
import { faultsOf } from '../problems/faults-of.js';
import { sentence } from '../problems/plain-text.js';
import { type Fault } from '../problems/problem.js';
import { type PreviewBody, type PreviewChangeBody } from '../shapes/preview-input.js';
import { scheduleShape } from '../shapes/schedule-input.js';
import { checkSchedule } from './check-schedule.js';
import { type JudgedSlot, planAround, type Surroundings } from './judge-slots.js';
import { aheadOf, newId, slotsAhead } from './next-starts.js';
import { completeSchedule, type DefinedSchedule } from './schedule-definition.js';
import { offsetText, timingOf } from './schedule-times.js';

/** What a schedule would do, before anybody saves it: pure, given what stands around it. */

export interface PreviewProblem {
  readonly field: string;
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
  readonly position?: number;
}

export interface PreviewRun {
  /** Nominal. */
  readonly at: Date;
  readonly local: string;
  readonly offset: string;
  readonly verdict: JudgedSlot['verdict'];
  /** Why it does not run as it stands; null when it does. */
  readonly cause: string | null;
  /** When it starts; null when it does not, or nobody knows when. */
  readonly startsAt: Date | null;
  /** What stands in the way, holds or moves it. */
  readonly by: string | null;
}

export interface Preview {
  readonly valid: boolean;
  readonly problems: PreviewProblem[];
  readonly description: string;
  /** The expression, also when the choices were given. */
  readonly cron: string | null;
  /** The choices behind the expression; null when they can't say it. */
  readonly form: CronForm | null;
  readonly nextRuns: PreviewRun[];
  readonly lints: { code: string; message: string }[];
  readonly presets: readonly Preset[];
}

export interface ReadSchedule {
  readonly schedule?: DefinedSchedule;
  readonly faults: readonly Fault[];
}

/** As far as it can be read, with everything that is wrong with it. Calendars are not its business. */
export function readSchedule({ calendars: _, ...given }: PreviewChangeBody): ReadSchedule {
  const whole = scheduleShape.safeParse(given, { reportInput: true });
  if (whole.success) {
    const schedule = completeSchedule(whole.data);
    return { schedule, faults: checkSchedule(schedule, '') };
  }
  const faults = faultsOf(whole.error);
  // What is left without the fields at fault may be wrong, too; that shall not come out one by one.
  const faulty = new Set(faults.map(({ path }) => path.split('/')[1]));
  const rest = Object.entries(given).filter(([key]) => !faulty.has(key));
  const partial = scheduleShape.safeParse(Object.fromEntries(rest));
  if (!partial.success) return { faults };
  return { faults: [...faults, ...checkSchedule(completeSchedule(partial.data), '')] };
}

export function previewSchedule(
  { form, count, ...body }: PreviewBody,
  around: Surroundings & { readonly faults?: readonly Fault[] },
  nowMs: number,
): Preview {
  const cron = form === undefined ? body.cron : formatForm(form as CronForm);
  const { schedule, faults } = readSchedule(cron === undefined ? body : { ...body, cron });
  const shared = { cron: cron ?? null, form: formOf(cron), presets };
  const problems = [...faults, ...(around.faults ?? [])].map(problemOf);
  const timing = schedule && timingOf(schedule);
  if (problems.length > 0 || schedule === undefined || timing === undefined)
    return { ...shared, valid: false, problems, description: '', nextRuns: [], lints: [] };
  const used: DefinedSchedule = { ...schedule, calendars: usesOf(body.calendars) };
  const asIfOn = { ...used, enabled: true };
  const ahead = aheadOf({ schedules: [asIfOn], paused: false }, planAround(around), nowMs);
  const judged = slotsAhead(ahead, used.id ?? newId(0), nowMs, count);
  const names = namesOf(around);
  return {
    ...shared,
    valid: true,
    problems: [],
    description: describeTiming(timing),
    nextRuns: judged.map((slot) => runOf(slot, timing.zone, names)),
    lints: lintsOf(used, timing, judged, nowMs),
  };
}

/** Inline calendars stand under made-up ids: `inline-0`. */
export function usesOf(given: PreviewChangeBody['calendars']): DefinedSchedule['calendars'] {
  return (given ?? []).map(({ calendarId, role, action }, place) => ({
    calendarId: calendarId ?? inlineId(place),
    role: role === 'include' ? role : 'exclude',
    action: action === 'at_end' || action === 'next_day' ? action : 'skip',
  }));
}

export function inlineId(place: number): string {
  return `inline-${place}`;
}

function formOf(cron: string | undefined): CronForm | null {
  const form = cron === undefined ? 'advanced' : parseForm(cron);
  return form === 'advanced' ? null : form;
}

function problemOf({ path, code, message, remedy = '', position }: Fault): PreviewProblem {
  const place = position === undefined ? {} : { position };
  return { field: path.slice(1), code, message, remedy, ...place };
}

export function namesOf({ calendars, maintenances }: Surroundings): ReadonlyMap<string, string> {
  return new Map([
    ...calendars.map(({ id, name }): [string, string] => [id, name]),
    ...maintenances.map(({ id, reason }): [string, string] => [id, reason || 'maintenance']),
  ]);
}

export function runOf(
  slot: JudgedSlot,
  zone: string,
  names: ReadonlyMap<string, string>,
): PreviewRun {
  const by = slot.maintenanceId ?? slot.calendarId ?? slot.mergedInto;
  return {
    at: new Date(slot.dueAtMs),
    local: slot.local,
    offset: offsetText(offsetAt(zone, slot.dueAtMs)),
    verdict: slot.verdict,
    cause: slot.cause || null,
    startsAt: slot.startsAtMs === undefined ? null : new Date(slot.startsAtMs),
    by: by === undefined ? null : (names.get(by) ?? by),
  };
}

const FEW = 3;

function lintsOf(
  schedule: DefinedSchedule,
  timing: Timing,
  judged: readonly JudgedSlot[],
  nowMs: number,
): { code: string; message: string }[] {
  const untilMs = schedule.until === undefined ? undefined : Date.parse(schedule.until);
  const bounds = untilMs === undefined ? {} : { untilMs, atLeast: FEW };
  const lints: Pick<Lint, 'code' | 'message' | 'remedy'>[] = lintTiming(timing, nowMs, bounds);
  if (judged.length > 0 && judged.every(({ verdict }) => verdict === 'skipped'))
    lints.push({
      code: 'all-skipped',
      message: `none of the next ${judged.length} times is allowed`,
      remedy: 'look at the calendars and maintenances',
    });
  if (schedule.id === undefined && (schedule.spreadSeconds || schedule.jitterSeconds))
    lints.push({
      code: 'spread-open',
      message: 'starts are spread, and where exactly is known once the schedule is saved',
    });
  return lints.map(({ code, message, remedy }) => ({
    code,
    message: [message, remedy]
      .filter((text) => text !== undefined && text !== '')
      .map((text) => sentence(text ?? ''))
      .join(' '),
  }));
}
