import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { JobFailure } from '../job-failure.js';
import type { CodeJob, ProcessProgram } from './code-job.js';
import { runnerEnvironment } from './config.js';
import { CODE_LIMITS as L } from './limits.js';
import type { CodeRunDeps } from './run-code.js';

export const PROCESS = 'process';

/** A step of a workflow as a process: its code, and the beginning of what it printed. */
export async function runProcess(
  job: CodeJob,
  program: ProcessProgram,
  { channel, clock, signal }: CodeRunDeps,
): Promise<void> {
  const folder = process.cwd();
  const child = spawn(...(await commandOf(job, program, folder)), {
    cwd: folder,
    env: {
      ...runnerEnvironment(),
      ...program.environment,
      CARILLON_EXECUTION: job.attempt.executionId,
      CARILLON_ATTEMPT: String(job.attempt.attempt),
      CARILLON_IDEMPOTENCY_KEY: job.attempt.idempotencyKey,
    },
    stdio: ['pipe', 'pipe', 'pipe'],
    detached: true,
  });
  // One that ends before it has read all is settled by its exit.
  child.stdin.on('error', () => {});
  child.stdin.end(program.stdin);
  const stdout = collect(child.stdout);
  const stderr = collect(child.stderr);
  const end = () => {
    try {
      if (child.pid !== undefined) process.kill(-child.pid, 'SIGTERM');
    } catch {
      // Gone already.
    }
  };
  signal.addEventListener('abort', end, { once: true });
  if (signal.aborted) end();
  const exit = await new Promise<{ code: number | null; name: NodeJS.Signals | null }>(
    (resolve, reject) => {
      child.once('exit', (code, name) => resolve({ code, name }));
      child.once('error', (error) =>
        reject(new JobFailure('PROGRAM_NOT_STARTED', `It could not be started: ${error.message}.`)),
      );
    },
  );
  await Promise.race([Promise.all([stdout.ended, stderr.ended]), clock.sleep(L.lastLinesMs)]);
  signal.removeEventListener('abort', end);
  if (signal.aborted) throw new JobFailure('STOPPED', 'It was stopped.');
  if (exit.code === null)
    throw new JobFailure('PROGRAM_KILLED', `The process was ended by ${exit.name}.`);
  const value = { code: exit.code, stdout: stdout.text(), stderr: stderr.text() };
  channel.send({ type: 'output', name: PROCESS, value });
}

async function commandOf(
  { heapMb }: CodeJob,
  { interpreter, text, arguments: given }: ProcessProgram,
  folder: string,
): Promise<[command: string, args: readonly string[]]> {
  if (interpreter === 'node') {
    const file = join(folder, 'script.mjs');
    await writeFile(file, text);
    const heap = `--max-old-space-size=${heapMb}`;
    return [process.execPath, [heap, '--no-warnings', file, ...given]];
  }
  const file = join(folder, 'command.sh');
  await writeFile(file, given.length === 0 ? text : `${text} "$@"`);
  return ['/bin/sh', [file, ...given]];
}

interface Collected {
  readonly ended: Promise<void>;
  text(): string;
}

function collect(stream: Readable): Collected {
  const parts: Buffer[] = [];
  let bytes = 0;
  stream.on('data', (part: Buffer) => {
    if (bytes < L.printedBytes) parts.push(part.subarray(0, L.printedBytes - bytes));
    bytes += part.length;
  });
  stream.on('error', () => {});
  return {
    ended: new Promise((resolve) => stream.once('close', resolve)),
    text: () => new TextDecoder().decode(Buffer.concat(parts)),
  };
}
