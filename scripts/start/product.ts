import { type ChildProcess, spawn } from 'node:child_process';
import {
  closeSync,
  existsSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  statSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { SystemClock } from '#libs/clock';
import { leash } from '#libs/parts';

const MAIN = 'dist/services/carillon/src/main.js';
const READY_WITHIN_MS = 120_000;
const READY_POLL_MS = 50;
const READY_ANSWER_MS = 2_000;
const STOP_LIMIT_MS = 25_000;
const LOG_MAX_BYTES = 20 * 1024 * 1024;
const LOG_TAIL_LINES = 12;

const clock = new SystemClock();

export interface Product {
  readonly pid: number;
  /** Resolves with the exit code, or the signal's name. */
  readonly exited: Promise<string>;
  stop(): Promise<void>;
  kill(): void;
}

export interface ProductOptions {
  readonly root: string;
  readonly logFile: string;
  readonly env: NodeJS.ProcessEnv;
  readonly args: readonly string[];
}

/** All services in one Node process, in a session of its own so that Ctrl-C is ours to order. */
export function startProduct(options: ProductOptions): Product {
  const log = openLog(options.logFile);
  const child = spawn(process.execPath, ['--enable-source-maps', MAIN, ...options.args], {
    cwd: options.root,
    env: options.env,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  if (!child.pid) throw new Error('Node could not be started');
  const held = leash(child.pid, { signal: 'TERM' });
  const exited = new Promise<string>((resolve) => {
    child.once('exit', (code, signal) => {
      held.release();
      resolve(signal ?? String(code));
    });
  });
  return {
    pid: child.pid,
    exited,
    stop: () => stop(child, exited),
    kill: () => child.kill('SIGKILL'),
  };
}

async function stop(child: ChildProcess, exited: Promise<string>): Promise<void> {
  child.kill('SIGTERM');
  const limit = clock.setTimer(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
  await exited;
  limit.cancel();
}

/** Waits until the product can do its work. Gives the reason when it will not. */
export async function untilReady(product: Product, address: string): Promise<string | undefined> {
  let ended: string | undefined;
  void product.exited.then((how) => {
    ended = `ended with ${how}`;
  });
  const untilMs = clock.monotonic() + READY_WITHIN_MS;
  while (clock.monotonic() < untilMs) {
    if (ended) return ended;
    try {
      const signal = AbortSignal.timeout(READY_ANSWER_MS);
      const answer = await fetch(`${address}/readyz`, { signal });
      await answer.body?.cancel();
      if (answer.ok) return undefined;
    } catch {
      // Nobody listens yet.
    }
    await clock.sleep(READY_POLL_MS);
  }
  return `was not ready within ${READY_WITHIN_MS / 1_000} s`;
}

/** Whether somebody else has the port already. */
export function isTaken(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect(port, host);
    const answer = (isUsed: boolean) => {
      socket.destroy();
      resolve(isUsed);
    };
    socket.once('connect', () => answer(true));
    socket.once('error', () => answer(false));
  });
}

/** The last lines of the log, in words where they are JSON. */
export function lastWords(logFile: string): string[] {
  if (!existsSync(logFile)) return [];
  const lines = readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES);
  return lines.map((line) => {
    try {
      const { level, service, msg, err } = JSON.parse(line);
      return `${level} ${service}: ${msg}${err?.message ? ` (${err.message})` : ''}`;
    } catch {
      return line;
    }
  });
}

function openLog(file: string): number {
  mkdirSync(join(file, '..'), { recursive: true });
  if (existsSync(file) && statSync(file).size > LOG_MAX_BYTES) renameSync(file, `${file}.1`);
  return openSync(file, 'a');
}
