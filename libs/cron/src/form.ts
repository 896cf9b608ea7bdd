/**
 * The form behind a schedule builder: an expression as choices, and back. It is lossless: a form
 * remembers the text it came from, and each field keeps its spelling (`MON-FRI` for `1-5`, blanks,
 * macros) as long as it still means what the form says. What the choices can not express is
 * `advanced`, and stays text.
 */
import { valuesOf } from './compile.js';
import { fieldRules } from './fields.js';
import { parseCron, tokenise } from './grammar.js';
import { type ParsedCron, type ParsedField, type Term } from './parsed.js';
import { type CronPart } from './timing.js';

export type HoursForm =
  | { kind: 'every'; step: number }
  | { kind: 'between'; from: number; to: number }
  | { kind: 'at'; hours: number[] };

export type TimeForm =
  | { kind: 'every-second'; step: number }
  | { kind: 'every-minute'; step: number; hours: HoursForm }
  /** At these minutes of the hours. */
  | { kind: 'at-minutes'; minutes: number[]; hours: HoursForm };

export type Nth = 1 | 2 | 3 | 4 | 5 | 'last';

export type DaysForm =
  | { kind: 'every-day'; step: number }
  /** 0 is Sunday. */
  | { kind: 'weekdays'; weekdays: number[] }
  | { kind: 'days-of-month'; days: number[] }
  /** 0 is the last day of the month, 1 the day before it. */
  | { kind: 'last-day'; before: number }
  | { kind: 'workday'; nearest: number | 'last' }
  | { kind: 'nth-weekday'; weekday: number; nth: Nth };

export interface CronForm {
  time: TimeForm;
  days: DaysForm;
  /** Empty: every month. */
  months: number[];
  /** Six fields, at this second of the minute. Not with `every-second`. */
  second?: number;
  /** The text the form was read from. */
  source?: string;
}

export function parseForm(expression: string): CronForm | 'advanced' {
  const result = parseCron(expression);
  if (!result.ok) return 'advanced';
  const { cron } = result;
  const time = readTime(cron);
  const days = readDays(cron);
  if (!time || !days) return 'advanced';
  const { month, second } = cron.fields;
  const form: CronForm = {
    time,
    days,
    months: isAny(month) ? [] : valuesOf(month),
    source: expression,
  };
  if (cron.hasSeconds && time.kind !== 'every-second') form.second = valuesOf(second)[0];
  return formatForm(form) === expression ? form : 'advanced';
}

export function formatForm(form: CronForm): string {
  const plain = canonicalFields(form);
  const canonical = plain.join(' ');
  if (form.source === undefined) return canonical;
  const written = parseCron(form.source);
  const meant = parseCron(canonical);
  if (!written.ok || !meant.ok || written.cron.hasSeconds !== meant.cron.hasSeconds)
    return canonical;
  const parts = partsOf(meant.cron);
  const kept = parts.map((part) => meaning(written.cron, part) === meaning(meant.cron, part));
  if (written.cron.macro !== undefined) return kept.every(Boolean) ? form.source : canonical;
  let text = form.source;
  const tokens = tokenise(form.source);
  for (let i = tokens.length - 1; i >= 0; i--)
    if (!kept[i])
      text =
        text.slice(0, tokens[i].at) + plain[i] + text.slice(tokens[i].at + tokens[i].text.length);
  return text;
}

function partsOf(cron: ParsedCron): CronPart[] {
  const parts = fieldRules.map((rule) => rule.part);
  return cron.hasSeconds ? parts : parts.slice(1);
}

/** Two spellings of a field with the same meaning give the same text here. */
function meaning(cron: ParsedCron, part: CronPart): string {
  const field = cron.fields[part];
  const special = field.terms.map((term) => describeSpecial(term)).filter(Boolean);
  // A leading star of a time field decides what happens when clocks change, so it is meaning.
  const star = part === 'second' || part === 'minute' || part === 'hour' ? field.star : false;
  const plus = part === 'dayOfWeek' && cron.plus;
  return JSON.stringify([valuesOf(field), special, star, plus]);
}

function describeSpecial(term: Term): string | undefined {
  if (term.kind === 'last') return `L-${term.before}`;
  if (term.kind === 'nearest') return `${term.day}W`;
  if (term.kind === 'last-workday') return 'LW';
  return term.kind === 'nth' ? `${term.weekday}#${term.nth}` : undefined;
}

const isAny = (field: ParsedField): boolean =>
  field.terms.length === 1 && field.terms[0].kind === 'all' && field.terms[0].step === 1;

const isPlain = (field: ParsedField): boolean =>
  field.terms.every((term) => term.kind === 'value' || term.kind === 'range');

