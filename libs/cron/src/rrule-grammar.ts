/**
 * Recurrence rules of RFC 5545, as far as a schedule needs them: MINUTELY to YEARLY with INTERVAL,
 * COUNT or UNTIL, BYMONTH, BYMONTHDAY, BYDAY, BYHOUR, BYMINUTE, BYSECOND, BYSETPOS and WKST.
 */
import { parseLocal } from './calendar.js';
import { MAX_RULE_COUNT, MAX_RULE_INTERVAL, MAX_RULE_LENGTH } from './limits.js';
import { type Problem } from './timing.js';

export type Frequency = 'YEARLY' | 'MONTHLY' | 'WEEKLY' | 'DAILY' | 'HOURLY' | 'MINUTELY';

export interface RuleDay {
  weekday: number;
  /** The nth of the month or year, from its end when negative; 0 for each. */
  nth: number;
}

export interface ParsedRule {
  frequency: Frequency;
  interval: number;
  count?: number;
  /** Last local time, or last instant when the rule gives UTC, in seconds. */
  until?: { second: number; utc: boolean };
  months: number[];
  monthDays: number[];
  days: RuleDay[];
  hours: number[];
  minutes: number[];
  seconds: number[];
  positions: number[];
  weekStart: number;
}

const FREQUENCIES = ['YEARLY', 'MONTHLY', 'WEEKLY', 'DAILY', 'HOURLY', 'MINUTELY'] as const;
const WEEKDAYS = ['SU', 'MO', 'TU', 'WE', 'TH', 'FR', 'SA'];

interface ListRule {
  key: 'months' | 'monthDays' | 'hours' | 'minutes' | 'seconds' | 'positions';
  min: number;
  max: number;
  /** Counted from the end when negative. */
  signed: boolean;
}

const LISTS: Readonly<Record<string, ListRule>> = {
  BYMONTH: { key: 'months', min: 1, max: 12, signed: false },
  BYMONTHDAY: { key: 'monthDays', min: 1, max: 31, signed: true },
  BYHOUR: { key: 'hours', min: 0, max: 23, signed: false },
  BYMINUTE: { key: 'minutes', min: 0, max: 59, signed: false },
  BYSECOND: { key: 'seconds', min: 0, max: 59, signed: false },
  BYSETPOS: { key: 'positions', min: 1, max: 366, signed: true },
};
const KNOWN = ['FREQ', 'INTERVAL', 'COUNT', 'UNTIL', 'BYDAY', 'WKST', ...Object.keys(LISTS)];

export type RuleResult = { ok: true; rule: ParsedRule } | { ok: false; problems: Problem[] };

interface Part {
  key: string;
  value: string;
  at: number;
}

type Complaint = (code: string, message: string, remedy: string) => void;

export function parseRule(text: unknown): RuleResult {
  const problems: Problem[] = [];
  const parts = readParts(text, problems);
  const rule: ParsedRule = {
    frequency: 'DAILY',
    interval: 1,
    months: [],
    monthDays: [],
    days: [],
    hours: [],
    minutes: [],
    seconds: [],
    positions: [],
    weekStart: 1,
  };
  for (const part of parts) readPart(rule, part, problems);
  if (problems.length === 0) problems.push(...combinations(rule, parts));
  return problems.length > 0 ? { ok: false, problems } : { ok: true, rule };
}

function problem(code: string, message: string, remedy: string, position?: number): Problem {
  return { field: 'rrule', code, message, remedy, ...(position !== undefined && { position }) };
}

function readParts(text: unknown, problems: Problem[]): Part[] {
  const example = 'write a rule such as FREQ=WEEKLY;BYDAY=MO,FR';
  if (typeof text !== 'string' || text === '') {
    problems.push(problem('empty', 'the recurrence rule is missing', example));
    return [];
  }
  if (text.length > MAX_RULE_LENGTH) {
    problems.push(
      problem('too-long', `more than ${MAX_RULE_LENGTH} characters`, 'use several schedules'),
    );
    return [];
  }
  const prefix = /^RRULE:/i.exec(text)?.[0].length ?? 0;
  const parts: Part[] = [];
  let at = prefix;
  for (const piece of text.slice(prefix).split(';')) {
    const match = /^([A-Za-z]+)=([A-Za-z0-9,+-]+)$/.exec(piece);
    const key = match?.[1].toUpperCase() ?? '';
    const show = piece === '' ? 'an empty part' : piece;
    if (!match) problems.push(problem('bad-part', `${show} is not NAME=VALUE`, example, at));
    else if (!KNOWN.includes(key))
      problems.push(
        problem('unsupported-part', `${key} is not supported`, `use ${KNOWN.join(', ')}`, at),
      );
    else if (parts.some((part) => part.key === key))
      problems.push(problem('twice', `${key} is given twice`, 'give each part once', at));
    else parts.push({ key, value: match[2].toUpperCase(), at });
    at += piece.length + 1;
  }
  if (problems.length === 0 && !parts.some((part) => part.key === 'FREQ'))
    problems.push(problem('no-frequency', 'FREQ is missing', example, prefix));
  return parts;
}

