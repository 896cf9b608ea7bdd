import type { Clock, Timer } from '#libs/clock';
import { attempt, create, encodeCommit, log as l, subjects } from '#libs/contracts';
import type { EventLog } from '#libs/event-log';
import type { Logger } from '#libs/runtime';
import type { Level, Line } from '../child/protocol.js';
import { LIMITS } from '../limits.js';
import { untilStored } from '../nats/until-stored.js';
import { workerActor } from '../nats/worker-actor.js';
import type { Redact } from './redact.js';

/** Bytes of lines that wait to be stored, over all attempts of the worker. */
export class LogBuffer {
  readonly #onDropped: (lines: number) => void;
  #bytes = 0;

  constructor(onDropped: (lines: number) => void = () => {}) {
    this.#onDropped = onDropped;
  }

  /** Told once for the lines of an attempt that were not kept. */
  dropped(lines: number): void {
    this.#onDropped(lines);
  }

  /** False when there is no room left: the line is lost, and counted. */
  take(bytes: number): boolean {
    if (this.#bytes + bytes > LIMITS.logBufferBytes) return false;
    this.#bytes += bytes;
    return true;
  }

  release(bytes: number): void {
    this.#bytes -= bytes;
  }
}

export interface AttemptLogDeps {
  readonly eventLog: EventLog;
  readonly clock: Clock;
  readonly log: Logger;
  readonly buffer: LogBuffer;
  readonly workerId: string;
  /** Aborted when the worker ends: what could not be stored by then is lost. */
  readonly abandon: AbortSignal;
}

const LEVELS: Readonly<Record<Level, l.Level>> = {
  debug: l.Level.DEBUG,
  info: l.Level.INFO,
  warn: l.Level.WARN,
  error: l.Level.ERROR,
};

interface Pending {
  readonly line: l.LogLine;
  readonly bytes: number;
}

/**
 * The log of one attempt: takes lines, numbers them, and stores them in chunks, in order and one at
 * a time. A line is kept, or counted in a line that says how many are missing; none goes silently.
 */
export class AttemptLog {
  readonly #deps: AttemptLogDeps;
  readonly #about: { readonly shard: number; readonly attempt: attempt.OfferedAttempt };
  readonly #redact: Redact;
  #pending: Pending[] = [];
  #pendingBytes = 0;
  #timer: Timer | undefined;
  #sending: Promise<void> | undefined;
  #closing = false;
  #nextLine = 1;
  #lines = 0;
  #bytes = 0;
  #overCap = 0;
  #lost = 0;

  constructor(
    deps: AttemptLogDeps,
    about: { readonly shard: number; readonly attempt: attempt.OfferedAttempt },
    redact: Redact,
  ) {
    this.#deps = deps;
    this.#about = about;
    this.#redact = redact;
  }

