import { type ChildProcess, spawn } from 'node:child_process';
import type { Duplex, Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '#libs/clock';
import { JobFailure } from '../child/job-failure.js';
import { LineReader } from '../child/line-reader.js';
import {
  encode,
  type FromChild,
  fromChild,
  SCRATCH_MARK,
  type StopCause,
  type ToChild,
} from '../child/protocol.js';
import { LIMITS } from '../limits.js';
import type { Hold } from '../sandbox/isolation.js';
import { processRow, processTable } from './process-table.js';
import { killTree, signal, type TreeMark } from './process-tree.js';

/** How long is waited for the last words of a child that has ended. */
const LAST_WORDS_MS = 1_000;

/** What a child says about its job. */
export type ChildMessage = Exclude<FromChild, { type: 'ready' }>;

/** What the holder of a child hears from it. */
export interface ChildListener {
  onMessage(message: ChildMessage): void;
  /** Something was printed instead of told: by a library, or by a runtime that falls over. */
  onPrinted(line: string): void;
  /** What came is no message; the child can't be trusted to go on. */
  onGarbled(): void;
  onExit(exit: ChildExit): void;
}

export interface ChildExit {
  /** Others were on it, and none of them is known to be the reason; or one is, and it is another. */
  readonly shared?: boolean;
  readonly code: number | null;
  readonly signal: NodeJS.Signals | null;
}

export interface SpawnOptions {
  readonly scratch: string;
  readonly heapMb: number;
  readonly clock: Clock;
  /** Of one line that it says; left out: as of any child. */
  readonly lineBytes?: number;
  /** What holds it; absent: nothing but its own process. */
  readonly hold?: Hold;
}

/** No process could be started; another try may find the machine less full. */
export class ChildNotStarted extends JobFailure {
  constructor(why: string) {
    super('CHILD_NOT_STARTED', `No process could be started for it: ${why}.`);
  }
}

/** One child process with the tree below it. Talks to whoever holds it at the time. */
export class AttemptProcess {
  readonly mark: TreeMark;
  readonly #pid: number;
  readonly #clock: Clock;
  readonly #child: ChildProcess;
  readonly #hold: Hold | undefined;
  readonly #lineBytes: number;
  readonly #spawnedAtMs: number;
  #startMs = 0;
  readonly #ready = Promise.withResolvers<void>();
  readonly #exited = Promise.withResolvers<void>();
  /** The channel is closed: nothing more will be heard. */
  readonly #silent = Promise.withResolvers<void>();
  #listener: ChildListener | undefined;
  #unsent = '';
  #exit: ChildExit | undefined;

  constructor(options: SpawnOptions) {
    this.#clock = options.clock;
    this.#hold = options.hold;
    this.#lineBytes = options.lineBytes ?? LIMITS.lineFromChildBytes;
    this.#spawnedAtMs = options.clock.monotonic();
    this.#child = started(options);
    // Of a child that could not be started: there is no number then, and that is told below.
    this.#child.once('error', () => {});
    this.#child.once('exit', (code, name) => this.#ended({ code, signal: name }));
    const { pid } = this.#child;
    if (pid === undefined) throw new ChildNotStarted('the system starts no more processes');
    this.mark = {
      scratch: options.scratch,
      root: { pid, startedAt: processRow(pid)?.startedAt ?? 0 },
    };
    this.#pid = pid;
    this.#listen();
  }

  /** Resolves when it may be given work at once, or has ended instead. Work may be given before. */
  get ready(): Promise<void> {
    return this.#ready.promise;
  }

  /** From its start until it could be given work. */
  get startMs(): number {
    return this.#startMs;
  }

  get exit(): ChildExit | undefined {
    return this.#exit;
  }

  /** From now on the child is the listener's. */
  hold(listener: ChildListener | undefined): void {
    this.#listener = listener;
  }

  /** What is sent in one turn of the loop goes out with one write. */
  send(message: ToChild): void {
    if (this.#unsent === '') setImmediate(() => this.#write());
    this.#unsent += encode(message);
  }

  #write(): void {
    if (this.#unsent === '') return;
    this.#channel.write(this.#unsent);
    this.#unsent = '';
  }

  /**
   * Ends the child and all that came from it: asked first, killed after the grace, and then looked
   * for until nothing is left. Gives how many processes had to be killed.
   */
  async endTree(options: {
    readonly graceMs: number;
    readonly cause?: StopCause;
  }): Promise<number> {
    const pid = this.#pid;
    if (this.#exit === undefined && options.graceMs > 0) {
      if (options.cause !== undefined) this.send({ type: 'stop', cause: options.cause });
      // Before the signal: it says why.
      this.#write();
      this.#askToEnd();
      await this.#within(this.#exited.promise, options.graceMs);
    }
    if (this.#exit === undefined) signal(-pid, 'SIGKILL');
    const killed = await killTree(this.mark, this.#clock);
    await this.#exited.promise;
    // What it said last may still be on its way.
    await this.#within(this.#silent.promise, LAST_WORDS_MS);
    return killed;
  }

  /** What makes the box would end at once with all that is in it: the one inside is asked. */
  #askToEnd(): void {
    if (!this.#hold?.boxed) {
      signal(-this.#pid, 'SIGTERM');
      return;
    }
    const table = processTable();
    const first = table.find((row) => row.parent === this.#pid);
    for (const row of table)
      if (first !== undefined && row.parent === first.pid) signal(row.pid, 'SIGTERM');
  }

  get #channel(): Duplex {
    return this.#child.stdio[3] as Duplex;
  }

  #listen(): void {
    const garbled = () => this.#listener?.onGarbled();
    this.#read(this.#channel, {
      onLine: (line) => {
        const message = fromChild(line);
        if (message === undefined) garbled();
        else if (message.type === 'ready') {
          this.#startMs = this.#clock.monotonic() - this.#spawnedAtMs;
          this.#ready.resolve();
        } else this.#listener?.onMessage(message);
      },
      onTooLong: garbled,
    });
    // A write to a child that has just ended is settled by its exit.
    this.#channel.on('error', () => {});
    this.#channel.once('close', () => this.#silent.resolve());
    for (const stream of [this.#child.stdout, this.#child.stderr])
      if (stream !== null)
        this.#read(stream, {
          onLine: (line) => this.#listener?.onPrinted(line),
          onTooLong: () => this.#listener?.onPrinted('(a line too long to keep)'),
        });
  }

  #read(stream: Readable, on: { onLine: (line: string) => void; onTooLong: () => void }): void {
    const reader = new LineReader({ maxBytes: this.#lineBytes, ...on });
    stream.on('data', (chunk: Buffer) => reader.push(chunk));
    stream.on('end', () => reader.end());
  }

  async #within(happens: Promise<void>, ms: number): Promise<void> {
    const enough = new AbortController();
    await Promise.race([happens, this.#clock.sleep(ms, enough.signal).catch(() => {})]);
    enough.abort();
  }

  #ended(exit: ChildExit): void {
    this.#exit = exit;
    this.#exited.resolve();
    this.#ready.resolve();
    void this.#silent.promise.then(() => this.#listener?.onExit(exit));
  }
}

function started({ scratch, heapMb, hold }: SpawnOptions): ChildProcess {
  const own = [process.execPath, ...childArgs(heapMb)];
  const [command = process.execPath, ...args] = hold?.wrap(own) ?? own;
  const filter = hold?.openFilter();
  try {
    return spawn(command, args, {
      cwd: scratch,
      env: childEnvironment(scratch, hold?.folder ?? scratch),
      // A session of its own: the group can be ended as one, and Ctrl-C does not reach it.
      detached: true,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', ...(filter === undefined ? [] : [filter])],
    });
  } finally {
    hold?.closeFilter(filter);
  }
}

/** Built code runs as it is; the sources of a checkout run by Node's own stripping of types. */
function childArgs(heapMb: number): string[] {
  const heap = `--max-old-space-size=${heapMb}`;
  if (!import.meta.url.endsWith('.ts')) return ['--enable-source-maps', heap, childFile('js')];
  const hooks = new URL('../../../../scripts/source.mjs', import.meta.url).href;
  return ['--no-warnings', heap, '--import', hooks, childFile('ts')];
}

const childFile = (ending: 'js' | 'ts') =>
  fileURLToPath(new URL(`../child/attempt-child.${ending}`, import.meta.url));

/**
 * All that a child knows of its surroundings. Nothing is inherited: the worker's environment holds
 * the addresses and passwords of its servers.
 */
function childEnvironment(scratch: string, folder: string): NodeJS.ProcessEnv {
  return {
    PATH: '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin',
    HOME: folder,
    TMPDIR: folder,
    LANG: 'C.UTF-8',
    TZ: 'UTC',
    [SCRATCH_MARK]: scratch,
  };
}
