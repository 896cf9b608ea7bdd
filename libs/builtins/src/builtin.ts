import { z } from 'zod';
import { fillTemplate, type TemplateScope, templateNames } from '#libs/flow';
import { type HttpRequest, HttpRequestSchema, requestOf } from './http-request.js';
import { BUILTIN_LIMITS } from './limits.js';

/** The system tasks that Carillon itself brings. */
export const BUILTIN_NAMES = ['http.request', 'noop'] as const;
export type BuiltinName = (typeof BUILTIN_NAMES)[number];

/** What is to be done, with every template filled in. */
export type BuiltinJob =
  | ({ readonly name: 'http.request' } & HttpRequest)
  | { readonly name: 'noop'; readonly durationMs: number };

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
const schemas = { 'http.request': HttpRequestSchema, noop: NoopSchema } as const;

export const isBuiltin = (name: string): name is BuiltinName =>
  BUILTIN_NAMES.some((one) => one === name);

/** Checks the parameters of a task, with templates still open. */
export function validateBuiltin(
  name: string,
  parameters: Readonly<Record<string, unknown>>,
): BuiltinResult<object> {
  if (!isBuiltin(name)) return refuse(unknownTask(name));
  const own = withoutUsedByTemplates(parameters);
  if (!own.ok) return own;
  const parsed = schemas[name].safeParse(own.parameters);
  return parsed.success ? { ok: true } : { ok: false, problems: problemsOf(parsed.error) };
}

/** Fills in the templates and gives what is to be done. */
export function builtinJob(name: string, scope: TemplateScope): BuiltinResult<{ job: BuiltinJob }> {
  if (!isBuiltin(name)) return refuse(unknownTask(name));
  const own = withoutUsedByTemplates(scope.parameters);
  if (!own.ok) return own;
  const problems: BuiltinProblem[] = [];
  const filled = rewriteStrings(own.parameters, (text, path) => {
    const value = fillTemplate(text, scope);
    if (typeof value === 'string') return value;
    problems.push({ path, message: `${value.message}.`, remedy: TEMPLATE_REMEDY });
    return text;
  });
  if (problems.length > 0) return { ok: false, problems };
  if (name === 'noop') {
    const parsed = NoopSchema.safeParse(filled);
    return parsed.success
      ? { ok: true, job: { name, ...parsed.data } }
      : { ok: false, problems: problemsOf(parsed.error) };
  }
  const parsed = HttpRequestSchema.safeParse(filled);
  if (!parsed.success) return { ok: false, problems: problemsOf(parsed.error) };
  const job = requestOf(parsed.data);
  // A template that gives `{{` again would pass the schema as if it were still open.
  if (URL.parse(job.url) === null)
    return refuse({ path: 'url', message: 'not an address', remedy: remedies['url'] ?? '' });
  return { ok: true, job: { name, ...job } };
}

/**
 * The parameters that are the task's own. One that only a template names (`{{customer}}`) is an
 * input, not a field; any other unknown one is refused by the schema, since it is a slip of the pen.
 */
function withoutUsedByTemplates(
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
    const names = templateNames(text);
    if ('code' in names)
      problems.push({ path, message: `${names.message}.`, remedy: TEMPLATE_REMEDY });
    else for (const name of names) used.add(name.split('.')[1] ?? '');
    return text;
  });
  if (problems.length > 0) return { ok: false, problems };
  const fields = new Set([
    ...Object.keys(HttpRequestSchema.shape),
    ...Object.keys(NoopSchema.shape),
  ]);
  return {
    ok: true,
    parameters: Object.fromEntries(
      Object.entries(parameters).filter(([key]) => fields.has(key) || !used.has(key)),
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
