/**
 * A recurrence rule over naive local time. The search starts in the period of the time asked from,
 * counted from the rule's start, so it keeps no state; COUNT is turned into the last occurrence once.
 * Unlike RFC 5545, a start that does not match its own rule is no occurrence: it is only the phase.
 */
import { BoundedCache } from './bounded-cache.js';
import {
  civilFromDays,
  DAY_S,
  daysFromCivil,
  daysInMonth,
  parseLocal,
  weekdayOf,
} from './calendar.js';
import { HORIZON_YEARS, LATEST_MS, MAX_CACHED_RULES, MAX_RULE_STEPS } from './limits.js';
import { localTimeAt } from './local-time.js';
import { type Recurrence } from './recurrence.js';
import { type ParsedRule, parseRule } from './rrule-grammar.js';
import { InvalidTiming, type RruleTiming } from './timing.js';

export interface CompiledRule extends Recurrence {
  rule: ParsedRule;
  start: number;
}

const compiled = new BoundedCache<CompiledRule>(MAX_CACHED_RULES);

export function compileRule(timing: RruleTiming): CompiledRule {
  const key = `${timing.zone} ${timing.start} ${timing.rule}`;
  let rule = compiled.get(key);
  if (!rule) {
    rule = build(timing);
    compiled.set(key, rule);
  }
  return rule;
}

function build({ rule: text, start: local, zone }: RruleTiming): CompiledRule {
  const result = parseRule(text);
  if (!result.ok) throw new InvalidTiming(result.problems);
  const start = parseLocal(local);
  if (start === undefined) throw new InvalidTiming([badStart()]);
  const { rule } = result;
  const search = rule.frequency === 'HOURLY' || rule.frequency === 'MINUTELY' ? byUnit : byPeriod;
  const find = search(rule, start);
  let last = LATEST_MS / 1000;
  if (rule.until) last = localEnd(rule.until, zone);
  const next = (after: number, limit: number) =>
    find(Math.max(after, start - 1), Math.min(limit, last));
  if (rule.count !== undefined) last = lastOfCount(next, start, rule.count);
  return { rule, start, next, wild: search === byUnit };
}

export function badStart() {
  return {
    field: 'start' as const,
    code: 'bad-start',
    message: 'the start of the rule is not a local time',
    remedy: 'write it as 2026-01-31T09:00:00',
  };
}

function localEnd(until: { second: number; utc: boolean }, zone: string): number {
  if (!until.utc) return until.second;
  const { local } = localTimeAt(zone, until.second * 1000);
  return parseLocal(local) ?? until.second;
}

function lastOfCount(next: Recurrence['next'], start: number, count: number): number {
  let at = start - 1;
  for (let i = 0; i < count; i++) {
    const found = next(at, at + HORIZON_YEARS * 366 * DAY_S);
    if (found < 0) break;
    at = found;
  }
  return at;
}

/** HOURLY and MINUTELY: each period is one hour or minute; days and hours that fail are leapt over. */
function byUnit(rule: ParsedRule, start: number): Recurrence['next'] {
  const unit = rule.frequency === 'HOURLY' ? 3600 : 60;
  const pace = rule.interval * unit;
  const origin = Math.floor(start / unit) * unit;
  const matchesDay = dayMatcher(rule, start);
  const hours = new Set(rule.hours);
  const minutes = new Set(rule.minutes);
  const offsets = offsetsWithin(rule, start, unit);
  const from = (second: number) => origin + Math.ceil((second - origin) / pace) * pace;
  return (after, limit) => {
    let period = Math.max(origin, from(after + 1 - unit + 1));
    for (let step = 0; step < MAX_RULE_STEPS && period <= limit; step++) {
      const day = Math.floor(period / DAY_S);
      const time = period - day * DAY_S;
      const hour = Math.floor(time / 3600);
      if (!matchesDay(day)) period = from((day + 1) * DAY_S);
      else if (hours.size > 0 && !hours.has(hour)) period = from(day * DAY_S + (hour + 1) * 3600);
      else {
        const fits =
          unit === 3600 || minutes.size === 0 || minutes.has(Math.floor((time % 3600) / 60));
        for (const offset of fits ? offsets : []) {
          const found = period + offset;
          if (found > after) return found <= limit ? found : -1;
        }
        period += pace;
      }
    }
    return -1;
  };
}

/** Seconds after the start of an hour or minute. */
function offsetsWithin(rule: ParsedRule, start: number, unit: number): number[] {
  const seconds = rule.seconds.length > 0 ? rule.seconds : [start % 60];
  if (unit === 60) return seconds;
  const minutes = rule.minutes.length > 0 ? rule.minutes : [Math.floor((start % 3600) / 60)];
  return minutes.flatMap((minute) => seconds.map((second) => minute * 60 + second));
}

