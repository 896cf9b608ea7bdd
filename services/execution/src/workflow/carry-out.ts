import type { attempt as a } from '#libs/contracts';
import type { Command } from '#libs/workflow';
import type { CodeJob, ProcessProgram } from '../child/code/code-job.js';
import { PROCESS } from '../child/code/run-process.js';
import type { Job, Measured, StopCause } from '../child/protocol.js';
import { ANSWER } from '../child/workflow/call-http.js';
import { type Conducted, conductJob, type JobEnd, type Seat } from '../conduct-job.js';
import { LIMITS } from '../limits.js';
import type { RunDeps } from '../run-attempt.js';
import { HEAP_MB, limitsOf } from '../sandbox/attempt-limits.js';
import { ProcessHold } from '../sandbox/process-hold.js';
import { failed, type StepResult } from './step-result.js';

export type StepDeps = Pick<RunDeps, 'clock' | 'scratch' | 'pool' | 'isolation' | 'stopGraceMs'>;

export interface StepContext {
  readonly attempt: a.OfferedAttempt;
  readonly signal: AbortSignal;
  /** What it used. */
  readonly onMeasured: (measured: Measured) => void;
}

const SECRET = /\{\{\s*secrets\./;

/** Carries out one step that is a request or a process. Never throws; a stopped one has failed. */
export async function carryOut(
  deps: StepDeps,
  { call, idempotencyKey }: Command,
  context: StepContext,
): Promise<StepResult> {
  if (SECRET.test(JSON.stringify(call)))
    return failed('configuration', 'There are no secrets', 'This worker knows no secrets by name.');
  try {
    switch (call.kind) {
      case 'http':
        return await onPool(deps, { kind: 'http.call', call, idempotencyKey }, context);
      case 'script': {
        const { code: text, ...rest } = call;
        return await inProcess(
          deps,
          { interpreter: 'node', text, ...rest },
          idempotencyKey,
          context,
        );
      }
      case 'shell': {
        const { command: text, ...rest } = call;
        return await inProcess(deps, { interpreter: 'sh', text, ...rest }, idempotencyKey, context);
      }
      default:
        return failed('runtime', 'No step of a worker', `It can't carry out ${call.kind}.`);
    }
  } catch (error) {
    const { code = 'RUNNER_FAULT' } = error as { code?: string };
    return failed('runtime', code, error instanceof Error ? error.message : String(error));
  }
}

async function onPool(deps: StepDeps, job: Job, context: StepContext): Promise<StepResult> {
  const seat = await deps.pool.take();
  try {
    const { end, told } = await conduct(deps, seat, job, context);
    return resultOf(end, told.get(ANSWER), 'communication');
  } finally {
    deps.pool.giveBack(seat);
  }
}

type Program = Omit<ProcessProgram, 'kind' | 'stdin'> & { readonly stdin?: string };

/** In the sandbox, as any program of a user, within the limits of the task. */
async function inProcess(
  deps: StepDeps,
  { interpreter, text, arguments: given, environment, stdin = '' }: Program,
  idempotencyKey: string,
  context: StepContext,
): Promise<StepResult> {
  const { executionId, attempt, limits } = context.attempt;
  const program = { interpreter, text, arguments: given, environment, stdin };
  const job: CodeJob = {
    kind: 'code',
    program: { kind: 'process', ...program },
    network: 'full',
    attempt: { executionId, attempt, idempotencyKey },
    heapMb: Math.max(HEAP_MB.programMin, limitsOf('code', limits).memoryMb - HEAP_MB.beside),
    log: { lines: LIMITS.logLinesPerAttempt, bytes: LIMITS.logBytesPerAttempt },
  };
  const folder = await deps.scratch.open();
  let held: ProcessHold | undefined;
  let conducted: Conducted | undefined;
  try {
    held = new ProcessHold({ ...deps, folder, job, limits });
    const child = held.start(() => conducted?.stop('terminated'));
    const on = (made: Conducted) => {
      conducted = made;
    };
    const { end, told } = await conduct(deps, child, job, context, on);
    await child.endTree({ graceMs: 0 });
    const { failure, measured } = held.result();
    context.onMeasured(measured);
    if (failure !== undefined) return failed('runtime', failure.code, failure.message);
    return resultOf(end, told.get(PROCESS), 'runtime');
  } finally {
    await held?.close();
    await deps.scratch.close(folder);
  }
}

async function conduct(
  { clock, stopGraceMs }: StepDeps,
  child: Seat,
  job: Job,
  { attempt, signal }: StepContext,
  onConducted: (conducted: Conducted) => void = () => {},
): Promise<{ end: JobEnd; told: ReadonlyMap<string, unknown> }> {
  const told = new Map<string, unknown>();
  const conducted = conductJob({
    child,
    job,
    clock,
    timeoutMs: 0,
    stopGraceMs: attempt.stopGraceMs || stopGraceMs,
    onMessage: (message) => {
      if (message.type === 'output') told.set(message.name, message.value);
    },
    onPrinted: () => {},
  });
  onConducted(conducted);
  const stop = () => conducted.stop((signal.reason as StopCause | undefined) ?? 'cancelled');
  signal.addEventListener('abort', stop, { once: true });
  if (signal.aborted) stop();
  try {
    return { end: await conducted.end, told };
  } finally {
    signal.removeEventListener('abort', stop);
  }
}

function resultOf(end: JobEnd, output: unknown, kind: 'communication' | 'runtime'): StepResult {
  if (end.kind === 'ended') {
    const { failure } = end.message;
    if (failure !== undefined) return failed(kind, failure.code, failure.message);
    return { output: output as Extract<StepResult, { output: unknown }>['output'] };
  }
  if (end.kind === 'stopped') return failed('runtime', 'STOPPED', 'It was stopped.');
  return failed('runtime', 'CHILD_CRASHED', 'Its process ended by itself.');
}
