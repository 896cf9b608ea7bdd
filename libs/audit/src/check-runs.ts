/**
 * Whether every fired slot led to one execution, and every execution went through its life once: its
 * attempts one after the other, each with a higher fence, and one end. Judged from TICKS, DISPATCH
 * and ATTEMPTS alone.
 */
import { type DispatchEvent, dispatch as d, decodeCommit, tick } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { type Finding, Findings } from './finding.js';

export interface RunLog {
  readonly ticks: readonly StoredCommit[];
  readonly dispatch: readonly StoredCommit[];
  readonly attempts: readonly StoredCommit[];
}

export interface RunCheck {
  /** Nothing is under way any more: what was begun has to be ended. */
  readonly isOver: boolean;
}

export interface RunReport {
  readonly executions: number;
  readonly succeeded: number;
  /** Fired, and for a reason of its own not run. */
  readonly skipped: number;
  readonly attempts: number;
  /** Attempts that a worker had begun, and that were given up. */
  readonly lost: number;
  /** Begun by a worker and never accepted: they had no effect on the record. */
  readonly inVain: number;
  readonly findings: readonly Finding[];
  readonly found: number;
}

/** What happens to one execution; the rest of the journal is about many. */
type RunEvent = Extract<DispatchEvent, { readonly executionId: string }>;

interface Run {
  readonly at: StoredCommit;
  step: 'requested' | 'offered' | 'running' | 'idle' | 'finished';
  fence: number;
  attempt: number;
}

interface Tally {
  succeeded: number;
  skipped: number;
  attempts: number;
  lost: number;
}

export function checkRuns(log: RunLog, { isOver }: RunCheck): RunReport {
  const findings = new Findings();
  const fired = firedIn(log.ticks);
  const runs = new Map<string, Run>();
  const founded = new Set<string>();
  const tally: Tally = { succeeded: 0, skipped: 0, attempts: 0, lost: 0 };
  for (const stored of log.dispatch)
    for (const { event } of decodeCommit(stored.bytes).events) {
      if (!('executionId' in event)) continue;
      const one = event as RunEvent;
      const slot = slotOf(one, runs);
      if (slot !== undefined) {
        if (!fired.has(slot)) findings.add('run-unfounded', stored, `${slot} was not fired`);
        if (founded.has(slot)) findings.add('run-twice', stored, `${slot} stands twice`);
        founded.add(slot);
      }
      const wrong = follow(runs, one, stored, tally);
      if (wrong) findings.add('run-order', stored, `${one.executionId}: ${wrong}`);
    }
  if (isOver) checkOver(fired, founded, runs, findings);
  return {
    executions: runs.size,
    ...tally,
    inVain: startsIn(log.attempts) - tally.attempts,
    findings: findings.kept,
    found: findings.count,
  };
}

function checkOver(
  fired: ReadonlyMap<string, StoredCommit>,
  founded: ReadonlySet<string>,
  runs: ReadonlyMap<string, Run>,
  findings: Findings,
): void {
  for (const [id, at] of fired)
    if (!founded.has(id)) findings.add('run-lost', at, `${id} was fired, and nobody asked for it`);
  for (const [id, { step, at }] of runs)
    if (step !== 'finished') findings.add('run-unfinished', at, `${id} is ${step}`);
}

/** Executions that slots fired. */
function firedIn(ticks: readonly StoredCommit[]): Map<string, StoredCommit> {
  const fired = new Map<string, StoredCommit>();
  for (const stored of ticks)
    for (const { event } of decodeCommit(stored.bytes).events)
      if (event.$typeName === tick.SlotsDecidedSchema.typeName)
        for (const { executionId } of (event as tick.SlotsDecided).slots)
          if (executionId !== '') fired.set(executionId, stored);
  return fired;
}

function startsIn(attempts: readonly StoredCommit[]): number {
  return attempts
    .flatMap(({ bytes }) => decodeCommit(bytes).events)
    .filter(({ event }) => event.$typeName === 'attempt.v1.AttemptStarted').length;
}

/** The execution of a slot that is asked for, or skipped without having been asked for. */
function slotOf(event: RunEvent, runs: ReadonlyMap<string, Run>): string | undefined {
  const isSlot =
    (event.$typeName === 'dispatch.v1.ExecutionRequested' && event.slot !== undefined) ||
    (event.$typeName === 'dispatch.v1.ExecutionSkipped' && !runs.has(event.executionId));
  return isSlot ? event.executionId : undefined;
}

/** Takes one event of an execution's life. Gives what is wrong with it. */
function follow(
  runs: Map<string, Run>,
  event: RunEvent,
  at: StoredCommit,
  tally: Tally,
): string | undefined {
  const run = runs.get(event.executionId);
  if (event.$typeName === 'dispatch.v1.ExecutionSkipped') {
    tally.skipped += 1;
    if (run === undefined) return undefined;
    const { step: before } = run;
    run.step = 'finished';
    return before === 'requested' ? undefined : `skipped while ${before}`;
  }
  if (event.$typeName === 'dispatch.v1.ExecutionRequested') {
    if (run !== undefined) return 'requested again';
    runs.set(event.executionId, { at, step: 'requested', fence: 0, attempt: 0 });
    return undefined;
  }
  if (run === undefined) return `${event.$typeName} before its request`;
  // Kept for the record; they change nothing.
  if (event.$typeName === 'dispatch.v1.StaleFactIgnored') return undefined;
  if (run.step === 'finished') return `${event.$typeName} after its end`;
  return step(run, event, tally);
}

type Step = Exclude<RunEvent, d.ExecutionRequested | d.ExecutionSkipped | d.StaleFactIgnored>;

function step(run: Run, event: Step, tally: Tally): string | undefined {
  const { step: before } = run;
  switch (event.$typeName) {
    case 'dispatch.v1.AttemptReleased': {
      const { fence, attempt } = event;
      const isNext = before !== 'running' && fence > run.fence && attempt >= run.attempt;
      Object.assign(run, { step: 'offered', fence, attempt });
      return isNext ? undefined : `released as ${attempt} with fence ${fence} while ${before}`;
    }
    case 'dispatch.v1.AttemptAccepted':
      tally.attempts += 1;
      run.step = 'running';
      return before === 'offered' && event.fence === run.fence
        ? undefined
        : `accepted with fence ${event.fence} while ${before} with ${run.fence}`;
    case 'dispatch.v1.AttemptClosed':
      run.step = 'idle';
      return before === 'running' && event.fence === run.fence
        ? undefined
        : `closed with fence ${event.fence} while ${before} with ${run.fence}`;
    case 'dispatch.v1.AttemptLost':
      run.step = 'idle';
      if (before === 'running') tally.lost += 1;
      return event.fence === run.fence ? undefined : `lost with fence ${event.fence}`;
    case 'dispatch.v1.ExecutionFinished':
      run.step = 'finished';
      if (event.status === d.ExecutionStatus.SUCCESS) tally.succeeded += 1;
      return before === 'running' ? 'finished while running' : undefined;
    case 'dispatch.v1.RetryPlanned':
    case 'dispatch.v1.ExecutionQueued':
    case 'dispatch.v1.CancelRequested':
    case 'dispatch.v1.DeadlinePassed':
    case 'dispatch.v1.ExecutionDeadLettered':
      return undefined;
  }
}