function readPart(rule: ParsedRule, part: Part, problems: Problem[]): void {
  const complain: Complaint = (code, message, remedy) =>
    problems.push(problem(code, message, remedy, part.at));
  const { key, value } = part;
  const list = LISTS[key];
  if (list) rule[list.key] = readList(part, list, complain);
  else if (key === 'BYDAY') rule.days = readDays(value, complain);
  else if (key === 'FREQ') {
    const frequency = FREQUENCIES.find((known) => known === value);
    if (frequency) rule.frequency = frequency;
    else
      complain(
        'unknown-frequency',
        `${value} is not a frequency`,
        `use ${FREQUENCIES.join(', ')}, or an interval (every)`,
      );
  } else if (key === 'INTERVAL') rule.interval = readNumber(part, MAX_RULE_INTERVAL, complain);
  else if (key === 'COUNT') rule.count = readNumber(part, MAX_RULE_COUNT, complain);
  else if (key === 'UNTIL') rule.until = readUntil(value, complain);
  else {
    rule.weekStart = WEEKDAYS.indexOf(value);
    if (rule.weekStart < 0)
      complain('bad-value', `${value} is not a weekday`, `use ${WEEKDAYS.join(', ')}`);
  }
}

function readNumber({ key, value }: Part, max: number, complain: Complaint): number {
  const number = /^\d+$/.test(value) ? Number(value) : 0;
  if (number < 1 || number > max)
    complain('bad-value', `${key}=${value} is not allowed`, `use 1 to ${max}`);
  return number;
}

function readList({ key, value }: Part, list: ListRule, complain: Complaint): number[] {
  const numbers = new Set<number>();
  for (const item of value.split(',')) {
    const number = /^[+-]?\d{1,3}$/.test(item) ? Number(item) : Number.NaN;
    const size = list.signed ? Math.abs(number) : number;
    if (size >= list.min && size <= list.max) numbers.add(number);
    else {
      const span = `${list.min} to ${list.max}`;
      complain(
        'bad-value',
        `${item || 'nothing'} is not a value of ${key}`,
        `use ${span}${list.signed ? ', or -1 and so on from the end' : ''}`,
      );
    }
  }
  return [...numbers].sort((a, b) => a - b);
}

function readDays(value: string, complain: Complaint): RuleDay[] {
  const days: RuleDay[] = [];
  for (const item of value.split(',')) {
    const match = /^([+-]?\d{1,2})?(SU|MO|TU|WE|TH|FR|SA)$/.exec(item);
    const nth = Number(match?.[1] ?? 0);
    const zero = match?.[1] !== undefined && nth === 0;
    if (match && !zero && Math.abs(nth) <= 53)
      days.push({ weekday: WEEKDAYS.indexOf(match[2]), nth });
    else
      complain(
        'bad-value',
        `${item || 'nothing'} is not a weekday`,
        'use MO, 2TU (second Tuesday) or -1FR (last Friday)',
      );
  }
  return days;
}

function readUntil(value: string, complain: Complaint): ParsedRule['until'] {
  const match = /^(\d{4})(\d\d)(\d\d)(?:T(\d\d)(\d\d)(\d\d)(Z)?)?$/.exec(value);
  const [, year, month, day, hour = '23', minute = '59', second = '59', utc] = match ?? [];
  const naive = match
    ? parseLocal(`${year}-${month}-${day}T${hour}:${minute}:${second}`)
    : undefined;
  if (naive !== undefined) return { second: naive, utc: utc !== undefined };
  complain(
    'bad-value',
    `${value} is not a date`,
    'write 20261231, 20261231T090000 or 20261231T090000Z',
  );
  return undefined;
}

/** What RFC 5545 forbids together, and what would mean nothing. */
function combinations(rule: ParsedRule, parts: Part[]): Problem[] {
  const problems: Problem[] = [];
  const complain = (key: string, message: string, remedy: string) =>
    problems.push(
      problem('bad-combination', message, remedy, parts.find((part) => part.key === key)?.at),
    );
  const { frequency, days, positions } = rule;
  const counted = days.some((day) => day.nth !== 0);
  if (rule.count !== undefined && rule.until)
    complain('UNTIL', 'COUNT and UNTIL exclude each other', 'keep one of them');
  if (counted && frequency !== 'MONTHLY' && frequency !== 'YEARLY')
    complain(
      'BYDAY',
      'numbered weekdays need a month or a year',
      'use FREQ=MONTHLY or FREQ=YEARLY',
    );
  if (frequency === 'MONTHLY' && days.some((day) => Math.abs(day.nth) > 5))
    complain('BYDAY', 'no month has a sixth weekday', 'use 1 to 5, or -1 to -5');
  if (frequency === 'WEEKLY' && rule.monthDays.length > 0)
    complain('BYMONTHDAY', 'a weekly rule has no days of the month', 'use FREQ=MONTHLY');
  if (positions.length > 0 && (frequency === 'HOURLY' || frequency === 'MINUTELY'))
    complain(
      'BYSETPOS',
      'BYSETPOS counts within a day or longer',
      'use FREQ=DAILY with BYHOUR and BYMINUTE',
    );
  return problems;
}