  /** Lines and bytes that came in, kept or not. */
  get usage(): { readonly lines: number; readonly bytes: number; readonly dropped: number } {
    return { lines: this.#lines, bytes: this.#bytes, dropped: this.#overCap };
  }

  /** Lines beyond the cap that were counted where they were printed. */
  dropped(lines: number): void {
    this.#lines += lines;
    this.#overCap += lines;
  }

  /** A line of the attempt itself, held to the flood cap. */
  write(line: Line): void {
    this.#lines += 1;
    this.#bytes += line.message.length;
    if (this.#lines > LIMITS.logLinesPerAttempt || this.#bytes > LIMITS.logBytesPerAttempt) {
      this.#overCap += 1;
      if (this.#overCap === 1)
        this.tell('warn', 'The log of this attempt is full: what follows is counted, not kept.');
      return;
    }
    this.#add(line);
  }

  /** A line of the worker about the attempt; few, and kept even when the log is full. */
  tell(level: Level, message: string, metadata?: Readonly<Record<string, unknown>>): void {
    this.#add({ atMs: this.#deps.clock.now(), level, message, ...(metadata && { metadata }) });
  }

  /** Stores what is left; waits for that, but not for ever. */
  async close(): Promise<void> {
    if (this.#overCap > 0) {
      this.#deps.buffer.dropped(this.#overCap);
      this.tell('warn', `${this.#overCap} lines were dropped: too many.`, {
        code: 'LOG_FLOODED',
        dropped: this.#overCap,
      });
    }
    this.#tellLost();
    this.#closing = true;
    this.#flush();
    if (this.#sending === undefined) return;
    const enough = new AbortController();
    await Promise.race([
      this.#sending,
      this.#deps.clock.sleep(LIMITS.logCloseMs, enough.signal).catch(() => {}),
    ]);
    enough.abort();
  }

  #add(line: Line): void {
    this.#tellLost();
    const shaped = shape(line, this.#redact);
    const bytes = shaped.message.length + shaped.metadataJson.length;
    if (!this.#deps.buffer.take(bytes)) {
      this.#lost += 1;
      return;
    }
    this.#pending.push({ line: shaped, bytes });
    this.#pendingBytes += bytes;
    if (this.#pendingBytes >= LIMITS.logBatchBytes) this.#flush();
    else this.#timer ??= this.#deps.clock.setTimer(() => this.#flush(), LIMITS.logBatchMs);
  }

  #tellLost(): void {
    if (this.#lost === 0) return;
    const lost = this.#lost;
    this.#lost = 0;
    this.#deps.buffer.dropped(lost);
    this.tell('warn', `${lost} lines were dropped: the log could not be stored fast enough.`);
  }

  #flush(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
    if (this.#sending !== undefined || this.#pending.length === 0) return;
    this.#sending = this.#send().finally(() => {
      this.#sending = undefined;
      if (this.#pending.length > 0)
        this.#timer ??= this.#deps.clock.setTimer(() => this.#flush(), LIMITS.logBatchMs);
    });
  }

  async #send(): Promise<void> {
    do {
      const chunk = this.#cut();
      const bytes = chunk.reduce((sum, one) => sum + one.bytes, 0);
      const firstLine = this.#nextLine;
      this.#nextLine += chunk.length;
      try {
        await this.#store(
          firstLine,
          chunk.map((one) => one.line),
        );
      } catch (error) {
        this.#deps.log.error(
          { err: error, executionId: this.#about.attempt.executionId },
          'lines of a log are lost',
        );
      } finally {
        this.#deps.buffer.release(bytes);
      }
    } while (
      this.#pendingBytes >= LIMITS.logBatchBytes ||
      (this.#closing && this.#pending.length > 0)
    );
  }

  #cut(): readonly Pending[] {
    let bytes = 0;
    let count = 0;
    while (count < this.#pending.length && (count === 0 || bytes < LIMITS.logBatchBytes))
      bytes += this.#pending[count++]?.bytes ?? 0;
    this.#pendingBytes -= bytes;
    return this.#pending.splice(0, count);
  }

  async #store(firstLine: number, lines: readonly l.LogLine[]): Promise<void> {
    const { shard, attempt: about } = this.#about;
    const { executionId, account, attempt: number, fence } = about;
    const subject = subjects.log(shard, executionId);
    const msgId = `log:${executionId}:${fence}:${firstLine}`;
    const event = create(l.LogChunkSchema, {
      account,
      executionId,
      attempt: number,
      fence,
      firstLine,
      lines: [...lines],
    });
    const bytes = encodeCommit({
      id: msgId,
      aggregate: subject,
      account,
      actor: workerActor(this.#deps.workerId),
      occurredAtMs: this.#deps.clock.now(),
      correlationId: executionId,
      events: [{ event }],
    });
    await untilStored(this.#deps, { stream: 'LOGS', subject, bytes, msgId });
  }
}

/** Cut first: to look for secrets in megabytes would cost more than the line is worth. */
function shape(line: Line, redact: Redact): l.LogLine {
  const max = LIMITS.logMessageChars;
  const over = line.message.length - max;
  // A secret that the cut would halve is still found whole in what is looked at.
  const message = redact(line.message.slice(0, max + LIMITS.secretChars)).slice(0, max);
  return create(l.LogLineSchema, {
    atMs: line.atMs,
    level: LEVELS[line.level],
    message: over > 0 ? `${message}… (${over} more characters)` : message,
    metadataJson: metadataOf(line, redact),
  });
}

function metadataOf({ metadata }: Line, redact: Redact): string {
  if (metadata === undefined) return '';
  const json = JSON.stringify(metadata);
  return json.length > LIMITS.logMetadataChars ? '{"metadata":"too large to keep"}' : redact(json);
}
