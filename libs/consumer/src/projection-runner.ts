import type { Clock } from '#libs/clock';
import type { StreamName } from '#libs/contracts';
import type { EventLog, StoredCommit } from '#libs/event-log';
import { Intake } from './intake.js';
import { PoisonCommit, type Recorded, toRecorded } from './recorded.js';
import { RUNNER_LIMITS, type RunnerLimits } from './runner-limits.js';
import type { ConsumerRow, Sink } from './sink.js';
import { Stalled, watchForStall } from './stall-watch.js';

export type RunnerState =
  | 'starting'
  | 'following'
  /** A dependency is away; it is tried again for ever. */
  | 'waiting'
  /** It met what it can't get past; only a newer build, or a rebuild, can. */
  | 'halted'
  | 'stopped';

export interface RunnerHealth {
  readonly name: string;
  readonly stream: StreamName;
  readonly state: RunnerState;
  readonly position: number;
  /** End of the stream when it was last looked at. */
  readonly streamEnd: number;
  readonly commits: number;
  readonly batches: number;
  readonly stalls: number;
  /** Why it waits or is halted. */
  readonly error?: { readonly code: string; readonly message: string; readonly seq?: number };
}

export interface RunnerDeps {
  readonly log: EventLog;
  readonly sink: Sink;
  readonly clock: Clock;
  readonly logger: RunnerLogger;
  readonly limits?: Partial<RunnerLimits>;
}

/** The part of pino that is used. */
export interface RunnerLogger {
  info(fields: object, text: string): void;
  warn(fields: object, text: string): void;
  error(fields: object, text: string): void;
}

/** The stored position lies beyond the stream's end: this is not the log that the rows came from. */
export class ForeignLog extends Error {
  readonly code = 'foreign-log';
}

class FollowEnded extends Error {
  readonly code = 'follow-ended';
}

/**
 * Carries one stream into one sink, from the stored position on, until it is stopped. Any number of
 * replicas may run: the sink's lock makes it right, at the cost of reading twice.
 */
export class ProjectionRunner {
  readonly row: ConsumerRow;
  readonly #deps: RunnerDeps;
  readonly #limits: RunnerLimits;
  readonly #stop = new AbortController();
  #running: Promise<void> | undefined;
  #state: RunnerState = 'starting';
  #error: RunnerHealth['error'];
  #position = 0;
  #streamEnd = 0;
  #commits = 0;
  #batches = 0;
  #stalls = 0;
  #stallsInARow = 0;
  #failuresInARow = 0;

  constructor(row: ConsumerRow, deps: RunnerDeps) {
    this.row = row;
    this.#deps = deps;
    this.#limits = { ...RUNNER_LIMITS, ...deps.limits };
  }

  start(): void {
    this.#running ??= this.#run();
  }

