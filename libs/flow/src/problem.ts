import type { z } from 'zod';
import { STEP_TYPES } from './flow.js';
import { FLOW_LIMITS } from './limits.js';

/** What is wrong with a flow: where, what, and what to do about it. */
export interface FlowProblem {
  /** Such as `steps[3].selectors[0]`; empty for the flow as a whole. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

/** zod's issues in the words of somebody who edits a flow. */
export function problemsOf(error: z.ZodError, input: unknown): readonly FlowProblem[] {
  const refused = new Set<string>();
  const problems = error.issues.flatMap((issue): readonly FlowProblem[] => {
    const path = pathText(issue.path);
    if (issue.code === 'invalid_value' && /^steps\[\d+\]\.name$/.test(path)) {
      refused.add(path.slice(0, -'.name'.length));
      return [
        {
          path,
          message: `The custom step ${shown(valueAt(input, issue.path))} is not one that Carillon runs.`,
          remedy: 'Take the step out, or use the one custom step there is: "extract".',
        },
      ];
    }
    return [oneProblem(issue, path, input)].flat();
  });
  // A foreign custom step brings parameters of its own: what zod says of them would only confuse.
  const told = problems.filter(
    ({ path }) =>
      ![...refused].some((step) => path.startsWith(`${step}.`) && path !== `${step}.name`),
  );
  return told.slice(0, FLOW_LIMITS.problems);
}

function oneProblem(
  issue: z.core.$ZodIssue,
  path: string,
  input: unknown,
): FlowProblem | readonly FlowProblem[] {
  const value = valueAt(input, issue.path);
  switch (issue.code) {
    case 'unrecognized_keys':
      return issue.keys.map((key) => ({
        path: path === '' ? key : `${path}.${key}`,
        message: `There is no field "${key}" here.`,
        remedy: 'Take it out, or correct its name.',
      }));
    case 'invalid_union':
      if (issue.path.at(-1) === 'type')
        return {
          path,
          message:
            value === undefined
              ? 'The step has no type.'
              : `${shown(value)} is not a type of step.`,
          remedy: `Use one of: ${STEP_TYPES.join(', ')}.`,
        };
      return {
        path,
        message: `${shown(value)} does not fit here.`,
        remedy: 'A selector is a non-empty text, or a list of texts for nested shadow roots.',
      };
    case 'invalid_type':
      return value === undefined
        ? { path, message: 'It is missing.', remedy: `Give it as ${issue.expected}.` }
        : {
            path,
            message: `${shown(value)} is not of type ${issue.expected}.`,
            remedy: `Give it as ${issue.expected}.`,
          };
    case 'too_big':
      return {
        path,
        message: `It is above the limit of ${issue.maximum}.`,
        remedy: issue.origin === 'array' ? 'Split it.' : 'Make it smaller.',
      };
    case 'too_small':
      return {
        path,
        message: `It is below the least allowed, ${issue.minimum}.`,
        remedy: issue.origin === 'array' ? 'Give at least one.' : 'Make it larger.',
      };
    case 'invalid_value':
      return {
        path,
        message: `${shown(value)} is not allowed here.`,
        remedy: `Use one of: ${issue.values.map(String).join(', ')}.`,
      };
    default:
      return {
        path,
        message: `${shown(value)} does not fit: ${issue.message}.`,
        remedy: 'Correct it.',
      };
  }
}

export function pathText(path: readonly PropertyKey[]): string {
  return path.reduce<string>(
    (text, one) =>
      typeof one === 'number'
        ? `${text}[${one}]`
        : text === ''
          ? String(one)
          : `${text}.${String(one)}`,
    '',
  );
}

function valueAt(input: unknown, path: readonly PropertyKey[]): unknown {
  let value = input;
  for (const one of path) {
    if (typeof value !== 'object' || value === null) return undefined;
    value = (value as Record<PropertyKey, unknown>)[one];
  }
  return value;
}

const SHOWN_CHARS = 60;

function shown(value: unknown): string {
  if (Array.isArray(value)) return 'An array';
  if (typeof value === 'object' && value !== null) return 'An object';
  const text = typeof value === 'string' ? JSON.stringify(value) : String(value);
  return text.length > SHOWN_CHARS ? `${text.slice(0, SHOWN_CHARS)}…` : text;
}
