import type { Clock } from '#libs/clock';
import { attempt as a, create, task as t } from '#libs/contracts';
import { inSpan, type Logger, traceOfExecution } from '#libs/runtime';
import { ApiCosts } from './api-costs.js';
import { failureOf, JobFailure } from './child/job-failure.js';
import type { Failure, Job, Measured, StopCause } from './child/protocol.js';
import type { ChildMessage } from './children/attempt-process.js';
import type { ChildPool } from './children/child-pool.js';
import type { Scratch } from './children/scratch.js';
import { type Conducted, conductJob, type JobEnd, type Seat } from './conduct-job.js';
import { LIMITS } from './limits.js';
import { AttemptLog, type AttemptLogDeps } from './logs/attempt-log.js';
import { redactor } from './logs/redact.js';
import type { ArtifactStore } from './nats/store-artifact.js';
import { OutputValues } from './output-values.js';
import { type PrepareDeps, parametersOf, prepareJob } from './prepare-job.js';
import type { Isolation, Tier } from './sandbox/isolation.js';
import { type OwnProcessJob, ProcessHold } from './sandbox/process-hold.js';
import type { AskDispatch } from './workflow/ask-dispatch.js';
import { inWorkflow } from './workflow/in-workflow.js';

export interface RunDeps extends PrepareDeps, AttemptLogDeps {
  readonly askDispatch: AskDispatch;
  readonly clock: Clock;
  readonly log: Logger;
  readonly scratch: Scratch;
  readonly pool: ChildPool;
  readonly isolation: Isolation;
  readonly artifacts: Pick<ArtifactStore, 'keep'>;
  readonly stopGraceMs: number;
}

export interface Outcome {
  readonly outcome: a.AttemptOutcome;
  readonly failure?: Failure;
  readonly measured?: Measured;
  readonly isolation?: Tier;
  readonly snooze?: a.Snooze;
  /** In place of named values. */
  readonly outputJson?: string;
}

/**
 * One attempt from its claim to its end: job, child, log, artifacts, output. Whatever happens on the
 * way, an end comes out of it, and when it does, nothing of the attempt's processes is left.
 */
export class AttemptRun {
  readonly #deps: RunDeps;
  readonly #about: { readonly shard: number; readonly attempt: a.OfferedAttempt };
  readonly #output = new OutputValues();
  readonly #costs = new ApiCosts();
  readonly #artifacts: Promise<a.Artifact | undefined>[] = [];
  #log: AttemptLog;
  #redact: (text: string) => string = (text) => text;
  #conducted: Pick<Conducted, 'stop'> | undefined;
  #cause: StopCause | undefined;

  constructor(deps: RunDeps, about: { shard: number; attempt: a.OfferedAttempt }) {
    this.#deps = deps;
    this.#about = about;
    this.#log = new AttemptLog(deps, about, this.#redact);
  }

  /** Ends the attempt early. The first cause counts. */
  stop(cause: StopCause): void {
    this.#cause ??= cause;
    this.#conducted?.stop(cause);
  }

  /** Why it was stopped from outside, if it was. */
  get stopCause(): StopCause | undefined {
    return this.#cause;
  }

  async run(): Promise<a.AttemptEnded> {
    const { attempt } = this.#about;
    return inSpan(
      'attempt',
      {
        within: traceOfExecution(attempt.executionId),
        attributes: { 'carillon.execution': attempt.executionId, 'carillon.fence': attempt.fence },
      },
      async () => {
        const outcome = await this.#outcome();
        const artifacts = await Promise.all(this.#artifacts);
        await this.#log.close();
        return this.#ended(
          outcome,
          artifacts.filter((one) => one !== undefined),
        );
      },
    );
  }