  /** Ends after the batch that is being written. */
  async stop(): Promise<void> {
    this.#stop.abort();
    await this.#running;
    if (this.#state !== 'halted') this.#state = 'stopped';
  }

  health(): RunnerHealth {
    return {
      name: this.row.name,
      stream: this.row.stream,
      state: this.#state,
      position: this.#position,
      streamEnd: Math.max(this.#streamEnd, this.#position),
      commits: this.#commits,
      batches: this.#batches,
      stalls: this.#stalls,
      ...(this.#error ? { error: this.#error } : {}),
    };
  }

  async #run(): Promise<void> {
    while (!this.#stop.signal.aborted) {
      try {
        await this.#follow();
      } catch (error) {
        if (this.#isFinal(error)) return this.#halt(error);
        if (error instanceof Stalled) this.#noteStall();
        else await this.#wait(error);
      }
    }
  }

  /** One reading of the stream, until the stop, a stall or a failure. */
  async #follow(): Promise<void> {
    await this.#open();
    const { log, clock } = this.#deps;
    const { stream, subjects } = this.row;
    const round = new AbortController();
    const signal = AbortSignal.any([this.#stop.signal, round.signal]);
    const fromSeq = this.#position + 1;
    const source = log.follow({ stream, fromSeq, ...(subjects && { subject: subjects }) }, signal);
    const intake = new Intake(source, this.#limits, clock);
    signal.addEventListener('abort', () => intake.close(), { once: true });
    const watching = this.#watch(intake, signal).then((stalled) => stalled && round.abort(stalled));
    try {
      await this.#drain(intake);
      if (this.#stop.signal.aborted) return;
      round.signal.throwIfAborted();
      throw new FollowEnded(`reading ${stream} ended by itself`);
    } finally {
      round.abort();
      await watching;
      await this.#closed(intake);
    }
  }

  async #open(): Promise<void> {
    const { stream } = this.row;
    this.#position = await this.#deps.sink.position();
    this.#streamEnd = await this.#deps.log.lastSeq(stream);
    if (this.#streamEnd < this.#position)
      throw new ForeignLog(
        `${stream} ends at ${this.#streamEnd}, but the read model has read it up to ` +
          `${this.#position}: the log was replaced. Rebuild the read model from this log.`,
      );
    const caughtUp = this.#streamEnd === this.#position;
    if (caughtUp || this.#failuresInARow === 0) this.#noteProgress();
  }

  async #drain(intake: Intake): Promise<void> {
    const { clock } = this.#deps;
    for (;;) {
      const batch = await intake.take();
      if (batch === undefined || this.#stop.signal.aborted) return;
      this.#stallsInARow = 0;
      const beganMs = clock.monotonic();
      await this.#write(batch);
      this.#noteProgress();
      const restMs = this.#paceAfter(batch) - (clock.monotonic() - beganMs);
      if (restMs > 0) await this.#sleep(restMs);
    }
  }

  /** A full batch has the next one behind it, and is a catching up: that does not wait. */
  #paceAfter(batch: readonly StoredCommit[]): number {
    const { paceMs, busyPaceMs, busyBytes, batchCommits, batchBytes } = this.#limits;
    const bytes = batch.reduce((sum, one) => sum + one.bytes.length, 0);
    const isFull = batch.length >= batchCommits || bytes >= batchBytes / 2;
    return bytes >= busyBytes && !isFull ? busyPaceMs : paceMs;
  }

  /** What stands before a poison commit is stored, so that the halt is exactly at it. */
  async #write(batch: readonly StoredCommit[]): Promise<void> {
    const { recorded, poison } = decodeUpToPoison(batch);
    if (recorded.length > 0) await this.#store(recorded);
    if (poison) throw poison;
  }

  async #store(recorded: readonly Recorded[]): Promise<void> {
    const { sink } = this.#deps;
    try {
      this.#position = await sink.write(recorded, this.#position);
    } catch (error) {
      if (!sink.isPoison(error)) throw error;
      const [first, ...others] = recorded;
      if (first && others.length === 0) throw new PoisonCommit(first, error);
      for (const one of recorded) await this.#store([one]);
      return;
    }
    this.#batches++;
    this.#commits += recorded.length;
  }

  #watch(intake: Intake, signal: AbortSignal): Promise<Stalled | undefined> {
    const { log, clock } = this.#deps;
    return watchForStall(
      {
        log,
        clock,
        limits: this.#limits,
        stream: this.row.stream,
        reading: () => ({
          seq: Math.max(intake.lastSeq, this.#position),
          idleMs: intake.idleMs,
        }),
        streamEnd: (seq) => {
          this.#streamEnd = seq;
        },
        stallsInARow: () => this.#stallsInARow,
      },
      signal,
    );
  }

  /** A dead consumer may never end: it is left behind then. */
  async #closed(intake: Intake): Promise<void> {
    const ended = new AbortController();
    const patience = this.#deps.clock.sleep(this.#limits.closeMs, ended.signal).catch(ignoreAbort);
    await Promise.race([intake.ended, patience]);
    ended.abort();
  }

  #noteStall(): void {
    this.#stalls++;
    this.#stallsInARow++;
    this.#deps.logger.warn(this.#fields(), 'nothing came in: reading anew');
  }

  #noteProgress(): void {
    if (this.#failuresInARow > 0) this.#deps.logger.info(this.#fields(), 'resumed');
    this.#failuresInARow = 0;
    this.#state = 'following';
    this.#error = undefined;
  }

  async #wait(error: unknown): Promise<void> {
    const { first, most } = this.#limits.backoffMs;
    const afterMs = Math.min(most, first * 2 ** Math.min(this.#failuresInARow, 16));
    this.#failuresInARow++;
    this.#state = 'waiting';
    this.#error = told(error);
    const fields = { ...this.#fields(), error: this.#error, afterMs };
    this.#deps.logger.warn(fields, 'waiting for a dependency');
    await this.#sleep(afterMs);
  }

  /** Also a position that can't even be read for a reason no retry will mend. */
  #isFinal(error: unknown): boolean {
    return (
      error instanceof PoisonCommit ||
      error instanceof ForeignLog ||
      this.#deps.sink.isPoison(error)
    );
  }

  #halt(error: unknown): void {
    this.#state = 'halted';
    this.#error = told(error);
    this.#deps.logger.error({ ...this.#fields(), err: error }, 'projection halted');
  }

  async #sleep(ms: number): Promise<void> {
    await this.#deps.clock.sleep(ms, this.#stop.signal).catch(ignoreAbort);
  }

  #fields() {
    const { name, version, stream } = this.row;
    return { projection: name, version, stream, position: this.#position };
  }
}

function decodeUpToPoison(batch: readonly StoredCommit[]): {
  recorded: Recorded[];
  poison?: PoisonCommit;
} {
  const recorded: Recorded[] = [];
  for (const stored of batch) {
    try {
      recorded.push(toRecorded(stored));
    } catch (error) {
      if (error instanceof PoisonCommit) return { recorded, poison: error };
      throw error;
    }
  }
  return { recorded };
}

function told(error: unknown): NonNullable<RunnerHealth['error']> {
  const { code, message, seq } = error as { code?: unknown; message?: unknown; seq?: unknown };
  return {
    code: typeof code === 'string' ? code : 'unknown',
    message: typeof message === 'string' ? message : String(error),
    ...(typeof seq === 'number' ? { seq } : {}),
  };
}

/** A sleep ended by a stop: the loop's own condition sees to the rest. */
function ignoreAbort(): void {}
