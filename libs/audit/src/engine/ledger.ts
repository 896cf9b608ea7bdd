import { attempt as a, type DispatchEvent, dispatch as d, task as t } from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';

/** One event of a journal, in the order of the stream. */
export interface Step {
  readonly event: DispatchEvent;
  readonly stored: StoredCommit;
  /** Of the owner that wrote it. */
  readonly term: number;
  /** What its owner decided it from. */
  readonly inputs: d.DispatchInputs;
}

/** How an attempt was over. */
export interface End {
  readonly succeeded: boolean;
  /** It was handed back, or never begun. */
  readonly costsNothing: boolean;
  readonly atMs: number;
}

/** One execution as the journal has it so far. */
export interface Run {
  readonly id: string;
  readonly account: string;
  readonly taskId: string;
  readonly systemTask: string;
  readonly type: t.TaskType;
  readonly pool: string;
  readonly limits: readonly d.LimitUse[];
  readonly settings: t.Settings | undefined;
  phase: 'idle' | 'offered' | 'running' | 'over';
  attempt: number;
  fence: number;
  /** Whose attempt it is; empty where the release did not say. */
  workerId: string;
  /** Attempts that ended or were lost; offers that nobody began do not count. */
  ended: number;
  /** Those of them that consume a retry. */
  failures: number;
  lastEnd: End | undefined;
  /** Of the retry that was planned last. */
  dueAtMs: number;
}

export type Rule = (step: Step, run: Run | undefined) => void;

const FREE_LOSSES: ReadonlySet<d.LossCause> = new Set([
  d.LossCause.UNCLAIMED,
  d.LossCause.DECLINED,
]);

/** The lives of executions, folded from the events alone. Refuses nothing: what is wrong is for rules to say. */
export class Ledger {
  readonly runs = new Map<string, Run>();
  /** The last fence given out, by subject. */
  readonly fences = new Map<string, number>();

  runOf(event: DispatchEvent): Run | undefined {
    return 'executionId' in event ? this.runs.get(event.executionId) : undefined;
  }

  evolve({ event, stored }: Step): void {
    if (event.$typeName === 'dispatch.v1.ExecutionRequested') this.#requested(event);
    const run = this.runOf(event);
    if (run === undefined) return;
    switch (event.$typeName) {
      case 'dispatch.v1.AttemptReleased':
        this.fences.set(stored.subject, event.fence);
        Object.assign(run, { phase: 'offered', attempt: event.attempt, fence: event.fence });
        run.workerId = event.workerId;
        return;
      case 'dispatch.v1.AttemptAccepted':
        run.phase = 'running';
        run.workerId = event.workerId;
        return;
      case 'dispatch.v1.AttemptClosed':
        end(run, closed(event.outcome, event.endedAtMs), true);
        return;
      case 'dispatch.v1.AttemptLost': {
        const costsNothing = FREE_LOSSES.has(event.cause);
        const lost = { succeeded: false, costsNothing, atMs: event.lostAtMs };
        end(run, lost, !costsNothing);
        return;
      }
      case 'dispatch.v1.RetryPlanned':
        run.dueAtMs = event.dueAtMs;
        return;
      case 'dispatch.v1.ExecutionSkipped':
      case 'dispatch.v1.ExecutionFinished':
        run.phase = 'over';
        return;
      default:
    }
  }

  #requested({ executionId: id, account, spec, limits }: d.ExecutionRequested): void {
    if (this.runs.has(id)) return;
    this.runs.set(id, {
      id,
      account,
      taskId: spec?.taskId ?? '',
      systemTask: spec?.target?.systemTask ?? '',
      type: spec?.type ?? t.TaskType.UNSPECIFIED,
      pool: spec?.pool ?? '',
      limits,
      settings: spec?.settings,
      phase: 'idle',
      attempt: 0,
      fence: 0,
      workerId: '',
      ended: 0,
      failures: 0,
      lastEnd: undefined,
      dueAtMs: 0,
    });
  }
}

function closed(outcome: a.AttemptOutcome, atMs: number): End {
  const costsNothing = outcome === a.AttemptOutcome.HANDED_BACK;
  return { succeeded: outcome === a.AttemptOutcome.SUCCEEDED, costsNothing, atMs };
}

function end(run: Run, how: End, isAttempt: boolean): void {
  run.phase = 'idle';
  run.lastEnd = how;
  if (isAttempt) run.ended += 1;
  if (!how.costsNothing) run.failures += 1;
}
