import { z } from 'zod';
import { fillTemplate, type TemplateScope, templateNames } from '#libs/flow';
import { type ScriptRun, ScriptRunSchema, type ShellRun, ShellRunSchema } from './code-task.js';
import { type HttpRequest, HttpRequestSchema, requestOf } from './http-request.js';
import { BUILTIN_LIMITS } from './limits.js';

/** The system tasks that Carillon itself brings. */
export const BUILTIN_NAMES = ['http.request', 'noop', 'script.run', 'shell.run'] as const;
export type BuiltinName = (typeof BUILTIN_NAMES)[number];

/** What is to be done, with every template filled in. */
export type BuiltinJob =
  | ({ readonly name: 'http.request' } & HttpRequest)
  | { readonly name: 'noop'; readonly durationMs: number }
  | ({ readonly name: 'script.run' } & Readonly<ScriptRun>)
  | ({ readonly name: 'shell.run' } & Readonly<ShellRun>);

export interface BuiltinProblem {
  /** Field of the parameters, such as `headers.accept`; empty for the task as a whole. */
  readonly path: string;
  readonly message: string;
  readonly remedy: string;
}

export type BuiltinResult<T> =
  | ({ readonly ok: true } & T)
  | { readonly ok: false; readonly problems: readonly BuiltinProblem[] };

const NoopSchema = z.strictObject({
  durationMs: z.number().min(0).max(BUILTIN_LIMITS.noopMs).default(0),
});
const schemas = {
  'http.request': HttpRequestSchema,
  noop: NoopSchema,
  'script.run': ScriptRunSchema,
  'shell.run': ShellRunSchema,
} as const;
/** Of all of them: one that belongs to another task is told as unknown, template or not. */
const FIELDS = new Set(Object.values(schemas).flatMap((schema) => Object.keys(schema.shape)));
/** The field that is a program, and so is never read as a template. */
const PROGRAM = 'script';

export const isBuiltin = (name: string): name is BuiltinName =>
  BUILTIN_NAMES.some((one) => one === name);

/** Checks the parameters of a task, with templates still open. */
export function validateBuiltin(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): BuiltinResult<object> {
  if (!isBuiltin(name)) return refuse(unknownTask(name));
  const own = withoutUsedByTemplates(name, parameters);
  if (!own.ok) return own;
  const parsed = schemas[name].safeParse(own.parameters);
  return parsed.success ? { ok: true } : { ok: false, problems: problemsOf(parsed.error) };
}

/** Fills in the templates and gives what is to be done. */
export function builtinJob(name: string, scope: TemplateScope): BuiltinResult<{ job: BuiltinJob }> {
  if (!isBuiltin(name)) return refuse(unknownTask(name));
  const own = withoutUsedByTemplates(name, scope.parameters);
  if (!own.ok) return own;
  const problems: BuiltinProblem[] = [];
  const filled = rewriteStrings(own.parameters, (text, path) => {
    if (isProgram(name, path)) return text;
    const value = fillTemplate(text, scope);
    if (typeof value === 'string') return value;
    problems.push({ path, message: `${value.message}.`, remedy: TEMPLATE_REMEDY });
    return text;
  });
  if (problems.length > 0) return { ok: false, problems };
  return jobOf(name, filled);
}

function jobOf(name: BuiltinName, filled: unknown): BuiltinResult<{ job: BuiltinJob }> {
  if (name === 'noop')
    return parsed(NoopSchema, filled, (data) => ({ ok: true, job: { name, ...data } }));
  if (name === 'script.run')
    return parsed(ScriptRunSchema, filled, (data) => ({ ok: true, job: { name, ...data } }));
  if (name === 'shell.run')
    return parsed(ShellRunSchema, filled, (data) => ({ ok: true, job: { name, ...data } }));
  return parsed(HttpRequestSchema, filled, (data) => {
    const job = requestOf(data);
    // A template that gives `{{` again would pass the schema as if it were still open.
    if (URL.parse(job.url) === null)
      return refuse({ path: 'url', message: 'not an address', remedy: remedies['url'] ?? '' });
    return { ok: true, job: { name, ...job } };
  });
}

function parsed<T>(
  schema: z.ZodType<T>,
  value: unknown,
  made: (data: T) => BuiltinResult<{ job: BuiltinJob }>,
): BuiltinResult<{ job: BuiltinJob }> {
  const result = schema.safeParse(value);
  return result.success ? made(result.data) : { ok: false, problems: problemsOf(result.error) };
}

