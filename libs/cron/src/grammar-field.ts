/** One field of an expression: a list of terms, each read and refused at its own position. */
import { type FieldRule, numberOfName, sizeOf } from './fields.js';
import { type ParsedField, refuse, type Term, type Token } from './parsed.js';
import { type Problem } from './timing.js';

type Read<T> = T | Problem;
const isProblem = (value: object): value is Problem => 'remedy' in value;

export function parseField(rule: FieldRule, token: Token): Read<ParsedField> {
  const early = misplacedCharacter(rule, token);
  if (early) return early;
  const texts = token.text.split(',');
  const terms: Term[] = [];
  let at = token.at;
  for (const text of texts) {
    const term = parseTerm(rule, { text, at });
    if (isProblem(term)) return term;
    if (texts.length > 1 && (term.kind === 'nearest' || term.kind === 'last-workday'))
      return refuse({
        code: 'workday-in-list',
        message: `${text} can not stand in a list`,
        remedy: 'make a schedule of its own for each such day',
        position: at,
      });
    terms.push(term);
    at += text.length + 1;
  }
  const star = token.text.startsWith('*') || token.text.startsWith('?');
  return { part: rule.part, text: token.text, at: token.at, star, terms };
}

function parseTerm(rule: FieldRule, token: Token): Read<Term> {
  const { text, at } = token;
  if (text === '')
    return refuse({
      code: 'empty-item',
      message: `the ${rule.label} field has an empty item`,
      remedy: 'remove the comma that has nothing beside it',
      position: at,
    });
  const special = parseSpecial(rule, token);
  if (special) return special;
  const slash = text.indexOf('/');
  const body = slash < 0 ? text : text.slice(0, slash);
  const step =
    slash < 0 ? 1 : parseStep(rule, body, { text: text.slice(slash + 1), at: at + slash + 1 });
  if (typeof step !== 'number') return step;
  if (body === '*' || body === '?') return { kind: 'all', step, at, text };
  const dash = body.indexOf('-');
  if (dash >= 0) return parseRange(rule, { text: body, at }, step, text);
  const value = slash === 0 ? 0 : parseNumber(rule, { text: body, at });
  if (typeof value !== 'number') return value;
  if (slash >= 0)
    return refuse({
      code: 'step-without-range',
      message: `${text} has a step but no range`,
      remedy: body === '' ? `write *${text}` : `write ${body}-${topOf(rule)}${text.slice(slash)}`,
      position: at,
    });
  return { kind: 'value', value, at, text };
}

function parseRange(rule: FieldRule, token: Token, step: number, text: string): Read<Term> {
  const dash = token.text.indexOf('-');
  const low = token.text.slice(0, dash);
  const high = token.text.slice(dash + 1);
  const from = parseNumber(rule, { text: low, at: token.at });
  if (typeof from !== 'number') return from;
  const highAt = token.at + dash + 1;
  const written = parseNumber(rule, { text: high, at: highAt });
  if (typeof written !== 'number') return written;
  // SUN is 0 at the start of a range and 7 at its end: FRI-SUN is a weekend.
  const to =
    rule.part === 'dayOfWeek' && written === 0 && from > 0 && !/\d/.test(high) ? 7 : written;
  if (from > to)
    return refuse({
      code: 'reversed-range',
      message: `${low}-${high} runs backwards`,
      remedy: `use ${unwrapped(rule, low, high, text.slice(token.text.length))}`,
      position: token.at,
    });
  return { kind: 'range', from, to, step, at: token.at, text };
}

/** `22-2` as two ranges. */
function unwrapped(rule: FieldRule, low: string, high: string, step: string): string {
  const top = spelled(rule, topOf(rule), low);
  const bottom = spelled(rule, rule.min, high);
  const first = low.toUpperCase() === top ? low : `${low}-${top}${step}`;
  const second = high.toUpperCase() === bottom ? high : `${bottom}-${high}${step}`;
  return `${first},${second}`;
}

/** A value as a number, or as a name when its neighbour is one. */
function spelled(rule: FieldRule, value: number, neighbour: string): string {
  const name = rule.names?.[value - rule.min];
  return name && !/\d/.test(neighbour) ? name : `${value}`;
}

function topOf(rule: FieldRule): number {
  return rule.part === 'dayOfWeek' ? 6 : rule.max;
}

function parseStep(rule: FieldRule, body: string, token: Token): number | Problem {
  if (!/^\d+$/.test(token.text))
    return refuse({
      code: 'bad-step',
      message: `the step ${token.text === '' ? 'is missing' : `${token.text} is not a number`}`,
      remedy: `write a whole number after the slash, such as ${body || '*'}/5`,
      position: token.at,
    });
  const step = Number(token.text);
  if (step === 0)
    return refuse({
      code: 'zero-step',
      message: 'a step of 0 goes nowhere',
      remedy: 'write a step of 1 or more',
      position: token.at,
    });
  if (step > sizeOf(rule))
    return refuse({
      code: 'step-too-large',
      message: `a step of ${step} leaves the ${rule.label} field, which has ${sizeOf(rule)} values`,
      remedy: 'for longer distances use an interval (every), which is not bound to the hour or day',
      position: token.at,
    });
  return step;
}

