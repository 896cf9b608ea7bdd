/**
 * An expression as arithmetic over naive local time: sets of seconds, minutes, hours and months,
 * and a mask of days that depends on nothing but the first weekday and the length of a month. So a
 * month costs one table look-up, and a search of the whole horizon some microseconds.
 */
import { BoundedCache } from './bounded-cache.js';
import { civilFromDays, DAY_S, daysFromCivil, daysInMonth, weekdayOf } from './calendar.js';
import { type FieldRule, ruleOf } from './fields.js';
import { parseCron } from './grammar.js';
import { MAX_CACHED_EXPRESSIONS } from './limits.js';
import { type ParsedCron, type ParsedField, type Term } from './parsed.js';
import { type Recurrence } from './recurrence.js';
import { InvalidTiming } from './timing.js';

export interface CompiledCron extends Recurrence {
  parsed: ParsedCron;
  /** At index v: the smallest member at or after v, or -1. */
  nextSecond: Int8Array;
  nextMinute: Int8Array;
  nextHour: Int8Array;
  /** Bit m: month m matches. */
  months: number;
  /** Day masks by first weekday and length of month (28 of them); bit d - 1 is day d. */
  dayMasks: Int32Array;
}

const compiled = new BoundedCache<CompiledCron>(MAX_CACHED_EXPRESSIONS);

export function compileCron(expression: string): CompiledCron {
  let cron = compiled.get(expression);
  if (!cron) {
    const result = parseCron(expression);
    if (!result.ok) throw new InvalidTiming(result.problems);
    cron = compileParsed(result.cron);
    compiled.set(expression, cron);
  }
  return cron;
}

export function compileParsed(parsed: ParsedCron): CompiledCron {
  const { fields } = parsed;
  const dayMasks = new Int32Array(28);
  for (let first = 0; first < 7; first++)
    for (let length = 28; length <= 31; length++)
      dayMasks[first * 4 + length - 28] = daysOf(parsed, first, length);
  const cron: CompiledCron = {
    parsed,
    wild: parsed.wild,
    next: (after, limit) => nextNaive(cron, after, limit),
    nextSecond: successors(valuesOf(fields.second), 60),
    nextMinute: successors(valuesOf(fields.minute), 60),
    nextHour: successors(valuesOf(fields.hour), 24),
    months: valuesOf(fields.month).reduce((mask, month) => mask | (1 << month), 0),
    dayMasks,
  };
  return cron;
}

/** The plain values of a field, ascending, Sunday as 0; terms such as `L` have none. */
export function valuesOf(field: ParsedField): number[] {
  const rule = ruleOf(field.part);
  const values = new Set<number>();
  for (const term of field.terms)
    for (const value of valuesOfTerm(term, rule))
      values.add(field.part === 'dayOfWeek' ? value % 7 : value);
  return [...values].sort((a, b) => a - b);
}

function valuesOfTerm(term: Term, rule: FieldRule): number[] {
  if (term.kind === 'value') return [term.value];
  if (term.kind !== 'all' && term.kind !== 'range') return [];
  const from = term.kind === 'all' ? rule.min : term.from;
  const to = term.kind === 'all' ? rule.max : term.to;
  const values: number[] = [];
  for (let value = from; value <= to; value += term.step) values.push(value);
  return values;
}

/** The first slot strictly after a naive second, at or before `limit`; -1 when there is none. */
function nextNaive(cron: CompiledCron, after: number, limit: number): number {
  const start = after + 1;
  const startDay = Math.floor(start / DAY_S);
  let { year, month, day } = civilFromDays(startDay);
  let mask = dayMaskOf(cron, year, month, startDay - day + 1);
  if ((mask >> (day - 1)) & 1) {
    const time = nextTimeOfDay(cron, start - startDay * DAY_S);
    if (time >= 0) {
      const found = startDay * DAY_S + time;
      return found <= limit ? found : -1;
    }
  }
  mask = day === 31 ? 0 : (mask >> day) << day;
  while (mask === 0) {
    day = 1;
    month++;
    if (month > 12) {
      month = 1;
      year++;
    }
    const firstDay = daysFromCivil(year, month, 1);
    if (firstDay * DAY_S > limit) return -1;
    mask = dayMaskOf(cron, year, month, firstDay);
  }
  day = 32 - Math.clz32(mask & -mask);
  const found = daysFromCivil(year, month, day) * DAY_S + nextTimeOfDay(cron, 0);
  return found <= limit ? found : -1;
}

