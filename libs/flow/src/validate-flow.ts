import { type Flow, FlowSchema } from './flow.js';
import { FLOW_LIMITS } from './limits.js';
import { type FlowProblem, problemsOf } from './problem.js';
import { parseSelector } from './selector.js';
import { rewriteStrings, type StringRole } from './strings-of-flow.js';
import { fillTemplate, type TemplateScope, templateNames } from './template.js';

export type FlowResult =
  | { readonly ok: true; readonly flow: Flow }
  | { readonly ok: false; readonly problems: readonly FlowProblem[] };

/** Reads a flow from its JSON text: as `validateFlow`, and names text that is no JSON. */
export function parseFlow(json: string): FlowResult {
  if (bytesOf(json) > FLOW_LIMITS.flowBytes) return refuse(tooLarge(FLOW_LIMITS.flowBytes));
  let input: unknown;
  try {
    input = JSON.parse(json);
  } catch {
    return refuse({
      path: '',
      message: 'It is not JSON.',
      remedy: 'Export the recording from the Recorder of Chrome DevTools as JSON.',
    });
  }
  return validateFlow(input);
}

/** Checks a parsed flow whole: shape, limits, selectors, URLs and templates, but no parameter's value. */
export function validateFlow(input: unknown): FlowResult {
  if (typeof input !== 'object' || input === null || Array.isArray(input))
    return refuse({
      path: '',
      message: 'A flow is a JSON object.',
      remedy: 'Export the recording from the Recorder of Chrome DevTools as JSON.',
    });
  const steps = (input as { steps?: unknown }).steps;
  // Before zod looks at each of them: a million steps need a million looks to say the same.
  if (Array.isArray(steps) && steps.length > FLOW_LIMITS.steps)
    return refuse({
      path: 'steps',
      message: `It has ${steps.length} steps; the limit is ${FLOW_LIMITS.steps}.`,
      remedy: 'Split the flow.',
    });
  const parsed = FlowSchema.safeParse(input);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error, input) };
  const flow = parsed.data;
  if (bytesOf(JSON.stringify(flow)) > FLOW_LIMITS.flowBytes)
    return refuse(tooLarge(FLOW_LIMITS.flowBytes));
  const problems = [...stringProblems(flow), ...extractProblems(flow)];
  return problems.length > 0
    ? { ok: false, problems: problems.slice(0, FLOW_LIMITS.problems) }
    : { ok: true, flow };
}

/** The flow with every template filled in; a problem for each that can't be. */
export function fillFlow(flow: Flow, scope: TemplateScope): FlowResult {
  const problems: FlowProblem[] = [];
  const filled = rewriteStrings(flow, (text, path, role) => {
    const value = fillTemplate(text, scope);
    if (typeof value !== 'string') {
      problems.push({ path, message: sentence(value.message), remedy: remedyOf(value.code) });
      return text;
    }
    problems.push(...roleProblems(value, path, role));
    return value;
  });
  if (problems.length > 0) return { ok: false, problems: problems.slice(0, FLOW_LIMITS.problems) };
  return bytesOf(JSON.stringify(filled)) > FLOW_LIMITS.filledBytes
    ? refuse(tooLarge(FLOW_LIMITS.filledBytes))
    : { ok: true, flow: filled };
}

/** Full names of all templates of a valid flow, sorted, each once: `parameters.user`, `slot.local`. */
export function namesUsed(flow: Flow): readonly string[] {
  const names = new Set<string>();
  rewriteStrings(flow, (text) => {
    const found = templateNames(text);
    if (!('code' in found)) for (const name of found) names.add(name);
    return text;
  });
  return [...names].sort();
}

function stringProblems(flow: Flow): readonly FlowProblem[] {
  const problems: FlowProblem[] = [];
  rewriteStrings(flow, (text, path, role) => {
    const names = templateNames(text);
    if ('code' in names)
      problems.push({ path, message: sentence(names.message), remedy: remedyOf(names.code) });
    // What stands in a template's place is only known when it runs: then it is checked again.
    else if (names.length === 0) problems.push(...roleProblems(text, path, role));
    return text;
  });
  return problems;
}

function roleProblems(text: string, path: string, role: StringRole): readonly FlowProblem[] {
  if (role === 'selector') {
    const selector = parseSelector(text);
    return typeof selector === 'string'
      ? [
          {
            path,
            message: `The selector can't be read: ${selector}.`,
            remedy: 'Use CSS, or one of aria/, text/, xpath/, pierce/ and what it looks for.',
          },
        ]
      : [];
  }
  if (role === 'url' && !mayBeVisited(text))
    return [
      {
        path,
        message: `"${text.slice(0, 100)}" is not an address that a flow may visit.`,
        remedy: 'Give a whole http:// or https:// address, or about:blank.',
      },
    ];
  return [];
}

/** `file:` would read the worker's disk, `chrome:` its browser, `javascript:` is code. */
function mayBeVisited(text: string): boolean {
  if (text === 'about:blank') return true;
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
}

function extractProblems(flow: Flow): readonly FlowProblem[] {
  const problems: FlowProblem[] = [];
  const seen = new Set<string>();
  flow.steps.forEach((step, at) => {
    if (step.type !== 'customStep') return;
    const path = `steps[${at}].parameters.name`;
    if (seen.has(step.parameters.name))
      problems.push({
        path,
        message: `"${step.parameters.name}" is extracted twice.`,
        remedy: 'Give each extracted value a name of its own.',
      });
    seen.add(step.parameters.name);
    if (seen.size === FLOW_LIMITS.extracts + 1)
      problems.push({
        path,
        message: `More than ${FLOW_LIMITS.extracts} values are extracted.`,
        remedy: 'Split the flow.',
      });
  });
  return problems;
}

const remedies = {
  unclosed: 'Close it with "}}", or write "\\{{" for a literal "{{".',
  'bad-name': 'Use a name of letters, digits, "_" and "-", with dots between the parts.',
  'unknown-name': 'Give the task, the schedule or the run a parameter of this name.',
  'not-a-scalar': 'Name a value within it.',
  'too-long': 'Shorten the parameter.',
} as const;

const remedyOf = (code: keyof typeof remedies): string => remedies[code];
const sentence = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}.`;
const refuse = (problem: FlowProblem): FlowResult => ({ ok: false, problems: [problem] });
const bytesOf = (text: string): number => new TextEncoder().encode(text).length;
const tooLarge = (limit: number): FlowProblem => ({
  path: '',
  message: `The flow is larger than ${limit} bytes.`,
  remedy: 'Split the flow, or shorten its parameters.',
});