  async #outcome(): Promise<Outcome> {
    try {
      const parameters = parametersOf(this.#about.attempt);
      this.#redact = redactor(parameters);
      this.#log = new AttemptLog(this.#deps, this.#about, this.#redact);
      if (this.#about.attempt.type === t.TaskType.WORKFLOW)
        return await inWorkflow(this.#deps, {
          ...this.#about,
          tell: (level, message) => this.#log.tell(level, message),
          hold: (run) => this.#hold(run),
          stopped: (cause) => {
            this.#cause ??= cause;
            return this.#stopped(cause, undefined);
          },
        });
      const job = await prepareJob(this.#deps, this.#about.attempt, parameters);
      return job.kind === 'flow' || job.kind === 'code'
        ? await this.#inOwnProcess(job)
        : await this.#inPool(job);
    } catch (error) {
      if (!(error instanceof JobFailure))
        this.#deps.log.error(
          { err: error, executionId: this.#about.attempt.executionId },
          'an attempt could not be run',
        );
      const failure = failureOf(error);
      this.#log.tell('error', failure.message, { code: failure.code });
      return { outcome: a.AttemptOutcome.FAILED, failure };
    }
  }

  /** Built-ins: on a child that has many of them. */
  async #inPool(job: Job): Promise<Outcome> {
    const { pool } = this.#deps;
    const seat = await pool.take();
    try {
      const end = await this.#conduct(seat, job, seat.child.process.mark.scratch);
      return this.#told(end, end.kind === 'ended' ? end.message.measured : undefined);
    } finally {
      pool.giveBack(seat);
    }
  }

  /** Browsers and programs: a process tree and a folder of their own, both gone afterwards. */
  async #inOwnProcess(job: OwnProcessJob): Promise<Outcome> {
    const { scratch } = this.#deps;
    const folder = await scratch.open();
    const { limits } = this.#about.attempt;
    let held: ProcessHold | undefined;
    try {
      held = new ProcessHold({ ...this.#deps, folder, job, limits });
      const child = held.start(() => this.#conducted?.stop('terminated'));
      const end = await this.#conduct(child, job, folder);
      // Its files are needed until they are stored; its processes are not.
      await child.endTree({ graceMs: 0 });
      const { failure, measured } = held.result();
      await Promise.all(this.#artifacts);
      // Who was stopped from outside is told so, whatever it had broken by then.
      const told =
        failure === undefined || this.#cause !== undefined
          ? this.#told(end, measured)
          : this.#broken(failure.code, failure.message);
      return { ...told, measured, isolation: held.tier };
    } finally {
      await held?.close();
      await scratch.close(folder);
    }
  }

  #conduct(child: Seat, job: Job, scratch: string): Promise<JobEnd> {
    const { clock } = this.#deps;
    const { timeoutMs, stopGraceMs } = this.#about.attempt;
    const conducted = conductJob({
      child,
      job,
      clock,
      timeoutMs,
      stopGraceMs: stopGraceMs || this.#deps.stopGraceMs,
      onMessage: (message) => this.#take(message, scratch),
      onPrinted: (line) => this.#log.write({ atMs: clock.now(), level: 'warn', message: line }),
    });
    this.#hold(conducted);
    return conducted.end;
  }

  /** It may have been stopped while whoever can be stopped was on its way. */
  #hold(conducted: Pick<Conducted, 'stop'>): void {
    this.#conducted = conducted;
    if (this.#cause !== undefined) conducted.stop(this.#cause);
  }

  #take(message: Exclude<ChildMessage, { type: 'end' }>, scratch: string): void {
    switch (message.type) {
      case 'log':
        this.#log.write(message.line);
        return;
      case 'output':
        if (!this.#output.add(message.name, message.value))
          this.#log.tell('warn', `The output is full: "${message.name}" is not kept.`);
        return;
      case 'cost':
        if (!this.#costs.add(message.amount, this.#redact(message.note)))
          this.#log.tell(
            'warn',
            'A cost is not kept: it is no amount, or more than one attempt may tell.',
          );
        return;
      case 'dropped':
        this.#log.dropped(message.lines);
        return;
      case 'thought':
        return;
      case 'artifact':
        if (this.#artifacts.length < LIMITS.artifactsPerAttempt)
          this.#artifacts.push(this.#keep(message, scratch));
        else this.#log.tell('warn', `Too many artifacts: "${message.name}" is not kept.`);
        return;
    }
  }

  async #keep(
    { name, mediaType, file }: Extract<ChildMessage, { type: 'artifact' }>,
    scratch: string,
  ): Promise<a.Artifact | undefined> {
    const { attempt } = this.#about;
    try {
      return await this.#deps.artifacts.keep({ name, mediaType, file, scratch, attempt });
    } catch (error) {
      const said = error instanceof Error ? error.message : String(error);
      this.#log.tell('warn', `The artifact ${name} is not kept: ${said}`);
      return undefined;
    }
  }

  #told(end: JobEnd, measured: Measured | undefined): Outcome {
    switch (end.kind) {
      case 'ended': {
        const { failure } = end.message;
        const outcome =
          failure === undefined ? a.AttemptOutcome.SUCCEEDED : a.AttemptOutcome.FAILED;
        return { outcome, ...(failure && { failure }), ...(measured && { measured }) };
      }
      case 'stopped':
        return this.#stopped(end.cause, measured ?? end.measured);
      case 'crashed': {
        if (end.exit.shared) return this.#lostWithOthers();
        const how = end.exit.signal ? `signal ${end.exit.signal}` : `code ${end.exit.code}`;
        return this.#broken('CHILD_CRASHED', `The attempt's process ended by itself (${how}).`);
      }
      case 'garbled':
        return this.#broken('CHILD_GARBLED', "The attempt's process said what nobody understands.");
    }
  }

  #stopped(cause: StopCause, measured: Measured | undefined): Outcome {
    const { timeoutMs } = this.#about.attempt;
    const stops = {
      'timed-out': {
        outcome: a.AttemptOutcome.TIMED_OUT,
        failure: {
          code: 'TIMED_OUT',
          message: `It ran longer than its time-out of ${timeoutMs / 1_000} s, and was ended.`,
          final: false,
        },
      },
      cancelled: {
        outcome: a.AttemptOutcome.CANCELLED,
        failure: { code: 'CANCELLED', message: 'It was cancelled.', final: true },
      },
      terminated: {
        outcome: a.AttemptOutcome.CANCELLED,
        failure: {
          code: 'TERMINATED',
          message: 'It was ended at once, without grace.',
          final: true,
        },
      },
      superseded: {
        outcome: a.AttemptOutcome.CANCELLED,
        failure: { code: 'SUPERSEDED', message: 'Another attempt took its place.', final: false },
      },
      drained: {
        outcome: a.AttemptOutcome.HANDED_BACK,
        failure: {
          code: 'WORKER_DRAINED',
          message: 'The worker was stopped and gave the attempt back.',
          final: false,
        },
      },
    } as const;
    const { outcome, failure } = stops[cause];
    this.#log.tell('warn', failure.message, { code: failure.code });
    return { outcome, failure, ...(measured && { measured }) };
  }

