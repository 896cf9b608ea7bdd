import { create, dispatch as d } from '#libs/contracts';
import { type Slot } from '#libs/cron';
import { type By, dispatchFor } from '../commands/carry-out.js';
import { changeOngoing } from '../commands/ongoing.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type Caller } from '../identity.js';
import { invalid, RequestProblem } from '../problems/problem.js';
import {
  known as found,
  unknownBackfill,
  unknownSchedule,
  unknownTask,
} from '../problems/unknown.js';
import { type BackfillRow, findBackfill, runsOfSlots } from '../queries/backfills.js';
import { calendarsThen } from '../queries/calendars.js';
import { maintenancesWithin } from '../queries/maintenance.js';
import { versionsOfSchedule } from '../queries/schedule-versions.js';
import { type Db, findTask, type ScheduleRow, schedulesOfTasks } from '../queries/tasks.js';
import { timingOf } from '../schedules/schedule-times.js';
import { type BackfillInput } from '../shapes/backfill-input.js';
import { knownSchedule } from '../tasks/task-of-rows.js';
import { type BackfillPlan, planBackfill, slotsInRange } from './plan-backfill.js';
import { whyNotScheduled } from './scheduled-slots.js';

/** Past slots of a schedule, run again or for the first time: looked at, started, held and ended. */

export interface BackfillTold extends Pick<BackfillPlan, 'leftOut'> {
  /** Null after a dry run. */
  readonly backfillId: string | null;
  readonly position: number;
  readonly count: number;
  /** In the order in which they run. */
  readonly first: Slot | undefined;
  readonly last: Slot | undefined;
}

export async function startBackfill(
  parts: GatewayParts,
  by: By,
  { taskId, ...asked }: BackfillInput & { taskId: string },
): Promise<BackfillTold> {
  const { revision, zone, inRange, plan } = await planOf(parts, by.caller, taskId, asked);
  const { slots, leftOut } = plan;
  const told = { leftOut, count: slots.length, first: slots[0], last: slots.at(-1) };
  if (asked.dryRun) return { ...told, backfillId: null, position: 0 };
  // Under a key it may have been started before, and have left nothing to run.
  if (slots.length === 0 && by.idempotencyKey === undefined) throw nothingToRun();
  const value = create(d.StartBackfillSchema, {
    taskId,
    scheduleId: asked.scheduleId,
    slots: slots.map(({ local, pass, dueAtMs }) => ({
      scheduleRevision: revision,
      local,
      pass,
      zone,
      dueAtMs,
    })),
    concurrency: asked.concurrency ?? 1,
    note: asked.note ?? '',
    chosenBy: chosenBy(asked),
  });
  const { executionId: backfillId, position } = await started(
    dispatchFor(parts, by, { case: 'startBackfill', value }),
    slots.length,
  );
  const before =
    by.idempotencyKey === undefined
      ? undefined
      : await findBackfill(parts.db, by.caller.account, backfillId);
  return { ...told, ...(before && asStarted(before, inRange, asked)), backfillId, position };
}

/** What stands for the slots when the same is asked again. */
function chosenBy({ from, to, order, reprocess, onlyScheduled }: BackfillInput): string {
  return JSON.stringify([from, to, order ?? '', reprocess ?? '', onlyScheduled ?? true]);
}

/** The owner knows the key, or refuses to run nothing. */
async function started<T>(work: Promise<T>, count: number): Promise<T> {
  try {
    return await work;
  } catch (error) {
    const isEmpty = error instanceof RequestProblem && error.code === 'slots-invalid';
    throw isEmpty && count === 0 ? nothingToRun() : error;
  }
}

function nothingToRun(): RequestProblem {
  const message = 'There is nothing to run in this range.';
  return new RequestProblem('rejected', message, { code: 'nothing-to-run' });
}

