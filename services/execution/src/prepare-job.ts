import { type BuiltinJob, builtinJob } from '#libs/builtins';
import { type attempt as a, decodeCommit, task as t } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import { type Flow, fillFlow, parseFlow, type TemplateScope } from '#libs/flow';
import type { CodeJob } from './child/code/code-job.js';
import { JobFailure } from './child/job-failure.js';
import type { BrowserSettings, Job } from './child/protocol.js';
import { LIMITS } from './limits.js';
import { HEAP_MB, limitsOf } from './sandbox/attempt-limits.js';

/** Problems named in one error message. */
const PROBLEMS_SHOWN = 5;

export interface PrepareDeps {
  readonly eventLog: EventLog;
  readonly browser: BrowserSettings | undefined;
}

/** What the attempt is to do, checked and with its templates filled in. Throws JobFailure. */
export async function prepareJob(
  deps: PrepareDeps,
  attempt: a.OfferedAttempt,
  parameters: Readonly<Record<string, unknown>>,
): Promise<Job> {
  const scope = scopeOf(attempt, parameters);
  switch (attempt.type) {
    case t.TaskType.SYSTEM:
      return builtin(attempt, scope);
    case t.TaskType.BROWSER_AUTOMATION:
      return flow(deps, attempt, scope);
    case t.TaskType.WORKFLOW:
    case t.TaskType.UNSPECIFIED:
      throw new JobFailure('TYPE_UNKNOWN', 'The attempt has no type.', { final: true });
  }
}

/** Parameters as the offer has them. Throws JobFailure. */
export function parametersOf(attempt: a.OfferedAttempt): Readonly<Record<string, unknown>> {
  if (attempt.parametersJson === '') return {};
  try {
    const value: unknown = JSON.parse(attempt.parametersJson);
    if (typeof value === 'object' && value !== null && !Array.isArray(value))
      return value as Readonly<Record<string, unknown>>;
  } catch {
    // Refused below, like any other text that is no object.
  }
  throw new JobFailure('PARAMETERS_INVALID', 'The parameters are no JSON object.', { final: true });
}

function builtin(attempt: a.OfferedAttempt, scope: TemplateScope): Job {
  const made = builtinJob(attempt.target?.systemTask ?? '', scope);
  if (!made.ok) throw new JobFailure('PARAMETERS_INVALID', told(made.problems), { final: true });
  const { job } = made;
  if (job.name === 'noop') return { kind: 'noop', durationMs: job.durationMs };
  const idempotencyKey = `${attempt.executionId}:${attempt.attempt}`;
  if (job.name === 'http.request') return { kind: 'http.request', request: job, idempotencyKey };
  return {
    kind: 'code',
    program: programOf(job),
    network: job.network,
    attempt: { executionId: attempt.executionId, attempt: attempt.attempt, idempotencyKey },
    heapMb: heapOf(limitsOf('code', attempt.limits).memoryMb),
    log: { lines: LIMITS.logLinesPerAttempt, bytes: LIMITS.logBytesPerAttempt },
  };
}

function programOf(
  job: Extract<BuiltinJob, { name: 'script.run' | 'shell.run' }>,
): CodeJob['program'] {
  if (job.name === 'shell.run')
    return { kind: 'shell', script: job.script, shell: job.shell, env: job.env };
  return { kind: 'script', script: job.script, language: job.language, params: job.params };
}

/** The rest is for the runner beside it, and for what V8 keeps outside its heap. */
const heapOf = (memoryMb: number): number =>
  Math.max(HEAP_MB.programMin, memoryMb - HEAP_MB.beside);

async function flow(
  deps: PrepareDeps,
  attempt: a.OfferedAttempt,
  scope: TemplateScope,
): Promise<Job> {
  const { browser } = deps;
  if (browser === undefined)
    throw new JobFailure('BROWSER_MISSING', 'There is no Chromium on this worker.');
  const filled = fillFlow(await savedFlow(deps.eventLog, attempt), scope);
  if (!filled.ok)
    throw new JobFailure('PARAMETERS_INVALID', told(filled.problems), { final: true });
  return { kind: 'flow', flow: filled.flow, browser };
}

/** The very version that the run was requested with, whatever was saved since. */
async function savedFlow(eventLog: EventLog, attempt: a.OfferedAttempt): Promise<Flow> {
  const stored = await eventLog.get('DEFINITIONS', attempt.automationSeq);
  const saved =
    stored &&
    decodeCommit(stored.bytes)
      .events.map(({ event }) => event)
      .find((event) => event.$typeName === 'automation.v1.AutomationSaved');
  if (saved?.$typeName !== 'automation.v1.AutomationSaved')
    throw new JobFailure(
      'AUTOMATION_NOT_FOUND',
      `There is no automation at position ${attempt.automationSeq}.`,
      { final: true },
    );
  const parsed = parseFlow(saved.flowJson);
  if (!parsed.ok) throw new JobFailure('FLOW_INVALID', told(parsed.problems), { final: true });
  return parsed.flow;
}

/** A run that no slot asked for is told the time of its request, in UTC. */
function scopeOf(
  attempt: a.OfferedAttempt,
  parameters: Readonly<Record<string, unknown>>,
): TemplateScope {
  const nominal = new Date(attempt.nominalAtMs).toISOString();
  return {
    parameters,
    slot: {
      local: attempt.slotLocal || nominal.slice(0, 'YYYY-MM-DDTHH:MM:SS'.length),
      nominal,
      zone: attempt.slotZone || 'UTC',
    },
  };
}

function told(problems: readonly { path: string; message: string; remedy: string }[]): string {
  const shown = problems
    .slice(0, PROBLEMS_SHOWN)
    .map(({ path, message, remedy }) => `${path === '' ? '' : `${path}: `}${message} ${remedy}`);
  const more = problems.length - shown.length;
  return `${shown.join(' ')}${more > 0 ? ` And ${more} more.` : ''}`;
}
