import { type ChildProcess, spawn } from 'node:child_process';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { setPriority } from 'node:os';
import { type Leash, type LeashOptions, leash } from './leash.js';
import { PartFailed } from './part-missing.js';
import { systemClock } from './system-clock.js';

const STOP_LIMIT_MS = 15_000;
const LOG_TAIL_LINES = 6;

export interface ServerProcess {
  readonly pid: number;
  /** Resolves when the process has ended, however it ended. */
  readonly exited: Promise<void>;
  /** Asks it to end, and after a limit makes it. */
  stop(signal: NodeJS.Signals): Promise<void>;
  kill9(): Promise<void>;
}

export interface ServerOptions {
  readonly binary: string;
  readonly args: readonly string[];
  readonly logFile: string;
  readonly leash: LeashOptions;
  readonly cwd?: string;
  readonly env?: NodeJS.ProcessEnv;
  readonly uid?: number;
  readonly gid?: number;
  /** As `nice` has it; what the server starts is like it. */
  readonly niceness?: number;
}

/** Starts a server in a session of its own, on a leash, with its words going to a file. */
export async function startServer(options: ServerOptions): Promise<ServerProcess> {
  const log = openSync(options.logFile, 'a');
  const child = spawn(options.binary, [...options.args], {
    cwd: options.cwd,
    env: options.env,
    uid: options.uid,
    gid: options.gid,
    stdio: ['ignore', log, log],
    detached: true,
  });
  closeSync(log);
  await spawned(child);
  const pid = child.pid as number;
  if (options.niceness !== undefined) lower(pid, options.niceness);
  const held = leash(pid, options.leash);
  const exited = ended(child, held);
  const end = async (signal: NodeJS.Signals) => {
    child.kill(signal);
    const limit = systemClock.setTimer(() => child.kill('SIGKILL'), STOP_LIMIT_MS);
    await exited;
    limit.cancel();
  };
  // Who forgets to stop it shall not hang for it: the leash takes care.
  child.unref();
  return { pid, exited, stop: end, kill9: () => end('SIGKILL') };
}

/** It may have ended by now, which is told elsewhere. */
function lower(pid: number, niceness: number): void {
  try {
    setPriority(pid, niceness);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ERR_SYSTEM_ERROR') throw error;
  }
}

function spawned(child: ChildProcess): Promise<void> {
  return new Promise((resolve, reject) => {
    child.once('spawn', resolve);
    child.once('error', reject);
  });
}

function ended(child: ChildProcess, held: Leash): Promise<void> {
  return new Promise((resolve) => {
    child.once('exit', () => {
      held.release();
      resolve();
    });
  });
}

/** The last words of a server that did not come up, for the error about it. */
export function logTail(file: string): string {
  try {
    return readFileSync(file, 'utf8').trimEnd().split('\n').slice(-LOG_TAIL_LINES).join('\n');
  } catch {
    return '';
  }
}

/**
 * Waits until `ready` gives something, as long as the process lives. A server that is gone or late
 * is an error with its last words.
 */
export async function awaitReady<T>(
  server: ServerProcess,
  what: { name: string; logFile: string; withinMs: number; pollMs: number },
  ready: () => Promise<T | undefined>,
): Promise<T> {
  let gone = false;
  void server.exited.then(() => {
    gone = true;
  });
  const untilMs = systemClock.monotonic() + what.withinMs;
  for (;;) {
    const answer = await ready();
    if (answer !== undefined) return answer;
    const late = systemClock.monotonic() > untilMs;
    if (gone || late) {
      if (late) await server.kill9();
      const why = gone ? 'ended at once' : `was not ready within ${what.withinMs / 1000} s`;
      throw new PartFailed(`${what.name} ${why}:\n${logTail(what.logFile)}`);
    }
    await systemClock.sleep(what.pollMs);
  }
}