/** As it was answered when it was started: by now less of the range may be left to run. */
function asStarted(
  { slots, first_due_at, last_due_at }: BackfillRow,
  inRange: readonly Slot[],
  { order }: BackfillInput,
): Pick<BackfillTold, 'count' | 'first' | 'last'> {
  const at = (due: Date | null) => inRange.find(({ dueAtMs }) => dueAtMs === due?.getTime());
  const [soonest, latest] = [at(first_due_at), at(last_due_at)];
  return order === 'backward'
    ? { count: slots, first: latest, last: soonest }
    : { count: slots, first: soonest, last: latest };
}

async function planOf(
  { db, clock }: GatewayParts,
  { account }: Caller,
  taskId: string,
  asked: BackfillInput,
): Promise<{
  revision: number;
  zone: string;
  inRange: readonly Slot[];
  plan: BackfillPlan;
}> {
  const { scheduleId } = asked;
  found(await findTask(db, account, taskId), unknownTask, taskId);
  const rows = await schedulesOfTasks(db, account, [taskId]);
  const row = rows.find(({ id }) => id === scheduleId);
  const timing = row && timingOf(knownSchedule(row));
  if (row === undefined || timing === undefined) throw unknownSchedule(scheduleId);
  const range = slotsInRange(timing, asked, clock.now());
  if ('fault' in range) throw invalid([range.fault]);
  const from = new Date(asked.from);
  const to = new Date(asked.to);
  const runs = await runsOfSlots(db, account, { taskId, scheduleId, from, to });
  const known = runs.map(({ nominal_at, status }) => ({ dueAtMs: nominal_at.getTime(), status }));
  const whyNot =
    asked.onlyScheduled === false ? undefined : await whyNotOf(db, account, row, asked);
  const plan = planBackfill(range.slots, known, asked, whyNot);
  if ('fault' in plan) throw invalid([plan.fault]);
  return { revision: row.revision, zone: timing.zone, inRange: range.slots, plan };
}

async function whyNotOf(
  db: Db,
  account: string,
  row: ScheduleRow,
  { from, to }: Pick<BackfillInput, 'from' | 'to'>,
) {
  const schedule = knownSchedule(row);
  const ids = schedule.calendars.map(({ calendarId }) => calendarId);
  const range = { from: new Date(from), to: new Date(to) };
  const [versions, then, maintenances] = await Promise.all([
    versionsOfSchedule(db, account, { taskId: row.task_id, scheduleId: row.id }),
    calendarsThen(db, account, ids),
    maintenancesWithin(db, account, range),
  ]);
  const timing = timingOf(schedule);
  return timing && whyNotScheduled(schedule, timing, { versions, ...then, maintenances });
}

export type BackfillVerb = 'pause' | 'resume' | 'cancel';

const CHANGES: Record<BackfillVerb, d.BackfillChange> = {
  pause: d.BackfillChange.PAUSE,
  resume: d.BackfillChange.RESUME,
  cancel: d.BackfillChange.CANCEL,
};

/** The backfill as it is then. */
export function changeBackfill(
  parts: GatewayParts,
  by: By,
  backfillId: string,
  verb: BackfillVerb,
): Promise<{ row: BackfillRow; position: number }> {
  const value = create(d.ChangeBackfillSchema, { backfillId, change: CHANGES[verb] });
  const kind = { noun: 'backfill', unknown: unknownBackfill, find: findBackfill } as const;
  return changeOngoing(parts, by, kind, backfillId, { case: 'changeBackfill', value });
}

export interface Progress {
  readonly requested: number;
  readonly open: number;
  readonly succeeded: number;
  readonly failed: number;
  readonly cancelled: number;
  /** Not begun yet; none once it was cancelled. */
  readonly remaining: number;
}

export function progressOf(row: BackfillRow): Progress {
  const { slots, requested, succeeded, failed, cancelled, status } = row;
  return {
    requested,
    open: Math.max(0, requested - succeeded - failed - cancelled),
    succeeded,
    failed,
    cancelled,
    remaining: status === 'cancelled' ? 0 : Math.max(0, slots - requested),
  };
}
