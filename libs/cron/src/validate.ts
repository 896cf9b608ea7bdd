/** The gate: nothing reaches the arithmetic that did not pass here, and here nothing throws. */

import { DAY_S, parseLocal } from './calendar.js';
import { compileParsed, everFires } from './compile.js';
import { parseCron } from './grammar.js';
import { EARLIEST_MS, HORIZON_YEARS, LATEST_MS, MAX_EVERY_MS, MIN_EVERY_MS } from './limits.js';
import { badStart, compileRule } from './rrule.js';
import { parseRule } from './rrule-grammar.js';
import {
  type CronTiming,
  type DstPolicy,
  dstPolicies,
  type Problem,
  type ProblemField,
  type RruleTiming,
  type Timing,
} from './timing.js';
import { canonicalZone } from './zone.js';

export type Validation = { ok: true; timing: Timing } | { ok: false; problems: Problem[] };

const DEFAULT_ZONE = 'UTC';

/**
 * Accepts what a client sent, of whatever shape. The zone is UTC and the DST policy `vixie` unless
 * given; the expression stays as it was typed.
 */
export function validateTiming(given: unknown): Validation {
  if (typeof given !== 'object' || given === null)
    return refusal('kind', 'not-a-timing', 'the timing is missing', KINDS);
  const input = given as Record<string, unknown>;
  const problems: Problem[] = [];
  const zone = checkZone(input.zone, problems);
  let timing: Timing;
  switch (input.kind) {
    case 'cron': {
      const dst = checkDst(input.dst, problems);
      checkCron(input.expression, problems);
      timing = {
        kind: 'cron',
        expression: textOf(input.expression),
        zone,
        dst,
      } satisfies CronTiming;
      break;
    }
    case 'every': {
      const everyMs = checkWhole(input.everyMs, EVERY, problems);
      const anchorMs = checkWhole(input.anchorMs ?? 0, ANCHOR, problems);
      timing = { kind: 'every', everyMs, anchorMs, zone };
      break;
    }
    case 'rrule': {
      const rule: RruleTiming = {
        kind: 'rrule',
        rule: textOf(input.rule),
        start: textOf(input.start),
        zone,
        dst: checkDst(input.dst, problems),
      };
      checkRule(input.rule, rule, problems);
      timing = rule;
      break;
    }
    case 'at':
      timing = { kind: 'at', atMs: checkWhole(input.atMs, AT, problems), zone };
      break;
    default:
      return refusal('kind', 'unknown-kind', `${show(input.kind)} is not a kind of timing`, KINDS);
  }
  return problems.length > 0 ? { ok: false, problems } : { ok: true, timing };
}

const KINDS = 'use exactly one of cron, every, at or rrule';

function checkCron(expression: unknown, problems: Problem[]): void {
  const result = parseCron(expression);
  if (!result.ok) {
    problems.push(...result.problems);
    return;
  }
  if (everFires(compileParsed(result.cron))) return;
  const { dayOfMonth } = result.cron.fields;
  problems.push({
    field: 'cron',
    part: 'dayOfMonth',
    code: 'never-fires',
    message: 'no calendar has such a day, so it would never fire',
    remedy: 'choose days that the months have; L is the last day of any month',
    position: dayOfMonth.at,
  });
}

function checkRule(text: unknown, timing: RruleTiming, problems: Problem[]): void {
  const result = parseRule(text);
  const start = parseLocal(timing.start);
  if (!result.ok) problems.push(...result.problems);
  if (start === undefined || start < EARLIEST_MS / 1000 || start >= LATEST_MS / 1000)
    problems.push(badStart());
  // A zone or rule that was refused above leaves nothing to try.
  if (problems.length > 0 || start === undefined) return;
  const { next } = compileRule(timing);
  if (next(start - 1, start + HORIZON_YEARS * 366 * DAY_S) < 0)
    problems.push({
      field: 'rrule',
      code: 'never-fires',
      message: `nothing matches the rule within ${HORIZON_YEARS} years of its start`,
      remedy: 'choose days that the months have, and an end after the start',
    });
}

function checkZone(zone: unknown, problems: Problem[]): string {
  if (zone === undefined || zone === null) return DEFAULT_ZONE;
  const known = typeof zone === 'string' ? canonicalZone(zone) : undefined;
  if (known !== undefined) return known;
  problems.push({
    field: 'timezone',
    code: 'unknown-zone',
    message: `${show(zone)} is not a time zone`,
    remedy: 'use a name of the IANA database, such as Europe/Berlin, or UTC',
  });
  return DEFAULT_ZONE;
}

function checkDst(dst: unknown, problems: Problem[]): DstPolicy {
  if (dst === undefined || dst === null) return 'vixie';
  const known = dstPolicies.find((policy) => policy === dst);
  if (known) return known;
  problems.push({
    field: 'dst',
    code: 'unknown-dst-policy',
    message: `${show(dst)} is not a DST policy`,
    remedy: `use one of ${dstPolicies.join(', ')}`,
  });
  return 'vixie';
}

interface WholeRule {
  field: ProblemField;
  min: number;
  max: number;
  remedy: string;
}

const EVERY: WholeRule = {
  field: 'every',
  min: MIN_EVERY_MS,
  max: MAX_EVERY_MS,
  remedy: 'use whole milliseconds from one second to ten years',
};
const ANCHOR: WholeRule = {
  field: 'anchor',
  min: EARLIEST_MS,
  max: LATEST_MS - 1,
  remedy: 'use an instant from 1970 to 2199; 0 counts from the epoch',
};
const AT: WholeRule = {
  field: 'at',
  min: EARLIEST_MS,
  max: LATEST_MS - 1,
  remedy: 'use an instant from 1970 to 2199',
};

function checkWhole(value: unknown, rule: WholeRule, problems: Problem[]): number {
  if (
    typeof value === 'number' &&
    Number.isInteger(value) &&
    value >= rule.min &&
    value <= rule.max
  )
    return value;
  problems.push({
    field: rule.field,
    code: typeof value === 'number' ? 'out-of-range' : 'not-a-number',
    message: `${show(value)} is not allowed`,
    remedy: rule.remedy,
  });
  return rule.min;
}

function refusal(field: ProblemField, code: string, message: string, remedy: string): Validation {
  return { ok: false, problems: [{ field, code, message, remedy }] };
}

/** Whatever is no text was refused already, or will be. */
function textOf(value: unknown): string {
  return typeof value === 'string' ? value : '';
}

/** What was given, short enough for a message. */
function show(value: unknown): string {
  if (value === undefined || value === null) return 'nothing';
  if (typeof value !== 'string' && typeof value !== 'number') return `a ${typeof value}`;
  const text = typeof value === 'string' ? `"${value}"` : `${value}`;
  return text.length > 60 ? `${text.slice(0, 57)}...` : text;
}
