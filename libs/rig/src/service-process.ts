import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { SystemClock } from '#libs/clock';
import { leash } from '#libs/parts';
import { eventually } from '#libs/testing';

/** Words kept of each process, so that a long run does not fill the memory. */
const LINES_KEPT = 5_000;
const STOP_LIMIT_MS = 25_000;
const STARTED_WITHIN_MS = 30_000;

/** One line of a service's log. */
export interface LogLine {
  readonly level: string;
  readonly time: string;
  readonly msg: string;
  readonly [field: string]: unknown;
}

export interface ServiceProcessOptions {
  readonly service: string;
  readonly main: string;
  readonly args: readonly string[];
  readonly env: NodeJS.ProcessEnv;
  /** Hears each line as it comes. */
  readonly onLine?: ((line: LogLine, pid: number) => void) | undefined;
}

/** One service as a real process, on a leash: it ends with the process that started it. */
export class ServiceProcess {
  readonly service: string;
  readonly pid: number;
  /** Resolves with the exit code, or with the signal that ended it. */
  readonly exited: Promise<number | NodeJS.Signals>;
  #ended: number | NodeJS.Signals | undefined;
  readonly #lines: LogLine[] = [];

  constructor({ service, main, args, env, onLine }: ServiceProcessOptions) {
    this.service = service;
    const child = spawn(process.execPath, ['--enable-source-maps', main, ...args], {
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
      detached: true,
    });
    if (child.pid === undefined) throw new Error(`${service} could not be started`);
    this.pid = child.pid;
    const held = leash(this.pid, { signal: 'KILL' });
    for (const words of [child.stdout, child.stderr])
      createInterface({ input: words }).on('line', (text) => {
        const line = parsed(text);
        this.#keep(line);
        onLine?.(line, this.pid);
      });
    this.exited = new Promise((resolve) => {
      // `close`: the last words have been heard as well.
      child.once('close', (code, signal) => {
        held.release();
        this.#ended = signal ?? code ?? 0;
        resolve(this.#ended);
      });
    });
  }

  get lines(): readonly LogLine[] {
    return this.#lines;
  }

  get isRunning(): boolean {
    return this.#ended === undefined;
  }

  started(): Promise<void> {
    return this.said(({ msg }) => msg === 'started', STARTED_WITHIN_MS).then(() => undefined);
  }

  /** The first line that fits, once it is there. */
  said(fits: (line: LogLine) => boolean, withinMs?: number): Promise<LogLine> {
    return eventually(
      () => {
        const line = this.#lines.find(fits);
        if (line !== undefined) return line;
        throw new Error(`${this.service} ${this.pid} (${this.#ended ?? 'running'}): ${this.tail}`);
      },
      withinMs === undefined ? {} : { withinMs },
    );
  }

  /** The last words, for an error about it. */
  get tail(): string {
    return this.#lines
      .slice(-8)
      .map((line) => JSON.stringify(line))
      .join('\n');
  }

  signal(name: NodeJS.Signals): void {
    if (this.isRunning) process.kill(this.pid, name);
  }

  async kill9(): Promise<void> {
    this.signal('SIGKILL');
    await this.exited;
  }

  /** An ordered stop. Gives the exit code. */
  async terminate(): Promise<number | NodeJS.Signals> {
    this.signal('SIGCONT');
    this.signal('SIGTERM');
    const limit = new SystemClock().setTimer(() => this.signal('SIGKILL'), STOP_LIMIT_MS);
    const how = await this.exited;
    limit.cancel();
    return how;
  }

  #keep(line: LogLine): void {
    this.#lines.push(line);
    if (this.#lines.length > LINES_KEPT) this.#lines.splice(0, LINES_KEPT / 2);
  }
}

function parsed(text: string): LogLine {
  try {
    return JSON.parse(text) as LogLine;
  } catch {
    return { level: 'none', time: '', msg: text };
  }
}
