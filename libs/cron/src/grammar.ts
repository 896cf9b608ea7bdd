/**
 * The grammar: OCPS 1.0 to 1.4 without the year field, five or six fields (seconds first), read by
 * hand so that every refusal names its field, its position and what to write instead. No library
 * sees an expression that did not pass here.
 */
import { type FieldRule, fieldRules, macros } from './fields.js';
import { parseField } from './grammar-field.js';
import { MAX_EXPRESSION_LENGTH } from './limits.js';
import { type ParsedCron, type ParsedField, refuse, type Token } from './parsed.js';
import { type CronPart, type Problem } from './timing.js';

export type ParseResult = { ok: true; cron: ParsedCron } | { ok: false; problems: Problem[] };

export function parseCron(source: unknown): ParseResult {
  const problem = checkText(source);
  if (problem) return { ok: false, problems: [problem] };
  const text = source as string;
  const tokens = tokenise(text);
  if (tokens.length > 0 && tokens[0].text.startsWith('@')) return parseMacro(text, tokens);
  if (tokens.length !== 5 && tokens.length !== 6)
    return { ok: false, problems: [wrongFieldCount(text, tokens)] };
  return parseFields(text, tokens);
}

export function tokenise(text: string): Token[] {
  const tokens: Token[] = [];
  for (const match of text.matchAll(/[^ \t]+/g)) tokens.push({ text: match[0], at: match.index });
  return tokens;
}

function parseFields(source: string, tokens: Token[]): ParseResult {
  const hasSeconds = tokens.length === 6;
  const written = hasSeconds ? tokens : [{ text: '0', at: 0 }, ...tokens];
  const problems: Problem[] = [];
  const fields = {} as Record<CronPart, ParsedField>;
  let plus = false;
  fieldRules.forEach((rule, index) => {
    let token = written[index];
    if (rule.part === 'dayOfWeek' && token.text.startsWith('+')) {
      plus = true;
      token = { text: token.text.slice(1), at: token.at + 1 };
    }
    const parsed = parseField(rule, token);
    if ('field' in parsed) problems.push(withPart(parsed, rule));
    else fields[rule.part] = parsed;
  });
  if (problems.length > 0) return { ok: false, problems };
  const wild = (hasSeconds && fields.second.star) || fields.minute.star || fields.hour.star;
  return { ok: true, cron: { source, hasSeconds, fields, plus, wild } };
}

function parseMacro(source: string, tokens: Token[]): ParseResult {
  const [{ text, at }] = tokens;
  if (tokens.length > 1)
    return refused('macro-with-fields', `${text} stands for a whole expression`, {
      position: tokens[1].at,
      remedy: `write ${text} alone, or five fields without it`,
    });
  if (Object.hasOwn(macros, text)) {
    const result = parseFields(source, tokenise(macros[text]));
    return result.ok ? { ok: true, cron: { ...result.cron, macro: text } } : result;
  }
  const known = Object.keys(macros).join(', ');
  if (text === '@reboot')
    return refused('reboot', '@reboot is an event of a machine, not a time', {
      position: at,
      remedy: 'trigger the task by an event, or give it a time',
    });
  const lower = text.toLowerCase();
  return refused('unknown-macro', `${text} is not a known macro`, {
    position: at,
    remedy: Object.hasOwn(macros, lower)
      ? `write ${lower}, in small letters`
      : `use one of ${known}`,
  });
}

function checkText(source: unknown): Problem | undefined {
  if (typeof source !== 'string')
    return refuse({
      code: 'not-text',
      message: 'the cron expression is missing',
      remedy: 'write five fields, such as 0 9 * * 1-5',
    });
  if (source.length > MAX_EXPRESSION_LENGTH)
    return refuse({
      code: 'too-long',
      message: `${source.length} characters are more than ${MAX_EXPRESSION_LENGTH}`,
      remedy: 'use ranges and steps, or several schedules',
      position: MAX_EXPRESSION_LENGTH,
    });
  const position = source.search(/[^\t\x20-\x7e]/);
  if (position >= 0) {
    const code = source.codePointAt(position) ?? 0;
    return refuse({
      code: 'strange-character',
      message: `U+${code.toString(16).toUpperCase().padStart(4, '0')} is not allowed`,
      remedy: 'type the expression anew with plain letters, digits, spaces and tabs',
      position,
    });
  }
  if (source.trim() === '')
    return refuse({
      code: 'empty',
      message: 'the cron expression is empty',
      remedy: 'write five fields, such as 0 9 * * 1-5; every minute is * * * * *',
      position: 0,
    });
  return undefined;
}

function wrongFieldCount(source: string, tokens: Token[]): Problem {
  const few = tokens.length < 5;
  const message = `${tokens.length} ${tokens.length === 1 ? 'field' : 'fields'} instead of 5 or 6`;
  if (few)
    return refuse({
      code: 'too-few-fields',
      message,
      remedy: 'write minute, hour, day of month, month and day of week; * stands for any',
      position: source.length,
    });
  return refuse({
    code: 'too-many-fields',
    message,
    remedy:
      tokens.length === 7
        ? 'leave the year out and bound the schedule by from and until'
        : 'write second, minute, hour, day of month, month and day of week at most',
    position: tokens[6].at,
  });
}

function withPart(problem: Problem, rule: FieldRule): Problem {
  return { ...problem, part: rule.part };
}

function refused(
  code: string,
  message: string,
  rest: { remedy: string; position: number },
): ParseResult {
  return { ok: false, problems: [refuse({ code, message, ...rest })] };
}
