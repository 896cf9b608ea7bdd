import { z } from 'zod';
import { PROBLEMS_MAX } from '../limits.js';
import { escapePointer } from './check-json.js';
import { sentence, shown } from './plain-text.js';
import { type Fault, invalid } from './problem.js';

/** Parses by a schema; throws the problem that names every field at fault. */
export function parseOrRefuse<S extends z.ZodType>(
  schema: S,
  value: unknown,
  where: { in?: Fault['in']; under?: string } = {},
): z.output<S> {
  const result = schema.safeParse(value, { reportInput: true });
  if (result.success) return result.data;
  throw invalid(faultsOf(result.error, where));
}

export function faultsOf(
  error: z.ZodError,
  where: { in?: Fault['in']; under?: string } = {},
): Fault[] {
  return error.issues
    .flatMap((issue) => faultsOfIssue(issue, where.under ?? ''))
    .slice(0, PROBLEMS_MAX)
    .map((fault) => (where.in === undefined ? fault : { ...fault, in: where.in }));
}

function faultsOfIssue(issue: z.core.$ZodIssue, under: string): Fault[] {
  const path = pointerOf(issue.path, under);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: `${path}/${escapePointer(key)}`,
        code: 'unknown-field',
        message: `There is no field \`${shown(key)}\` here.`,
        remedy: 'Take it out, or correct its name.',
      }));
    case 'invalid_type':
      return [
        issue.input === undefined
          ? {
              path,
              code: 'missing',
              message: 'It is missing.',
              remedy: `Give ${a(issue.expected)}.`,
            }
          : {
              path,
              code: 'wrong-type',
              message: `It has to be ${a(issue.expected)}.`,
              remedy: `Give ${a(issue.expected)}.`,
            },
      ];
    case 'invalid_value':
      return [
        {
          path,
          code: issue.input === undefined ? 'missing' : 'not-one-of',
          message: `It has to be one of ${issue.values.map(String).join(', ')}.`,
          remedy: `Use one of ${issue.values.map(String).join(', ')}.`,
        },
      ];
    case 'too_big':
      return [
        {
          path,
          code: issue.origin === 'string' || issue.origin === 'array' ? 'too-long' : 'too-large',
          message: `${measured(issue.origin)} may be at most ${issue.maximum}.`,
          remedy: 'Make it smaller.',
        },
      ];
    case 'too_small':
      return [
        {
          path,
          code: issue.origin === 'string' || issue.origin === 'array' ? 'too-short' : 'too-small',
          message: `${measured(issue.origin)} has to be at least ${issue.minimum}.`,
          remedy: 'Make it larger.',
        },
      ];
    case 'invalid_union':
      return [{ path, code: 'wrong-type', message: issue.message }];
    case 'custom':
      return [customFault(issue, path)];
    default:
      return [{ path, code: 'bad-format', message: sentence(issue.message) }];
  }
}

/** A rule of ours: its code and remedy travel in `params`. */
function customFault(issue: z.core.$ZodIssueCustom, path: string): Fault {
  const { code, remedy } = (issue.params ?? {}) as { code?: string; remedy?: string };
  return {
    path,
    code: code ?? 'bad-format',
    message: sentence(issue.message),
    ...(remedy === undefined ? {} : { remedy }),
  };
}

function pointerOf(path: readonly PropertyKey[], under: string): string {
  return path.reduce<string>((text, one) => `${text}/${escapePointer(String(one))}`, under);
}

function measured(origin: string): string {
  if (origin === 'string') return 'The number of its characters';
  if (origin === 'array') return 'The number of its items';
  return 'It';
}

const articles: Record<string, string> = {
  object: 'an object',
  record: 'an object',
  array: 'an array',
  int: 'a whole number',
  date: 'an instant in ISO 8601',
};

function a(expected: string): string {
  return articles[expected] ?? `a ${expected}`;
}
