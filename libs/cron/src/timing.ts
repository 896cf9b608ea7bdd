/**
 * The words of this library: what a schedule says about time (`Timing`), one nominal occurrence of
 * it (`Slot`), and what can be said about it (`Problem`, `Lint`).
 */

/**
 * What happens to nominal local times that a zone's clock skips (gap) or shows twice (overlap).
 * - `vixie`: what Debian's cron and cronie do. Fixed times missed in a gap of up to three hours run
 *   once at its end and run at the first pass of an overlap; wildcard times follow the real minutes.
 * - `skip`: times in a gap do not run; an overlap runs its first pass only, whatever the expression.
 * - `wall`: whenever the clock on the wall shows the time: never in a gap, twice in an overlap.
 */
export type DstPolicy = 'vixie' | 'skip' | 'wall';

export const dstPolicies: readonly DstPolicy[] = ['vixie', 'skip', 'wall'];

export interface CronTiming {
  kind: 'cron';
  expression: string;
  zone: string;
  dst: DstPolicy;
}

/** Instants `anchorMs + k * everyMs`, for every whole k; immune to DST. The zone only names local times. */
export interface EveryTiming {
  kind: 'every';
  everyMs: number;
  anchorMs: number;
  zone: string;
}

export interface AtTiming {
  kind: 'at';
  atMs: number;
  zone: string;
}

/** A recurrence rule of RFC 5545 (`FREQ=WEEKLY;BYDAY=MO`) from a local time on. */
export interface RruleTiming {
  kind: 'rrule';
  rule: string;
  /** `YYYY-MM-DDTHH:mm:ss`: the phase of the rule, and the time of day unless the rule says so. */
  start: string;
  zone: string;
  dst: DstPolicy;
}

/** What a schedule says about time. */
export type Timing = CronTiming | EveryTiming | AtTiming | RruleTiming;

/** One nominal occurrence. `local` and `pass` are its identity inside a schedule. */
export interface Slot {
  /** Nominal local time in the timing's zone, `YYYY-MM-DDTHH:mm:ss`. */
  local: string;
  /** 1 when the zone's clock shows `local` for the second time (the later half of an overlap). */
  pass: 0 | 1;
  /** The slot's instant, in epoch milliseconds. */
  dueAtMs: number;
  /** Further nominal times of a gap that are folded into this slot. */
  missed?: number;
}

export type ProblemField =
  | 'kind'
  | 'cron'
  | 'timezone'
  | 'dst'
  | 'every'
  | 'anchor'
  | 'at'
  | 'rrule'
  | 'start';

/** Why a timing is refused, and what to write instead. */
export interface Problem {
  field: ProblemField;
  /** The field of the cron expression, when the problem lies in one. */
  part?: CronPart;
  code: string;
  message: string;
  remedy: string;
  /** Index into the text as it was given. */
  position?: number;
}

export type CronPart = 'second' | 'minute' | 'hour' | 'dayOfMonth' | 'month' | 'dayOfWeek';

/** Something true of a valid timing that its author may not expect. */
export interface Lint {
  code: string;
  severity: 'info' | 'warning';
  message: string;
  remedy?: string;
  part?: CronPart;
  position?: number;
  /** Local dates the lint speaks of, soonest first. */
  dates?: string[];
}

/** A timing that did not pass `validateTiming` reached the arithmetic: a bug of the caller. */
export class InvalidTiming extends Error {
  readonly code = 'invalid-timing';
  readonly problems: readonly Problem[];

  constructor(problems: readonly Problem[]) {
    super(problems.map((problem) => `${problem.code}: ${problem.message}`).join('; '));
    this.name = 'InvalidTiming';
    this.problems = problems;
  }
}