/** DAILY to YEARLY: a period is a row of days, each with the same times. */
function byPeriod(rule: ParsedRule, start: number): Recurrence['next'] {
  const startDay = Math.floor(start / DAY_S);
  const matchesDay = dayMatcher(rule, start);
  const times = timesOfDay(rule, start - startDay * DAY_S);
  const calendar = periodsOf(rule, startDay);
  const positions = rule.positions;
  return (after, limit) => {
    const first = Math.max(0, calendar.indexOf(Math.floor(after / DAY_S)));
    for (let k = first; k - first < MAX_RULE_STEPS; k++) {
      const [from, to] = calendar.daysOf(k);
      if (from * DAY_S > limit) return -1;
      const days: number[] = [];
      // Without positions, days gone by need no look.
      const low = positions.length > 0 ? from : Math.max(from, Math.floor(after / DAY_S));
      for (let day = low; day < to; day++) if (matchesDay(day)) days.push(day);
      const found =
        positions.length > 0 ? pick(days, times, positions, after) : earliest(days, times, after);
      if (found >= 0) return found <= limit ? found : -1;
    }
    return -1;
  };
}

function earliest(days: number[], times: number[], after: number): number {
  for (const day of days)
    for (const time of times) if (day * DAY_S + time > after) return day * DAY_S + time;
  return -1;
}

/** BYSETPOS, without writing all the times of a period down. */
function pick(days: number[], times: number[], positions: number[], after: number): number {
  const total = days.length * times.length;
  let best = -1;
  for (const position of positions) {
    const index = position > 0 ? position - 1 : total + position;
    if (index < 0 || index >= total) continue;
    const at = days[Math.floor(index / times.length)] * DAY_S + times[index % times.length];
    if (at > after && (best < 0 || at < best)) best = at;
  }
  return best;
}

function timesOfDay(rule: ParsedRule, startTime: number): number[] {
  const or = (values: number[], fallback: number) => (values.length > 0 ? values : [fallback]);
  const times: number[] = [];
  for (const hour of or(rule.hours, Math.floor(startTime / 3600)))
    for (const minute of or(rule.minutes, Math.floor((startTime % 3600) / 60)))
      for (const second of or(rule.seconds, startTime % 60))
        times.push(hour * 3600 + minute * 60 + second);
  return times;
}

interface Periods {
  /** The last period that starts at or before a day. */
  indexOf(day: number): number;
  /** First day, and the day after the last. */
  daysOf(index: number): [number, number];
}

function periodsOf(rule: ParsedRule, startDay: number): Periods {
  const { frequency, interval, weekStart } = rule;
  if (frequency === 'DAILY' || frequency === 'WEEKLY') {
    const length = frequency === 'DAILY' ? 1 : 7;
    const origin = length === 1 ? startDay : startDay - ((weekdayOf(startDay) - weekStart + 7) % 7);
    const pace = length * interval;
    return {
      indexOf: (day) => Math.floor((day - origin) / pace),
      daysOf: (k) => [origin + k * pace, origin + k * pace + length],
    };
  }
  const length = frequency === 'MONTHLY' ? 1 : 12;
  const monthOf = (day: number) => {
    const { year, month } = civilFromDays(day);
    return length === 1 ? year * 12 + month - 1 : year * 12;
  };
  const dayOf = (month: number) => daysFromCivil(Math.floor(month / 12), (month % 12) + 1, 1);
  const origin = monthOf(startDay);
  const pace = length * interval;
  return {
    indexOf: (day) => Math.floor((monthOf(day) - origin) / pace),
    daysOf: (k) => [dayOf(origin + k * pace), dayOf(origin + k * pace + length)],
  };
}

/** Whether a day fits the rule; parts that the rule leaves out come from its start. */
function dayMatcher(rule: ParsedRule, start: number): (day: number) => boolean {
  const startDay = Math.floor(start / DAY_S);
  const began = civilFromDays(startDay);
  const { frequency, days } = rule;
  const open = rule.monthDays.length === 0 && days.length === 0;
  const months = new Set(rule.months);
  if (frequency === 'YEARLY' && open && months.size === 0) months.add(began.month);
  const monthDays = new Set(rule.monthDays);
  if (open && (frequency === 'YEARLY' || frequency === 'MONTHLY')) monthDays.add(began.day);
  const weekdays =
    open && frequency === 'WEEKLY' ? [{ weekday: weekdayOf(startDay), nth: 0 }] : days;
  const inYear = frequency === 'YEARLY' && rule.months.length === 0;
  return (day) => {
    const { year, month, day: dayOfMonth } = civilFromDays(day);
    if (months.size > 0 && !months.has(month)) return false;
    const length = daysInMonth(year, month);
    if (monthDays.size > 0 && !monthDays.has(dayOfMonth) && !monthDays.has(dayOfMonth - length - 1))
      return false;
    if (weekdays.length === 0) return true;
    const weekday = weekdayOf(day);
    const yearStart = inYear ? daysFromCivil(year, 1, 1) : 0;
    const position = inYear ? day - yearStart : dayOfMonth - 1;
    const size = inYear ? daysFromCivil(year + 1, 1, 1) - yearStart : length;
    return weekdays.some(
      (one) =>
        one.weekday === weekday &&
        (one.nth === 0 ||
          one.nth === Math.floor(position / 7) + 1 ||
          one.nth === -Math.floor((size - 1 - position) / 7) - 1),
    );
  };
}
