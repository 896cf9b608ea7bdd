import { localTimeAt } from '#libs/cron';
import { scopeOf } from '../identity.js';
import { type ExecutionRow } from '../queries/executions.js';
import { type MaintenanceRow } from '../queries/maintenance.js';
import { type ScheduleVersionRow } from '../queries/schedule-versions.js';
import { chainOf, type Link } from './slot-chain.js';
import { type SlotFacts } from './slot-facts.js';

/** Why a slot came out as it did: one sentence, and the events that led there. Pure. */
export interface Explanation {
  readonly sentence: string;
  /** In the order in which it happened. */
  readonly chain: readonly Link[];
}

export function explainSlot(facts: SlotFacts): Explanation {
  return { sentence: sentenceOf(facts), chain: chainOf(facts) };
}

function sentenceOf(facts: SlotFacts): string {
  const { slot } = facts;
  if (slot.outcome === 'fired') return fired(facts);
  const why = reasonOf(facts);
  return slot.outcome === 'missed' ? `Missed: ${why}.` : `Skipped: ${why}.`;
}

function fired(facts: SlotFacts): string {
  const { slot, execution } = facts;
  const run = execution === undefined ? '' : `; execution ${execution.id} ${became(execution)}`;
  const folded =
    slot.folded > 0 ? `; ${slot.folded} more of the same gap of the clock with it` : '';
  switch (slot.cause) {
    case 'catch_up':
      return `Caught up${lookedAt(facts) ?? lateness(facts)}: nobody looked at it in time${run}${folded}.`;
    case 'moved': {
      const to = when(slot.effective_at, slot.zone);
      return `Moved to ${to}: ${calendarReason(facts)}${run}${folded}.`;
    }
    default: {
      const late = lateness(facts, 'after its instant');
      const spread = slot.effective_at.getTime() - slot.due_at.getTime();
      const meant = spread > 0 ? `, which spread and jitter put ${span(spread)} on` : '';
      return `Fired${late}${late === '' ? '' : meant}${run}${folded}.`;
    }
  }
}

/** By the request of its execution: the ticker's decision and the dispatcher's together. */
function lateness({ slot, execution }: SlotFacts, of = 'late'): string {
  if (execution === undefined) return '';
  const ms = execution.requested_at.getTime() - slot.effective_at.getTime();
  return ` ${span(Math.max(0, ms))} ${of}`;
}

/** How late the ticker looked at it, where that is known. */
function lookedAt({ slot }: SlotFacts): string | undefined {
  if (slot.decided_at === null) return undefined;
  const ms = slot.decided_at.getTime() - slot.effective_at.getTime();
  return ` ${span(Math.max(0, ms))} late`;
}

/** Why a slot was missed at all. */
function unseen(facts: SlotFacts): string {
  const late = lookedAt(facts);
  return late === undefined ? 'nobody looked at it in time' : `it was looked at${late}`;
}

const BECAME: Readonly<Record<string, string>> = {
  queued: 'is waiting',
  running: 'is running',
  retrying: 'failed and will be tried again',
  waiting: 'waits, for a time, an event, or another run',
  success: 'succeeded',
  failed: 'failed',
  timeout: 'ran out of time',
  cancelled: 'was cancelled',
  skipped: 'was skipped',
};

function became({ status }: ExecutionRow): string {
  return BECAME[status] ?? status;
}

function reasonOf(facts: SlotFacts): string {
  const { slot, version } = facts;
  switch (slot.cause) {
    case 'calendar':
      return calendarReason(facts);
    case 'task_paused':
      return `the task was paused${pausedBy(facts)}`;
    case 'maintenance':
      return maintenanceReason(facts);
    case 'merged':
      return mergedReason(facts);
    case 'overlap':
      return `${theRun(facts)} was still open (overlap: ${overlapOf(facts)})`;
    case 'buffer_full':
      return `as many runs waited already as may wait (overlap: ${overlapOf(facts)})`;
    case 'superseded':
      return supersededReason(facts);
    case 'start_deadline':
      return 'it had not started by the start deadline of its task';
    case 'rate_limited':
      return 'a limit that skips what is beyond its rate had no room for it';
    case 'task_deleted':
      return 'the task was deleted before it could run';
    case 'target_missing':
      return 'the automation that the task runs did not exist';
    case 'later_slot':
      return laterReason(facts);
    case 'too_late':
      return `${unseen(facts)}, and then it was too late${tooLate(version)}`;
    case 'not_caught_up':
      return `${unseen(facts)}, and ${notCaughtUp(version)}`;
    default:
      return `for a cause that this version does not know (${slot.cause})`;
  }
}