/** The step of `*` or `*\/n`. */
function stepOf(field: ParsedField): number | undefined {
  const [term] = field.terms;
  return field.terms.length === 1 && term.kind === 'all' ? term.step : undefined;
}

function readTime(cron: ParsedCron): TimeForm | undefined {
  const { second, minute } = cron.fields;
  const hours = readHours(cron.fields.hour);
  const seconds = valuesOf(second);
  const secondStep = stepOf(second);
  if (secondStep !== undefined)
    return isAny(minute) && hours?.kind === 'every' && hours.step === 1
      ? { kind: 'every-second', step: secondStep }
      : undefined;
  if (seconds.length !== 1 || !hours) return undefined;
  const step = stepOf(minute);
  if (step !== undefined) return { kind: 'every-minute', step, hours };
  return isPlain(minute) ? { kind: 'at-minutes', minutes: valuesOf(minute), hours } : undefined;
}

function readHours(hour: ParsedField): HoursForm | undefined {
  const step = stepOf(hour);
  if (step !== undefined) return { kind: 'every', step };
  const [term] = hour.terms;
  if (hour.terms.length === 1 && term.kind === 'range' && term.step === 1)
    return { kind: 'between', from: term.from, to: term.to };
  return isPlain(hour) ? { kind: 'at', hours: valuesOf(hour) } : undefined;
}

function readDays(cron: ParsedCron): DaysForm | undefined {
  const { dayOfMonth, dayOfWeek } = cron.fields;
  if (cron.plus) return undefined;
  if (isAny(dayOfWeek)) return readDaysOfMonth(dayOfMonth);
  if (!isAny(dayOfMonth)) return undefined;
  const [term] = dayOfWeek.terms;
  if (dayOfWeek.terms.length === 1 && term.kind === 'nth')
    return { kind: 'nth-weekday', weekday: term.weekday, nth: term.nth };
  return isPlain(dayOfWeek) ? { kind: 'weekdays', weekdays: valuesOf(dayOfWeek) } : undefined;
}

function readDaysOfMonth(dayOfMonth: ParsedField): DaysForm | undefined {
  const step = stepOf(dayOfMonth);
  if (step !== undefined) return { kind: 'every-day', step };
  const [term] = dayOfMonth.terms;
  if (dayOfMonth.terms.length === 1) {
    if (term.kind === 'last') return { kind: 'last-day', before: term.before };
    if (term.kind === 'nearest') return { kind: 'workday', nearest: term.day };
    if (term.kind === 'last-workday') return { kind: 'workday', nearest: 'last' };
  }
  return isPlain(dayOfMonth) ? { kind: 'days-of-month', days: valuesOf(dayOfMonth) } : undefined;
}

function canonicalFields(form: CronForm): string[] {
  const { time, days, months, second } = form;
  const day = writeDays(days);
  const month = months.length === 0 ? '*' : writeList(months);
  if (time.kind === 'every-second') return [writeStep(time.step), '*', '*', day[0], month, day[1]];
  const minute = time.kind === 'every-minute' ? writeStep(time.step) : writeList(time.minutes);
  const fields = [minute, writeHours(time.hours), day[0], month, day[1]];
  return second === undefined ? fields : [`${second}`, ...fields];
}

function writeHours(hours: HoursForm): string {
  if (hours.kind === 'every') return writeStep(hours.step);
  return hours.kind === 'between' ? `${hours.from}-${hours.to}` : writeList(hours.hours);
}

/** Day of month and day of week. */
function writeDays(days: DaysForm): [string, string] {
  switch (days.kind) {
    case 'every-day':
      return [writeStep(days.step), '*'];
    case 'weekdays':
      return ['*', writeList(days.weekdays)];
    case 'days-of-month':
      return [writeList(days.days), '*'];
    case 'last-day':
      return [days.before === 0 ? 'L' : `L-${days.before}`, '*'];
    case 'workday':
      return [days.nearest === 'last' ? 'LW' : `${days.nearest}W`, '*'];
    case 'nth-weekday':
      return ['*', `${days.weekday}#${days.nth === 'last' ? 'L' : days.nth}`];
  }
}

const writeStep = (step: number): string => (step === 1 ? '*' : `*/${step}`);

/** `1,15` or `1-5`: runs of three and more become ranges. */
function writeList(values: readonly number[]): string {
  const sorted = [...new Set(values)].sort((a, b) => a - b);
  const items: string[] = [];
  for (let start = 0; start < sorted.length; ) {
    let end = start;
    while (sorted[end + 1] === sorted[end] + 1) end++;
    if (end - start >= 2) items.push(`${sorted[start]}-${sorted[end]}`);
    else items.push(...sorted.slice(start, end + 1).map(String));
    start = end + 1;
  }
  return items.join(',');
}
