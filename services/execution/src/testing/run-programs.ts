import { readdir } from 'node:fs/promises';
import { type Clock, SystemClock } from '#libs/clock';
import { attempt as a, create, decodeCommit, log as l, task as t } from '#libs/contracts';
import { MemoryEventLog } from '#libs/event-log';
import { createLogger } from '#libs/runtime';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { ChildPool } from '../children/child-pool.js';
import { carries, processTable } from '../children/process-table.js';
import { openScratch, type Scratch, scratchRoot } from '../children/scratch.js';
import { finderEnvironment } from '../config.js';
import { LogBuffer } from '../logs/attempt-log.js';
import { AttemptRun } from '../run-attempt.js';
import type { Isolation } from '../sandbox/isolation.js';
import { closeIsolation, openIsolation } from '../sandbox/open-isolation.js';

/** How often a beat is due while programs run, as a worker's heartbeat is every second. */
const BEAT_MS = 50;

export interface ProgramEnd {
  readonly end: a.AttemptEnded;
  readonly code: string | undefined;
  readonly output: Record<string, unknown>;
  readonly lines: readonly { readonly level: l.Level; readonly message: string }[];
  readonly tookMs: number;
}

export interface StartedProgram {
  readonly run: AttemptRun;
  readonly end: Promise<ProgramEnd>;
}

export interface ProgramWish {
  readonly limits?: Partial<Omit<t.Limits, '$typeName' | '$unknown'>>;
  readonly timeoutMs?: number;
}

/** What a worker has for its attempts, without a broker: programs run in real processes. */
export class ProgramBench {
  readonly scratch: Scratch;
  readonly isolation: Isolation;
  readonly #clock: Clock;
  readonly dataDir: string;
  readonly #log = createLogger('execution', { level: 'error' });
  #fence = 0;
  #beating = true;
  #largestGapMs = 0;

  private constructor(clock: Clock, dataDir: string, scratch: Scratch, isolation: Isolation) {
    this.#clock = clock;
    this.dataDir = dataDir;
    this.scratch = scratch;
    this.isolation = isolation;
    void this.#beat(clock.monotonic());
  }

  static async open(
    sandbox: 'auto' | 'require' | 'off',
    env = finderEnvironment(),
    folder?: string,
  ): Promise<ProgramBench> {
    const clock = new SystemClock();
    const dataDir = folder ?? (await temporaryFolder('programs'));
    const scratch = await openScratch(dataDir);
    const log = createLogger('execution', { level: 'error' });
    const isolation = await openIsolation({ scratch, settings: { sandbox, env }, clock, log });
    return new ProgramBench(clock, dataDir, scratch, isolation);
  }

  /** The longest time that nothing else could have been done, since the last question. */
  takeLargestGapMs(): number {
    const gap = this.#largestGapMs;
    this.#largestGapMs = 0;
    return gap;
  }

  shell(script: string, wish: ProgramWish & { env?: object; shell?: string } = {}) {
    const { env = {}, shell = 'sh' } = wish;
    return this.start('shell.run', { script, env, shell }, wish);
  }

  script(script: string, wish: ProgramWish & { params?: object } = {}) {
    return this.start('script.run', { script, params: wish.params ?? {} }, wish);
  }

  start(systemTask: string, parameters: object, wish: ProgramWish = {}): StartedProgram {
    const clock = this.#clock;
    this.#fence += 1;
    const eventLog = new MemoryEventLog(() => clock.now());
    const attempt = create(a.OfferedAttemptSchema, {
      executionId: crypto.randomUUID(),
      attempt: 1,
      fence: this.#fence,
      account: 'default',
      taskId: 'task',
      type: t.TaskType.SYSTEM,
      target: create(t.TargetSchema, { systemTask }),
      parametersJson: JSON.stringify(parameters),
      timeoutMs: wish.timeoutMs ?? 20_000,
      nominalAtMs: Date.UTC(2026, 0, 1),
      ...(wish.limits && { limits: create(t.LimitsSchema, wish.limits) }),
    });
    const run = new AttemptRun(
      {
        eventLog,
        clock,
        log: this.#log,
        workerId: 'w1',
        abandon: new AbortController().signal,
        browser: undefined,
        askDispatch: () => Promise.reject(new Error('There is no dispatcher here.')),
        scratch: this.scratch,
        pool: new ChildPool({ scratch: this.scratch, clock, log: this.#log }),
        isolation: this.isolation,
        buffer: new LogBuffer(),
        artifacts: { keep: () => Promise.reject(new Error('programs keep no files')) },
        stopGraceMs: 500,
      },
      { shard: 1, attempt },
    );
    return { run, end: this.#ended(run, eventLog) };
  }

  /** Processes that carry the mark of this bench. */
  processes() {
    return processTable().filter(({ pid }) => carries(pid, this.scratch.folder));
  }

  /** Folders of attempts that are still there. */
  async folders(): Promise<readonly string[]> {
    const names = await readdir(this.scratch.folder);
    return names.filter((name) => /^\d+$/.test(name));
  }

  async close(): Promise<void> {
    this.#beating = false;
    closeIsolation(this.isolation, this.scratch);
    await this.scratch.remove();
    await removeFolder(scratchRoot(this.dataDir));
    await removeFolder(this.dataDir);
  }

  async #beat(lastMs: number): Promise<void> {
    let last = lastMs;
    while (this.#beating) {
      await this.#clock.sleep(BEAT_MS);
      const now = this.#clock.monotonic();
      this.#largestGapMs = Math.max(this.#largestGapMs, now - last);
      last = now;
    }
  }

  async #ended(run: AttemptRun, eventLog: MemoryEventLog): Promise<ProgramEnd> {
    const startedAtMs = this.#clock.monotonic();
    const end = await run.run();
    const lines = [];
    for await (const { bytes } of eventLog.read({ stream: 'LOGS', fromSeq: 1 }))
      for (const { event } of decodeCommit(bytes).events)
        if (event.$typeName === 'log.v1.LogChunk') lines.push(...event.lines);
    return {
      end,
      code: end.error?.code,
      output: JSON.parse(end.outputJson || '{}') as Record<string, unknown>,
      lines: lines.map(({ level, message }) => ({ level, message })),
      tookMs: this.#clock.monotonic() - startedAtMs,
    };
  }
}
