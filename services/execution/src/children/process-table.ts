import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

/** One running process, as far as it matters for telling whose it is. */
export interface ProcessRow {
  readonly pid: number;
  readonly parent: number;
  readonly group: number;
  /** 0 where the system does not tell. */
  readonly session: number;
  /** Clock ticks since boot; 0 where the system does not tell. */
  readonly startedAt: number;
  readonly cpuMs: number;
}

/** `getconf CLK_TCK` is 100 on every Linux that Node runs on. */
const TICK_MS = 10;
const PAGE_BYTES = 4_096;
const PS_TIMEOUT_MS = 5_000;
const PS_BYTES_MAX = 16 * 1024 * 1024;

const isLinux = process.platform === 'linux';

/**
 * Every live process of the machine; zombies are dead and left out. One small read a process, about
 * 10 us each: a few ms, and only asked for when a tree is ended or measured.
 */
export function processTable(): readonly ProcessRow[] {
  return isLinux ? fromProc() : fromPs();
}

/** One process, or undefined when it is gone. */
export function processRow(pid: number): ProcessRow | undefined {
  return isLinux
    ? rowOf(pid, readProc(pid, 'stat'))
    : processTable().find((row) => row.pid === pid);
}

/** What a process holds in memory: its own, and what it may share with others. */
export function memoryOf(pid: number): { readonly own: number; readonly shared: number } {
  if (!isLinux) return { own: Number(ps(['-o', 'rss=', '-p', String(pid)])) * 1024, shared: 0 };
  const [, resident = 0, shared = 0] = readProc(pid, 'statm').split(' ').map(Number);
  return { own: (resident - shared) * PAGE_BYTES, shared: shared * PAGE_BYTES };
}

/**
 * Whether the process carries the mark in its environment or its command line. Everything that
 * comes from an attempt inherits its environment; Chromium's helpers overwrite theirs with a title,
 * but belong to a session or parent that does carry it.
 */
export function carries(pid: number, mark: string): boolean {
  if (!isLinux) return psCommand(pid).includes(mark);
  return readProc(pid, 'environ').includes(mark) || readProc(pid, 'cmdline').includes(mark);
}

function fromProc(): ProcessRow[] {
  const rows: ProcessRow[] = [];
  for (const name of readdirSync('/proc')) {
    const pid = Number(name);
    if (!Number.isInteger(pid)) continue;
    const row = rowOf(pid, readProc(pid, 'stat'));
    if (row !== undefined) rows.push(row);
  }
  return rows;
}

function rowOf(pid: number, stat: string): ProcessRow | undefined {
  // The name stands in brackets and may itself hold blanks and brackets.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const number = (at: number) => Number(fields[at]);
  if (fields.length < 22 || fields[0] === 'Z' || fields[0] === 'X') return undefined;
  return {
    pid,
    parent: number(1),
    group: number(2),
    session: number(3),
    cpuMs: (number(11) + number(12)) * TICK_MS,
    startedAt: number(19),
  };
}

/** Empty when the process is gone or somebody else's. */
function readProc(pid: number, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'latin1');
  } catch {
    return '';
  }
}

function fromPs(): ProcessRow[] {
  return ps(['-axo', 'pid=,ppid=,pgid=,state='])
    .split('\n')
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields.length === 4 && !fields[3]?.startsWith('Z'))
    .map(([pid, parent, group]) => ({
      pid: Number(pid),
      parent: Number(parent),
      group: Number(group),
      session: 0,
      startedAt: 0,
      cpuMs: 0,
    }));
}

const psCommand = (pid: number): string => ps(['-Eww', '-o', 'command=', '-p', String(pid)]);

function ps(args: readonly string[]): string {
  try {
    return execFileSync('ps', [...args], {
      encoding: 'utf8',
      timeout: PS_TIMEOUT_MS,
      maxBuffer: PS_BYTES_MAX,
      stdio: ['ignore', 'pipe', 'ignore'],
    });
  } catch {
    return '';
  }
}