  /** What it shared its process with took that down: its execution is not to pay for it. */
  #lostWithOthers(): Outcome {
    const message = 'Its process went down, with other jobs on it.';
    this.#log.tell('warn', message, { code: 'CHILD_SHARED_LOST' });
    const failure = { code: 'CHILD_SHARED_LOST', message, final: false };
    return { outcome: a.AttemptOutcome.HANDED_BACK, failure };
  }

  #broken(code: string, message: string): Outcome {
    this.#log.tell('error', message, { code });
    return { outcome: a.AttemptOutcome.FAILED, failure: { code, message, final: false } };
  }

  #ended(told: Outcome, artifacts: readonly a.Artifact[]): a.AttemptEnded {
    const { executionId, attempt, fence, account } = this.#about.attempt;
    const { outcome, failure, measured, isolation } = told;
    const { lines, bytes, dropped } = this.#log.usage;
    return create(a.AttemptEndedSchema, {
      executionId,
      attempt,
      fence,
      workerId: this.#deps.workerId,
      endedAtMs: this.#deps.clock.now(),
      outcome,
      ...(failure && {
        error: create(a.AttemptErrorSchema, {
          code: failure.code,
          message: this.#redact(failure.message).slice(0, LIMITS.errorMessageChars),
          stack: this.#redact(failure.stack ?? '').slice(0, LIMITS.errorStackChars),
          final: failure.final,
        }),
      }),
      outputJson: told.outputJson === undefined ? this.#output.json : told.outputJson,
      ...(told.snooze && { snooze: told.snooze }),
      artifacts: [...artifacts],
      usage: create(a.UsageSchema, {
        cpuMs: measured?.cpuMs ?? 0,
        peakMemoryBytes: measured?.peakMemoryBytes ?? 0,
        logBytes: bytes,
        logLines: lines,
        logLinesDropped: dropped,
        peakDiskBytes: measured?.peakDiskBytes ?? 0,
        processStartMs: measured?.processStartMs ?? 0,
        isolation: isolation ?? '',
        apiCostMicros: this.#costs.micros,
        apiCosts: this.#costs.noted,
      }),
      account,
    });
  }
}