/** Whether any calendar ever shows a day of this expression: dates repeat after 400 years. */
export function everFires(cron: CompiledCron): boolean {
  for (let year = 2000; year < 2400; year++)
    for (let month = 1; month <= 12; month++)
      if (dayMaskOf(cron, year, month, daysFromCivil(year, month, 1)) !== 0) return true;
  return false;
}

function nextTimeOfDay(cron: CompiledCron, from: number): number {
  const { nextSecond, nextMinute, nextHour } = cron;
  const hour = Math.floor(from / 3600);
  const minute = Math.floor((from % 3600) / 60);
  if (nextHour[hour] === hour) {
    if (nextMinute[minute] === minute) {
      const second = nextSecond[from % 60];
      if (second >= 0) return hour * 3600 + minute * 60 + second;
    }
    const later = nextMinute[minute + 1];
    if (later >= 0) return hour * 3600 + later * 60 + nextSecond[0];
  }
  const later = nextHour[hour + 1];
  return later < 0 ? -1 : later * 3600 + nextMinute[0] * 60 + nextSecond[0];
}

function dayMaskOf(cron: CompiledCron, year: number, month: number, firstDay: number): number {
  if (((cron.months >> month) & 1) === 0) return 0;
  return cron.dayMasks[weekdayOf(firstDay) * 4 + daysInMonth(year, month) - 28];
}

function daysOf(parsed: ParsedCron, firstWeekday: number, length: number): number {
  const { dayOfMonth, dayOfWeek } = parsed.fields;
  const shape = { firstWeekday, length };
  const both = parsed.plus || dayOfMonth.star || dayOfWeek.star;
  const byMonth = maskOf(dayOfMonth, (day, term) => matchesDayOfMonth(day, term, shape), length);
  const byWeek = maskOf(dayOfWeek, (day, term) => matchesDayOfWeek(day, term, shape), length);
  return both ? byMonth & byWeek : byMonth | byWeek;
}

interface MonthShape {
  firstWeekday: number;
  length: number;
}

function maskOf(
  field: ParsedField,
  matches: (day: number, term: Term) => boolean,
  length: number,
): number {
  let mask = 0;
  for (let day = 1; day <= length; day++)
    if (field.terms.some((term) => matches(day, term))) mask |= 1 << (day - 1);
  return mask;
}

function weekdayIn(shape: MonthShape, day: number): number {
  return (shape.firstWeekday + day - 1) % 7;
}

function matchesDayOfMonth(day: number, term: Term, shape: MonthShape): boolean {
  if (term.kind === 'last') return day === shape.length - term.before;
  if (term.kind === 'last-workday') return day === nearestWorkday(shape.length, shape);
  if (term.kind === 'nearest')
    return term.day <= shape.length && day === nearestWorkday(term.day, shape);
  return matchesPlain(day, term, 1);
}

function matchesDayOfWeek(day: number, term: Term, shape: MonthShape): boolean {
  const weekday = weekdayIn(shape, day);
  if (term.kind !== 'nth')
    return matchesPlain(weekday, term, 0) || (weekday === 0 && matchesPlain(7, term, 0));
  if (weekday !== term.weekday) return false;
  return term.nth === 'last' ? day + 7 > shape.length : Math.ceil(day / 7) === term.nth;
}

function matchesPlain(value: number, term: Term, min: number): boolean {
  if (term.kind === 'value') return value === term.value;
  if (term.kind === 'all') return (value - min) % term.step === 0;
  return (
    term.kind === 'range' &&
    value >= term.from &&
    value <= term.to &&
    (value - term.from) % term.step === 0
  );
}

/** The workday nearest a day, without leaving the month. */
function nearestWorkday(day: number, shape: MonthShape): number {
  const weekday = weekdayIn(shape, day);
  if (weekday === 6) return day === 1 ? 3 : day - 1;
  if (weekday === 0) return day === shape.length ? day - 2 : day + 1;
  return day;
}

function successors(values: number[], size: number): Int8Array {
  const table = new Int8Array(size + 1).fill(-1);
  const members = new Set(values);
  for (let value = size - 1; value >= 0; value--)
    table[value] = members.has(value) ? value : table[value + 1];
  return table;
}