function calendarReason({ slot, calendar, version }: SlotFacts): string {
  const use = version?.definition.calendars.find(
    ({ calendarId }) => calendarId === slot.calendar_id,
  );
  const does = use?.role === 'include' ? 'does not include it' : 'excludes it';
  if (calendar === undefined) return `a calendar ${does}`;
  const set = `set by ${calendar.author} on ${when(calendar.saved_at, slot.zone)}`;
  return `calendar *${calendar.name}* v${calendar.version} ${does}; ${set}`;
}

function pausedBy({ slot, pause }: SlotFacts): string {
  if (pause === undefined) return '';
  const { reason } = pause.summary;
  const why = typeof reason === 'string' && reason !== '' ? ` (${reason})` : '';
  return ` by ${pause.actor} on ${when(pause.occurred_at, slot.zone)}${why}`;
}

function maintenanceReason(facts: SlotFacts): string {
  return facts.maintenance === undefined
    ? 'it fell into a maintenance'
    : `it fell into ${nameOf(facts.maintenance, facts.slot.zone)}`;
}

function supersededReason({ slot, maintenance }: SlotFacts): string {
  const replaced = 'a later slot of the schedule took its place while it waited';
  if (slot.maintenance_id === null) return replaced;
  const held = maintenance === undefined ? 'a maintenance' : `${nameOf(maintenance, slot.zone)},`;
  return `${held} held it, and a later slot of the schedule took its place`;
}

function nameOf(maintenance: MaintenanceRow, zone: string): string {
  const { reason, from_at, author } = maintenance;
  const whole = scopeOf(maintenance) === 'system' ? ' of the whole system' : '';
  const named = reason === '' ? '' : ` *${reason}*`;
  return `the maintenance${whole}${named} from ${when(from_at, zone)}, planned by ${author}`;
}

function mergedReason({ slot, instead }: SlotFacts): string {
  const other = `schedule ${slot.merged_into ?? ''} of the same task rings at the same instant`;
  const run = instead?.execution;
  return run === undefined ? other : `${other}; execution ${run.id} ran for both`;
}

function theRun({ slot, blocking }: SlotFacts): string {
  if (blocking === undefined) return 'an earlier run';
  return `the run ${blocking.id} of ${when(blocking.nominal_at, slot.zone)}`;
}

function overlapOf({ version }: SlotFacts): string {
  return version?.definition.overlap.policy ?? 'skip';
}

function laterReason(facts: SlotFacts): string {
  const { slot, instead } = facts;
  const run = instead?.execution;
  const late =
    slot.decided_at === null && run ? run.requested_at.getTime() - slot.due_at.getTime() : -1;
  const back = late < 0 ? '' : `; the ticker came back ${span(late)} late`;
  const which = instead === undefined ? '' : ` (${when(instead.slot.due_at, slot.zone)})`;
  return `${unseen(facts)}${back}; a later slot${which} stood for it`;
}

function tooLate(version: ScheduleVersionRow | undefined): string {
  if (version === undefined) return '';
  const { startDeadlineSeconds, catchUp } = version.definition;
  const window = `the schedule catches up within ${span((catchUp.windowSeconds ?? 86_400) * 1_000)}`;
  return startDeadlineSeconds === undefined
    ? `: ${window}`
    : `: its start deadline is ${span(startDeadlineSeconds * 1_000)}`;
}

function notCaughtUp(version: ScheduleVersionRow | undefined): string {
  const { mode, limit } = version?.definition.catchUp ?? { mode: 'none' };
  if (mode !== 'all') return 'the schedule catches up nothing';
  return limit === undefined
    ? 'more were missed than the schedule catches up'
    : `the schedule catches up no more than the latest ${limit}`;
}

/** By the clock of a zone, which is named. */
export function when(at: Date, zone: string): string {
  const { local } = localTimeAt(zone, at.getTime());
  return `${local.slice(0, 16).replace('T', ' ')} (${zone})`;
}

const UNITS = [
  ['d', 86_400_000],
  ['h', 3_600_000],
  ['min', 60_000],
  ['s', 1_000],
] as const;

/** The two largest units: `3 h 10 min`. Less than a second is told in milliseconds. */
export function span(ms: number): string {
  if (ms < 1_000) return `${Math.round(ms)} ms`;
  const first = UNITS.findIndex(([, size]) => ms >= size);
  let rest = ms;
  const parts = UNITS.slice(first, first + 2).flatMap(([name, size]) => {
    const count = Math.floor(rest / size);
    rest -= count * size;
    return count === 0 ? [] : [`${count} ${name}`];
  });
  return parts.join(' ');
}
