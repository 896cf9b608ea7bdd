import { type ChildProcess, spawn } from 'node:child_process';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Readable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import type { Clock } from '#libs/clock';
import type { Channel } from '../channel.js';
import { JobFailure } from '../job-failure.js';
import { LineReader } from '../line-reader.js';
import { LEVELS, type Level } from '../protocol.js';
import type { CodeJob, ShellProgram } from './code-job.js';
import { runnerEnvironment } from './config.js';
import { CODE_LIMITS as L } from './limits.js';
import { LineBudget } from './line-budget.js';
import { failureOfExit, type ProgramExit } from './program-failure.js';
import { runProcess } from './run-process.js';
import type { FromHost } from './script-host.js';

export interface CodeRunDeps {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

/** Shell scripts write their output here, one JSON object a line. */
const OUTPUT_FILE = 'output.jsonl';
/** A line with it tells a cost: `{"$cost": "0.02", "note": "search"}`. */
const COST_FIELD = '$cost';
/** V8 writes here why it gave up. */
const REPORT_FILE = 'fatal-report.json';

/**
 * Runs a program in a process of its own, below this one: it may exit, loop or eat its memory, and
 * there is still somebody to tell how it ended.
 */
export async function runCode(job: CodeJob, deps: CodeRunDeps): Promise<void> {
  const folder = process.cwd();
  const { program } = job;
  if (program.kind === 'process') return runProcess(job, program, deps);
  const running = program.kind === 'shell' ? await startShell(job, program, folder) : undefined;
  const child = running ?? (await startScript(job, folder));
  const heard = listen(job, child, deps);
  const end = () => {
    if (child.pid !== undefined) signalGroup(child.pid, 'SIGTERM');
  };
  deps.signal.addEventListener('abort', end, { once: true });
  if (deps.signal.aborted) end();
  const exit = await exitOf(child);
  await Promise.race([heard.closed, deps.clock.sleep(L.lastLinesMs)]);
  deps.signal.removeEventListener('abort', end);
  heard.tellDropped();
  const written = program.kind === 'shell' ? writtenLines(folder, deps.channel) : [];
  if (deps.signal.aborted) throw new JobFailure('STOPPED', 'It was stopped.');
  if (heard.said?.type === 'invalid')
    throw new JobFailure('SCRIPT_INVALID', heard.said.message, { final: true });
  if (heard.said?.type === 'failed') {
    deps.channel.log('error', heard.said.stack || heard.said.message);
    throw failureOfExit(exit, { folder, report: reportOf(folder), thrown: heard.said.message });
  }
  if (exit.code !== 0 || (program.kind === 'script' && heard.said === undefined))
    throw failureOfExit(exit, { folder, report: reportOf(folder), lastLines: heard.lastLines });
  if (program.kind === 'shell') tellShellOutput(written, heard.lastPrinted, deps.channel);
}

async function startShell(
  job: CodeJob,
  program: ShellProgram,
  folder: string,
): Promise<ChildProcess> {
  const file = join(folder, 'script.sh');
  await writeFile(file, program.script);
  return spawn(`/bin/${program.shell}`, [file], {
    cwd: folder,
    env: {
      ...runnerEnvironment(),
      ...program.env,
      CARILLON_OUTPUT: join(folder, OUTPUT_FILE),
      CARILLON_EXECUTION: job.attempt.executionId,
      CARILLON_ATTEMPT: String(job.attempt.attempt),
      CARILLON_IDEMPOTENCY_KEY: job.attempt.idempotencyKey,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
    detached: true,
  });
}

async function startScript(job: CodeJob, folder: string): Promise<ChildProcess> {
  if (job.program.kind !== 'script') throw new Error('is no script');
  const { script, language, params } = job.program;
  const file = join(folder, language === 'typescript' ? 'script.mts' : 'script.mjs');
  await writeFile(file, script);
  const ending = import.meta.url.endsWith('.ts') ? 'ts' : 'js';
  const host = fileURLToPath(new URL(`./script-host.${ending}`, import.meta.url));
  const child = spawn(
    process.execPath,
    [
      `--max-old-space-size=${job.heapMb}`,
      '--no-warnings',
      '--report-on-fatalerror',
      `--report-directory=${folder}`,
      `--report-filename=${REPORT_FILE}`,
      host,
    ],
    {
      cwd: folder,
      env: runnerEnvironment(),
      stdio: ['pipe', 'pipe', 'pipe', 'pipe'],
      detached: true,
    },
  );
  // One that ends before it has read all is settled by its exit.
  child.stdin?.on('error', () => {});
  child.stdin?.end(JSON.stringify({ file, params, attempt: job.attempt }));
  return child;
}

interface Heard {
  readonly closed: Promise<unknown>;
  /** How a script says that it ended. */
  readonly said: Exclude<FromHost, { type: 'log' | 'output' | 'cost' }> | undefined;
  readonly lastPrinted: string;
  readonly lastLines: readonly string[];
  tellDropped(): void;
}

function listen(job: CodeJob, child: ChildProcess, { channel }: CodeRunDeps): Heard {
  let said: Heard['said'];
  let lastPrinted = '';
  const lastLines: string[] = [];
  const budget = { ...job.log, lineBytes: L.lineBytes };
  const keep = (level: Level) => (line: string) => {
    if (level === 'info') lastPrinted = line;
    lastLines.push(line.slice(0, L.lastLineChars));
    if (lastLines.length > L.lastLines) lastLines.shift();
    channel.log(level, line);
  };
  const printed = [
    new LineBudget({ ...budget, onLine: keep('info') }),
    new LineBudget({ ...budget, onLine: keep('warn') }),
  ];
  let toldLines = 0;
  let overTold = 0;
  const onTold = (message: FromHost) => {
    if (message.type === 'output' || message.type === 'cost') channel.send(message);
    else if (message.type !== 'log') said = message;
    else if (++toldLines > job.log.lines) overTold += 1;
    else
      channel.log(levelOf(message.level), message.message.slice(0, L.lineBytes), fields(message));
  };
  const streams = [child.stdout, child.stderr].map((stream, at) => {
    stream?.on('data', (chunk: Buffer) => printed[at]?.push(chunk));
    return ended(stream, () => printed[at]?.end());
  });
  streams.push(readTold(child.stdio[3] as Readable | undefined, onTold));
  return {
    closed: Promise.all(streams),
    get said() {
      return said;
    },
    get lastPrinted() {
      return lastPrinted;
    },
    lastLines,
    tellDropped: () => {
      const dropped = printed.reduce((sum, one) => sum + one.dropped, overTold);
      if (dropped > 0) channel.send({ type: 'dropped', lines: dropped });
    },
  };
}

function readTold(
  stream: Readable | undefined,
  onTold: (message: FromHost) => void,
): Promise<void> {
  const reader = new LineReader({
    maxBytes: L.toldBytes,
    onLine: (line) => {
      const message = parse(line);
      if (message !== undefined) onTold(message as unknown as FromHost);
    },
    onTooLong: () =>
      onTold({ type: 'log', level: 'warn', message: 'Something too long to keep was left out.' }),
  });
  stream?.on('data', (chunk: Buffer) => reader.push(chunk));
  return ended(stream, () => reader.end());
}

function ended(stream: Readable | null | undefined, then: () => void): Promise<void> {
  if (stream === null || stream === undefined) return Promise.resolve();
  stream.on('error', () => {});
  return new Promise((resolve) => {
    stream.once('close', () => {
      then();
      resolve();
    });
  });
}

function exitOf(child: ChildProcess): Promise<ProgramExit> {
  return new Promise((resolve, reject) => {
    child.once('exit', (code, signal) => resolve({ code, signal }));
    child.once('error', (error) =>
      reject(new JobFailure('PROGRAM_NOT_STARTED', `It could not be started: ${error.message}.`)),
    );
  });
}

function reportOf(folder: string): string | undefined {
  try {
    const report = JSON.parse(readFileSync(join(folder, REPORT_FILE), 'utf8')) as {
      header?: { trigger?: string };
    };
    return report.header?.trigger;
  } catch {
    return undefined;
  }
}

/** What it wrote of its output. What it wrote of its costs is told, however it ended. */
function writtenLines(folder: string, channel: Channel): string[] {
  const file = join(folder, OUTPUT_FILE);
  const lines = existsSync(file) ? outputLines(file, channel) : [];
  return lines.filter((line) => {
    const { [COST_FIELD]: amount, note = '' } = parse(line) ?? {};
    if (amount === undefined) return true;
    channel.send({ type: 'cost', amount, note: String(note) });
    return false;
  });
}

/** The file it wrote, or else the last line it printed. */
function tellShellOutput(written: string[], lastPrinted: string, channel: Channel): void {
  const lines = [...written];
  if (lines.length === 0 && lastPrinted !== '')
    lines.push(
      lastPrinted.startsWith('{') ? lastPrinted : JSON.stringify({ lastLine: lastPrinted }),
    );
  for (const line of lines) {
    const value = parse(line);
    if (value === undefined) channel.log('warn', 'A line of the output is no JSON object.');
    else
      for (const [name, one] of Object.entries(value))
        channel.send({ type: 'output', name, value: one });
  }
}

function outputLines(file: string, channel: Channel): string[] {
  if (!statSync(file).isFile() || statSync(file).size > L.outputBytes) {
    channel.log('warn', `The output is larger than ${L.outputBytes} bytes and is not kept.`);
    return [];
  }
  return readFileSync(file, 'utf8')
    .split('\n')
    .filter((line) => line.trim() !== '');
}

function parse(line: string): Record<string, unknown> | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null && !Array.isArray(value)
      ? (value as Record<string, unknown>)
      : undefined;
  } catch {
    return undefined;
  }
}

const levelOf = (told: string): Level => LEVELS.find((level) => level === told) ?? 'info';

function fields({ metadata }: Extract<FromHost, { type: 'log' }>) {
  if (metadata === undefined) return undefined;
  return typeof metadata === 'object' && metadata !== null && !Array.isArray(metadata)
    ? (metadata as Record<string, unknown>)
    : { value: metadata };
}

function signalGroup(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(-pid, name);
  } catch {
    // Gone already.
  }
}
