/** A recurrence rule in words. */
import { civilFromDays, DAY_S, formatLocal, weekdayOf } from './calendar.js';
import { enumerate, listRuns, MONTHS, ordinal, WEEKDAYS } from './describe-days.js';
import { type CompiledRule } from './rrule.js';
import { type ParsedRule, type RuleDay } from './rrule-grammar.js';

const UNITS = {
  YEARLY: 'year',
  MONTHLY: 'month',
  WEEKLY: 'week',
  DAILY: 'day',
  HOURLY: 'hour',
  MINUTELY: 'minute',
};

/** Up to this many times of day are listed one by one. */
const LISTED_TIMES = 6;

export function describeRule({ rule, start, wild }: CompiledRule): string {
  const unit = UNITS[rule.frequency];
  const pace = rule.interval === 1 ? unit : `${rule.interval} ${unit}s`;
  const words = [`Every ${pace}`, ...daysInWords(rule, start)];
  words.push(...(wild ? hoursInWords(rule) : timesInWords(rule, start)));
  const parts = [words.join(' '), `from ${formatLocal(start).slice(0, 10)}`];
  if (rule.positions.length > 0) {
    const chosen = rule.positions.map((position) => `the ${fromEnd(position)}`);
    parts.splice(1, 0, `only ${enumerate(chosen)} of each ${unit}`);
  }
  if (rule.until) parts.push(`until ${formatLocal(rule.until.second).slice(0, 10)}`);
  if (rule.count !== undefined) parts.push(rule.count === 1 ? 'once' : `${rule.count} times`);
  return parts.join(', ');
}

function daysInWords(rule: ParsedRule, start: number): string[] {
  const words: string[] = [];
  const startDay = Math.floor(start / DAY_S);
  const began = civilFromDays(startDay);
  const open = rule.monthDays.length === 0 && rule.days.length === 0;
  const { frequency } = rule;
  const yearly = frequency === 'YEARLY';
  const weekdays =
    open && frequency === 'WEEKLY' ? [{ weekday: weekdayOf(startDay), nth: 0 }] : rule.days;
  const monthDays = open && (yearly || frequency === 'MONTHLY') ? [began.day] : rule.monthDays;
  if (monthDays.length > 0) words.push(`on ${monthDaysInWords(monthDays)}`);
  if (weekdays.length > 0)
    words.push(
      `${monthDays.length > 0 ? 'if that is' : 'on'} ${enumerate(weekdays.map(dayInWords))}`,
    );
  const months = open && yearly && rule.months.length === 0 ? [began.month] : rule.months;
  if (months.length > 0) words.push(`in ${listRuns(months, 12, (month) => MONTHS[month - 1])}`);
  return words;
}

function monthDaysInWords(days: readonly number[]): string {
  const plain = days.filter((day) => day > 0);
  const items = days.filter((day) => day < 0).map((day) => `the ${fromEnd(day)} day`);
  if (plain.length > 0)
    items.unshift(`${plain.length > 1 ? 'days' : 'day'} ${listRuns(plain, 31, String)}`);
  return enumerate(items);
}

function dayInWords({ weekday, nth }: RuleDay): string {
  return nth === 0 ? WEEKDAYS[weekday] : `the ${fromEnd(nth)} ${WEEKDAYS[weekday]}`;
}

function fromEnd(position: number): string {
  if (position > 0) return ordinal(position);
  return position === -1 ? 'last' : `${ordinal(-position)} last`;
}

function timesInWords(rule: ParsedRule, start: number): string[] {
  const time = start - Math.floor(start / DAY_S) * DAY_S;
  const or = (values: number[], fallback: number) => (values.length > 0 ? values : [fallback]);
  const hours = or(rule.hours, Math.floor(time / 3600));
  const minutes = or(rule.minutes, Math.floor((time % 3600) / 60));
  const seconds = or(rule.seconds, time % 60);
  const count = hours.length * minutes.length * seconds.length;
  if (count > LISTED_TIMES) return [`at ${count} times of the day`];
  const digits = seconds.some((second) => second > 0) ? 19 : 16;
  const times = hours.flatMap((hour) =>
    minutes.flatMap((minute) =>
      seconds.map((second) => formatLocal(hour * 3600 + minute * 60 + second).slice(11, digits)),
    ),
  );
  return [`at ${enumerate(times)}`];
}

function hoursInWords(rule: ParsedRule): string[] {
  const words: string[] = [];
  if (rule.minutes.length > 0) words.push(`at minute ${listRuns(rule.minutes, 60, String)}`);
  if (rule.hours.length > 0) words.push(`in the hours ${listRuns(rule.hours, 24, String)}`);
  return words;
}
