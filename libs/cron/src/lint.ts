/**
 * What a valid timing does that its author may not expect. A lint never forbids: what can not run at
 * all is refused by `validateTiming`.
 */
import { type CompiledCron, compileCron, valuesOf } from './compile.js';
import { ruleOf, sizeOf } from './fields.js';
import { HORIZON_YEARS } from './limits.js';
import { lintTransitions, transitionsAhead } from './lint-dst.js';
import { nextSlot } from './next-slot.js';
import { type ParsedCron, type Term } from './parsed.js';
import { slotsBetween } from './slots-between.js';
import { type CronPart, type Lint, type Timing } from './timing.js';

export interface LintBounds {
  /** The end of the schedule, when it has one. */
  untilMs?: number;
  /** Fewer slots than this before `untilMs` are worth a word. */
  atLeast?: number;
}

const YEAR_MS = 366 * 86_400_000;
const DAY_MS = 86_400_000;

/** Lints of a timing that passed `validateTiming`, as seen from `nowMs`. */
export function lintTiming(timing: Timing, nowMs: number, bounds: LintBounds = {}): Lint[] {
  const lints: Lint[] = [];
  if (timing.kind === 'cron') lints.push(...lintExpression(compileCron(timing.expression)));
  if (timing.kind === 'every') lints.push(...lintInterval(timing.everyMs, timing.zone, nowMs));
  const next = nextSlot(timing, nowMs);
  if (!next) lints.push(neverFires(timing));
  else if (timing.kind === 'cron' && next.dueAtMs - nowMs > YEAR_MS)
    lints.push({
      code: 'rare',
      severity: 'info',
      message: `it fires next on ${next.local.slice(0, 10)}, more than a year ahead`,
      dates: [next.local.slice(0, 10)],
    });
  lints.push(...lintUntil(timing, nowMs, bounds));
  lints.push(...lintZone(timing.zone));
  if ((timing.kind === 'cron' || timing.kind === 'rrule') && next)
    lints.push(...lintTransitions(timing, nowMs));
  return lints;
}

function neverFires(timing: Timing): Lint {
  if (timing.kind === 'at')
    return {
      code: 'never-fires',
      severity: 'warning',
      message: 'its instant has passed',
      remedy: 'choose an instant ahead',
    };
  return {
    code: 'never-fires',
    severity: 'warning',
    message: `it does not fire within ${HORIZON_YEARS} years`,
    remedy: 'choose other days, or another rule for the days on which clocks change',
  };
}

function lintUntil(timing: Timing, nowMs: number, bounds: LintBounds): Lint[] {
  const { untilMs, atLeast = 1 } = bounds;
  if (untilMs === undefined) return [];
  const { slots } = slotsBetween(timing, nowMs, untilMs, atLeast);
  if (slots.length >= atLeast) return [];
  return [
    {
      code: 'few-before-end',
      severity: 'warning',
      message: `it fires ${slots.length === 1 ? 'once' : `${slots.length} times`} before its end`,
      remedy: 'move the end, or fire more often',
    },
  ];
}

function lintZone(zone: string): Lint[] {
  if (/^Etc\/GMT[+-]\d/.test(zone))
    return [
      {
        code: 'zone-sign',
        severity: 'warning',
        message: `the sign of ${zone} is reversed: ${zone.includes('+') ? 'west' : 'east'} of Greenwich`,
        remedy: 'use the name of a place, such as America/New_York',
      },
    ];
  if (/^(?:[ECMPHW]S?T|MET|EET|WET|CET|EST5EDT|CST6CDT|MST7MDT|PST8PDT)$/.test(zone))
    return [
      {
        code: 'zone-abbreviation',
        severity: 'warning',
        message: `${zone} is a leftover of old systems and may not change its clock as you expect`,
        remedy: 'use the name of a place, such as America/New_York',
      },
    ];
  return [];
}

function lintInterval(everyMs: number, zone: string, nowMs: number): Lint[] {
  const lints: Lint[] = [];
  if (everyMs <= 60_000)
    lints.push({
      code: 'every-minute',
      severity: 'info',
      message: `it fires ${Math.floor(DAY_MS / everyMs)} times a day`,
    });
  if (everyMs % DAY_MS === 0 && transitionsAhead(zone, nowMs).length > 0)
    lints.push({
      code: 'interval-shifts',
      severity: 'warning',
      message: `its local time shifts when clocks change in ${zone}`,
      remedy: 'use cron for a fixed local time',
    });
  return lints;
}

