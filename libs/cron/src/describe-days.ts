/** The days of an expression in words, with the "or" and "and" of the two day fields made plain. */
import { valuesOf } from './compile.js';
import { type ParsedCron, type ParsedField, type Term } from './parsed.js';

export const MONTHS = [
  'January',
  'February',
  'March',
  'April',
  'May',
  'June',
  'July',
  'August',
  'September',
  'October',
  'November',
  'December',
];
export const WEEKDAYS = [
  'Sunday',
  'Monday',
  'Tuesday',
  'Wednesday',
  'Thursday',
  'Friday',
  'Saturday',
];
const NTH = ['', 'first', 'second', 'third', 'fourth', 'fifth'];

/** Empty when every day matches. */
export function describeDays(cron: ParsedCron): string {
  const { dayOfMonth, dayOfWeek, month } = cron.fields;
  const byMonth = unrestricted(dayOfMonth) ? '' : describeDaysOfMonth(dayOfMonth);
  const byWeek = unrestricted(dayOfWeek) ? '' : describeDaysOfWeek(dayOfWeek);
  const both = cron.plus || dayOfMonth.star || dayOfWeek.star;
  let days: string;
  if (byMonth && byWeek)
    days = both
      ? `on ${byMonth}, if that is ${byWeek}`
      : `on ${byMonth} or on ${byWeek}, whichever comes`;
  else days = byMonth || byWeek ? `on ${byMonth || byWeek}` : '';
  if (unrestricted(month)) return days;
  const months = `in ${listRuns(valuesOf(month), 12, (value) => MONTHS[value - 1])}`;
  return days === '' ? `every day ${months}` : `${days}${byMonth && byWeek ? ',' : ''} ${months}`;
}

function unrestricted(field: ParsedField): boolean {
  return field.terms.some((term) => term.kind === 'all' && term.step === 1);
}

function describeDaysOfMonth(field: ParsedField): string {
  const [first] = field.terms;
  if (field.terms.length === 1 && first.kind === 'all')
    return `every ${ordinal(first.step)} day of the month, from the 1st`;
  const parts: string[] = [];
  const plain = valuesOf(field);
  if (plain.length > 0)
    parts.push(`${plain.length > 1 ? 'days' : 'day'} ${listRuns(plain, 31, String)} of the month`);
  for (const term of field.terms) {
    const words = describeSpecial(term);
    if (words) parts.push(words);
  }
  return parts.join(' and ');
}

function describeDaysOfWeek(field: ParsedField): string {
  const parts: string[] = [];
  const plain = valuesOf(field);
  // Weeks are spoken of from Monday: Saturday and Sunday, not Sunday and Saturday.
  const fromMonday = plain.map((value) => (value + 6) % 7).sort((a, b) => a - b);
  if (plain.length > 0) parts.push(listRuns(fromMonday, 7, (value) => WEEKDAYS[(value + 1) % 7]));
  for (const term of field.terms) {
    const words = describeSpecial(term);
    if (words) parts.push(words);
  }
  return parts.join(' and ');
}

function describeSpecial(term: Term): string | undefined {
  switch (term.kind) {
    case 'last':
      if (term.before === 0) return 'the last day of the month';
      return `the day ${term.before} before the last of the month`;
    case 'nearest':
      return `the workday nearest day ${term.day} of the month`;
    case 'last-workday':
      return 'the last workday of the month';
    case 'nth':
      return `the ${term.nth === 'last' ? 'last' : NTH[term.nth]} ${WEEKDAYS[term.weekday]} of the month`;
    default:
      return undefined;
  }
}

/** `1 to 5, 9 and 12`: runs of three and more become ranges. */
export function listRuns(
  values: readonly number[],
  size: number,
  name: (value: number) => string,
): string {
  if (values.length === size) return `${name(values[0])} to ${name(values[size - 1])}`;
  const items: string[] = [];
  for (let start = 0; start < values.length; ) {
    let end = start;
    while (values[end + 1] === values[end] + 1) end++;
    if (end - start >= 2) items.push(`${name(values[start])} to ${name(values[end])}`);
    else for (let i = start; i <= end; i++) items.push(name(values[i]));
    start = end + 1;
  }
  return enumerate(items);
}

/** `a, b and c`. */
export function enumerate(items: readonly string[]): string {
  if (items.length < 2) return items.join('');
  return `${items.slice(0, -1).join(', ')} and ${items[items.length - 1]}`;
}

export function ordinal(n: number): string {
  const tens = n % 100;
  if (tens >= 11 && tens <= 13) return `${n}th`;
  return `${n}${['th', 'st', 'nd', 'rd'][n % 10] ?? 'th'}`;
}