const isProgram = (name: BuiltinName, path: string): boolean =>
  path === PROGRAM && PROGRAM in schemas[name].shape;

/**
 * The parameters that are the task's own. One that only a template names (`{{customer}}`) is an
 * input, not a field; any other unknown one is refused by the schema, since it is a slip of the pen.
 */
function withoutUsedByTemplates(
  name: BuiltinName,
  parameters: Readonly<Record<string, unknown>>,
): BuiltinResult<{ parameters: Readonly<Record<string, unknown>> }> {
  if (deeperThan(parameters, BUILTIN_LIMITS.depth))
    return refuse({
      path: '',
      message: `nested deeper than ${BUILTIN_LIMITS.depth} levels`,
      remedy: 'Make it flatter.',
    });
  const used = new Set<string>();
  const problems: BuiltinProblem[] = [];
  rewriteStrings(parameters, (text, path) => {
    if (isProgram(name, path)) return text;
    const names = templateNames(text);
    if ('code' in names)
      problems.push({ path, message: `${names.message}.`, remedy: TEMPLATE_REMEDY });
    else for (const one of names) used.add(one.split('.')[1] ?? '');
    return text;
  });
  if (problems.length > 0) return { ok: false, problems };
  return {
    ok: true,
    parameters: Object.fromEntries(
      Object.entries(parameters).filter(([key]) => FIELDS.has(key) || !used.has(key)),
    ),
  };
}

function rewriteStrings<T>(
  value: T,
  rewrite: (text: string, path: string) => string,
  path = '',
): T {
  if (typeof value === 'string') return rewrite(value, path) as T;
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value))
    return value.map((one, at) => rewriteStrings(one, rewrite, `${path}[${at}]`)) as T;
  return Object.fromEntries(
    Object.entries(value).map(([key, one]) => [
      key,
      rewriteStrings(one, rewrite, path === '' ? key : `${path}.${key}`),
    ]),
  ) as T;
}

function deeperThan(value: unknown, levels: number): boolean {
  if (typeof value !== 'object' || value === null) return false;
  if (levels === 0) return true;
  return Object.values(value).some((one) => deeperThan(one, levels - 1));
}

const TEMPLATE_REMEDY = 'Use {{name}} with a parameter that the task, schedule or run gives.';
const remedies: Readonly<Record<string, string>> = {
  url: 'Give a whole http:// or https:// address.',
  method: 'Use GET, HEAD, POST, PUT, PATCH, DELETE or OPTIONS.',
  headers: 'Give an object of names and text values.',
  body: 'Give text, or an object or array to be sent as JSON.',
  expectedStatus: 'Give a status such as 204, "2xx" or "200-299", or a list of them.',
  followRedirects: 'Give true or false.',
  script: `Give the text of a program, ${BUILTIN_LIMITS.scriptBytes} bytes at most.`,
  language: 'Use javascript or typescript.',
  params: 'Give an object; the script gets it as `params`.',
  network: 'Use none or full.',
  shell: 'Use sh or bash.',
  env: 'Give an object of names (letters, digits, _) and text values; none begins with CARILLON_, LD_ or NODE_.',
  durationMs: `Give milliseconds from 0 to ${BUILTIN_LIMITS.noopMs}.`,
};

function problemsOf(error: z.ZodError): readonly BuiltinProblem[] {
  return error.issues.flatMap((issue): readonly BuiltinProblem[] => {
    if (issue.code === 'unrecognized_keys')
      return issue.keys.map((key) => ({
        path: key,
        message: `there is no parameter "${key}", and no template uses it`,
        remedy: 'Take it out, or correct its name.',
      }));
    const field = String(issue.path[0] ?? '');
    const path = issue.path.map(String).join('.');
    return [{ path, message: issue.message, remedy: remedies[field] ?? 'Correct it.' }];
  });
}

const unknownTask = (name: string): BuiltinProblem => ({
  path: '',
  message: `there is no system task "${name.slice(0, 64)}"`,
  remedy: `Use one of: ${BUILTIN_NAMES.join(', ')}.`,
});
const refuse = (problem: BuiltinProblem) => ({ ok: false, problems: [problem] }) as const;