function parseNumber(rule: FieldRule, token: Token): number | Problem {
  const { text, at } = token;
  const named = numberOfName(rule, text);
  if (named >= 0) return named;
  const span = `${rule.min} to ${rule.max}`;
  if (!/^\d+$/.test(text))
    return refuse({
      code: 'not-a-value',
      message: `${text === '' ? 'nothing' : text} is not ${rule.label === 'hour' ? 'an' : 'a'} ${rule.label}`,
      remedy: rule.names ? `use ${span} or ${rule.names.join(', ')}` : `use a number from ${span}`,
      position: at,
    });
  const value = Number(text);
  if (value < rule.min || value > rule.max)
    return refuse({
      code: 'out-of-range',
      message: `${text} is not ${rule.label === 'hour' ? 'an' : 'a'} ${rule.label}`,
      remedy: outOfRangeRemedy(rule, value),
      position: at,
    });
  return value;
}

function outOfRangeRemedy(rule: FieldRule, value: number): string {
  if (value === rule.max + 1 && rule.min === 0 && rule.part !== 'dayOfWeek')
    return `use 0: ${rule.label}s run from 0 to ${rule.max}`;
  return `use a number from ${rule.min} to ${rule.max}`;
}

const NTH = /^([^#]+)#([1-5]|L)$/;

/** `L`, `L-2`, `LW`, `15W` in days of month; `5L`, `5#L`, `5#2` in days of week. */
function parseSpecial(rule: FieldRule, token: Token): Read<Term> | undefined {
  const { text, at } = token;
  if (rule.part === 'dayOfMonth') {
    if (text === 'L') return { kind: 'last', before: 0, at, text };
    if (text === 'LW') return { kind: 'last-workday', at, text };
    const before = /^L-(\d{1,2})$/.exec(text);
    if (before && +before[1] >= 1 && +before[1] <= 30)
      return { kind: 'last', before: +before[1], at, text };
    const nearest = /^(\d{1,2})W$/.exec(text);
    if (nearest && +nearest[1] >= 1 && +nearest[1] <= 31)
      return { kind: 'nearest', day: +nearest[1], at, text };
    if (/[LW]/.test(text))
      return refuse({
        code: 'bad-modifier',
        message: `${text} is not a day of month`,
        remedy: 'use L (last day), L-2 (two days before it), 15W (workday nearest the 15th) or LW',
        position: at,
      });
  }
  if (rule.part !== 'dayOfWeek') return undefined;
  const nth = text.includes('#') ? NTH.exec(text) : /^(\w+?)(L)$/.exec(text);
  if (nth) {
    const weekday = parseNumber(rule, { text: nth[1], at });
    if (typeof weekday !== 'number') return weekday;
    const n = nth[2] === 'L' ? 'last' : (Number(nth[2]) as 1 | 2 | 3 | 4 | 5);
    return { kind: 'nth', weekday: weekday % 7, nth: n, at, text };
  }
  if (text.includes('#') || text.endsWith('L'))
    return refuse({
      code: 'bad-modifier',
      message: `${text} is not a weekday of the month`,
      remedy: 'use 5#2 (second Friday) or 5#L (last Friday), one weekday at a time',
      position: at,
    });
  return undefined;
}

/** Characters that mean something elsewhere, or to other crons, get a remedy of their own. */
interface Misplaced {
  in: (rule: FieldRule, text: string) => boolean;
  pattern: RegExp;
  code: string;
  message: string;
  remedy: string;
}

const isDay = (rule: FieldRule) => rule.part === 'dayOfMonth' || rule.part === 'dayOfWeek';

const misplaced: readonly Misplaced[] = [
  {
    in: (rule, text) => !(isDay(rule) && text === '?'),
    pattern: /\?/,
    code: 'question-mark',
    message: '? is only known as a whole day field',
    remedy: 'write * for any value',
  },
  {
    in: () => true,
    pattern: /(?<![A-Za-z])H(?![A-Za-z])/,
    code: 'hash',
    message: 'H would mean another time on every machine',
    remedy: 'choose a time, and a spread window to keep schedules apart',
  },
  {
    in: () => true,
    pattern: /\+/,
    code: 'misplaced-plus',
    message: '+ may only start the day of week',
    remedy: 'write it as in 0 9 1 * +MON',
  },
  {
    in: isDay,
    pattern: /(?<![A-Za-z])[lw]{1,2}(?![A-Za-z])/,
    code: 'small-letter',
    message: 'L and W are written as capitals',
    remedy: 'write L, W or LW',
  },
  {
    in: () => true,
    pattern: /[^0-9A-Za-z*?,/#-]/,
    code: 'strange-character',
    message: 'this character has no meaning in cron',
    remedy: 'remove it',
  },
  {
    in: (rule) => !isDay(rule),
    pattern: /#|(?<![A-Za-z])[LW](?![A-Za-z])/,
    code: 'misplaced-modifier',
    message: 'L, W and # belong to the day fields',
    remedy: 'use numbers here',
  },
  {
    in: (rule) => rule.part === 'dayOfMonth',
    pattern: /#/,
    code: 'misplaced-modifier',
    message: '# belongs to the day of week',
    remedy: 'write it as in 0 9 * * 5#2',
  },
];

function misplacedCharacter(rule: FieldRule, token: Token): Problem | undefined {
  if (token.text === '')
    return refuse({
      code: 'empty-item',
      message: `the ${rule.label} field is empty after +`,
      remedy: 'write a weekday after +, such as +MON',
      position: token.at,
    });
  for (const { in: applies, pattern, code, message, remedy } of misplaced) {
    const index = applies(rule, token.text) ? token.text.search(pattern) : -1;
    if (index >= 0) return refuse({ code, message, remedy, position: token.at + index });
  }
  return undefined;
}