function lintExpression({ parsed }: CompiledCron): Lint[] {
  const lints: Lint[] = [...lintFrequency(parsed), ...lintDayFields(parsed)];
  for (const field of Object.values(parsed.fields))
    for (const term of field.terms) {
      const lint = lintStep(field.part, term) ?? lintShortMonths(parsed, field.part, term);
      if (lint) lints.push({ ...lint, part: field.part, ...at(parsed, field.part, term.at) });
    }
  return lints;
}

/** Positions mean nothing in a macro, nor in the second that five fields do not have. */
function at(cron: ParsedCron, part: CronPart, position: number): { position?: number } {
  const written = cron.macro === undefined && (part !== 'second' || cron.hasSeconds);
  return written ? { position } : {};
}

function lintFrequency(cron: ParsedCron): Lint[] {
  const seconds = valuesOf(cron.fields.second).length;
  const minutes = valuesOf(cron.fields.minute).length;
  const hours = valuesOf(cron.fields.hour).length;
  if (minutes === 60 && hours === 24)
    return [
      {
        code: seconds > 1 ? 'sub-minute' : 'every-minute',
        severity: 'info',
        message: `it fires ${seconds * 1440} times a day`,
        ...(seconds > 1 ? { remedy: 'an interval (every) is immune to clock changes' } : {}),
      },
    ];
  if (minutes === 60 && cron.fields.minute.star)
    return [
      {
        code: 'star-minute',
        severity: 'warning',
        message: 'it fires in every minute of the hours given, not once',
        remedy: 'write 0 as the minute for once an hour',
        part: 'minute',
        ...at(cron, 'minute', cron.fields.minute.at),
      },
    ];
  return [];
}

function lintDayFields(cron: ParsedCron): Lint[] {
  const { dayOfMonth, dayOfWeek } = cron.fields;
  const open = (terms: Term[]) => terms.some((term) => term.kind === 'all' && term.step === 1);
  if (cron.plus || open(dayOfMonth.terms) || open(dayOfWeek.terms)) return [];
  const explicit = `${cron.source.slice(0, dayOfWeek.at)}+${cron.source.slice(dayOfWeek.at)}`;
  const place = { part: 'dayOfWeek' as const, ...at(cron, 'dayOfWeek', dayOfWeek.at) };
  if (dayOfMonth.star || dayOfWeek.star)
    return [
      {
        code: 'day-and-weekday',
        severity: 'warning',
        message: 'a day field that starts with * makes cron ask for both day fields at once',
        remedy: `say so with a plus: ${explicit}`,
        ...place,
      },
    ];
  return [
    {
      code: 'day-or-weekday',
      severity: 'warning',
      message: 'it fires when either the day of month or the day of week matches',
      remedy: `to ask for both, write ${explicit}`,
      ...place,
    },
  ];
}

function lintStep(part: CronPart, term: Term): Lint | undefined {
  if ((term.kind !== 'all' && term.kind !== 'range') || term.step === 1) return undefined;
  const rule = ruleOf(part);
  const size = sizeOf(rule);
  const top = part === 'dayOfWeek' ? 6 : rule.max;
  const from = term.kind === 'all' ? rule.min : term.from;
  const to = term.kind === 'all' ? top : term.to;
  const last = from + Math.floor((to - from) / term.step) * term.step;
  if (last === from)
    return {
      code: 'step-once',
      severity: 'warning',
      message: `${term.text} is only ${from}`,
      remedy: `write ${from}`,
    };
  const whole = from === rule.min && to >= top;
  const atWrap = size - last + from;
  if (!whole || (atWrap === term.step && part !== 'dayOfMonth')) return undefined;
  if (part === 'dayOfMonth')
    return {
      code: 'uneven-step',
      severity: 'warning',
      message: `${term.text} starts anew on the 1st of each month, whatever came before`,
      remedy: 'for an even distance use an interval (every)',
    };
  return {
    code: 'uneven-step',
    severity: 'warning',
    message: `${term.text} is not even: ${atWrap} instead of ${term.step} from ${last} to ${from}`,
    remedy: `use a step that divides ${size}, or an interval (every)`,
  };
}

const SHORTEST = [0, 31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];

function lintShortMonths(cron: ParsedCron, part: CronPart, term: Term): Lint | undefined {
  if (part !== 'dayOfMonth') return undefined;
  const day = term.kind === 'value' ? term.value : term.kind === 'nearest' ? term.day : 0;
  const months = valuesOf(cron.fields.month);
  if (!months.some((month) => SHORTEST[month] < day)) return undefined;
  if (months.length === 1)
    return { code: 'leap-day', severity: 'info', message: '29 February exists in leap years only' };
  return {
    code: 'short-months',
    severity: 'warning',
    message: `months without day ${day} are left out`,
    remedy: 'L is the last day of any month, LW its last workday',
  };
}
