import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  writeFileSync,
} from 'node:fs';
import { dirname, join } from 'node:path';
import type { AttemptLimits } from './attempt-limits.js';

/**
 * Control groups: the kernel's own count of what a tree of processes uses, and its bounds. Ours lie
 * below the group that the worker itself is in, so that whoever bounds the worker bounds its
 * attempts. Version 2 where it was delegated, else version 1.
 */
export interface CgroupUse {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  /** How often the kernel ended a process for memory, and refused a new one for its number. */
  readonly memoryKills: number;
  readonly refusedProcesses: number;
}

export interface Cgroup {
  /** A process that writes its number into each of these is in. */
  readonly entrances: readonly string[];
  use(): CgroupUse;
  /** No process may be made any more; those that are there. */
  freezeNumber(): readonly number[];
  remove(): void;
}

export interface Cgroups {
  readonly version: 1 | 2;
  open(name: string, limits: AttemptLimits & { readonly extraMemoryMb: number }): Cgroup;
  /** Groups of workers, by the name that they were opened under. */
  workers(): readonly string[];
  /** Processes in the groups of a worker; none left: the groups are removed. */
  leftOf(worker: string): readonly number[];
  /** At a worker's own end: its groups, and that of the family when it was the last. */
  close(worker: string): void;
}

const MIB = 1024 * 1024;
/** A program has half of what a neighbour has when both want all. */
const CPU_SHARES = '512';
const CPU_WEIGHT = '50';

/** `family` tells the groups of one data folder from those of another on the same machine. */
export function findCgroups(family: string): Cgroups | string {
  if (process.platform !== 'linux') return 'this system has no control groups';
  const own = ownGroups();
  const unified = own.get('');
  const v2 = unified === undefined ? 'there is no cgroup2' : secondVersion(unified, family);
  if (typeof v2 !== 'string') return v2;
  const v1 = firstVersion(own, family);
  return typeof v1 === 'string' ? `${v2}; ${v1}` : v1;
}

/** By controller: where this process is. The unified hierarchy has the empty name. */
function ownGroups(): ReadonlyMap<string, string> {
  const mounts = read('/proc/self/mountinfo')
    .split('\n')
    .map((line) => line.split(' '));
  const groups = new Map<string, string>();
  for (const line of read('/proc/self/cgroup').split('\n')) {
    const [, controllers = '', path = ''] = /^\d+:([^:]*):(.*)$/.exec(line) ?? [];
    if (path === '') continue;
    for (const controller of controllers.split(',')) {
      const mount = mounts.find((fields) => {
        const type = fields[fields.indexOf('-') + 1];
        return controller === ''
          ? type === 'cgroup2'
          : type === 'cgroup' && (fields.at(-1) ?? '').split(',').includes(controller);
      });
      // In a container the mount may show only a part of the tree: its fourth field.
      const [shown = '/', at] = [mount?.[3], mount?.[4]];
      if (at === undefined) continue;
      groups.set(controller, join(at, path.startsWith(shown) ? path.slice(shown.length) : path));
    }
  }
  return groups;
}

function firstVersion(own: ReadonlyMap<string, string>, family: string): Cgroups | string {
  const named = ['memory', 'pids', 'cpuacct', 'cpu'] as const;
  const roots = new Map<string, string>();
  for (const controller of named) {
    const at = own.get(controller);
    if (at === undefined) continue;
    try {
      const root = join(at, family);
      // Made and removed again: what is never needed is never left behind.
      mkdirSync(root, { recursive: true });
      removeGroup(root);
      roots.set(controller, root);
    } catch {
      // Not ours to write in.
    }
  }
  for (const needed of ['memory', 'pids', 'cpuacct'])
    if (!roots.has(needed)) return `the version 1 controller ${needed} can't be used`;
  const at = (controller: string) => roots.get(controller) ?? '';
  return {
    version: 1,
    open: (name, limits) => {
      const folders = [...roots.values()].map((root) => join(root, name));
      for (const folder of folders) mkdirSync(folder, { recursive: true });
      const memory = join(at('memory'), name);
      const pids = join(at('pids'), name);
      const cpu = join(at('cpuacct'), name);
      const bytes = String((limits.memoryMb + limits.extraMemoryMb) * MIB);
      write(join(memory, 'memory.limit_in_bytes'), bytes);
      // Swap would only make the end slower. Absent where the kernel counts none.
      attempt(() => write(join(memory, 'memory.memsw.limit_in_bytes'), bytes));
      write(join(pids, 'pids.max'), String(limits.processes));
      if (roots.has('cpu')) attempt(() => write(join(at('cpu'), name, 'cpu.shares'), CPU_SHARES));
      return {
        entrances: folders.map((folder) => join(folder, 'cgroup.procs')),
        use: () => ({
          cpuMs: Number(read(join(cpu, 'cpuacct.usage'))) / 1e6,
          peakMemoryBytes: Number(read(join(memory, 'memory.max_usage_in_bytes'))),
          memoryKills: field(read(join(memory, 'memory.oom_control')), 'oom_kill'),
          refusedProcesses: field(read(join(pids, 'pids.events')), 'max'),
        }),
        freezeNumber: () => {
          attempt(() => write(join(pids, 'pids.max'), '0'));
          return numbersIn(pids);
        },
        remove: () => folders.forEach(removeGroup),
      };
    },
    ...ofWorkers([...roots.values()], at('pids')),
  };
}

const CONTROLLERS = ['memory', 'pids', 'cpu'] as const;

/** Of the group `own`, where it was delegated; or why not. */
export function secondVersion(own: string, family: string): Cgroups | string {
  const offered = read(join(own, 'cgroup.controllers')).trim().split(' ');
  const lacking = CONTROLLERS.filter((one) => !offered.includes(one));
  if (lacking.length > 0) return `cgroup2 does not offer ${lacking.join(', ')} here`;
  const root = join(own, family);
  try {
    mkdirSync(root, { recursive: true });
    handDown(own);
    handDown(root);
    removeGroup(root);
  } catch (error) {
    return `cgroup2 is not delegated (${(error as NodeJS.ErrnoException).code ?? String(error)})`;
  }
  return {
    version: 2,
    open: (name, limits) => {
      const folder = join(root, name);
      mkdirSync(dirname(folder), { recursive: true });
      handDown(root);
      handDown(dirname(folder));
      mkdirSync(folder, { recursive: true });
      write(join(folder, 'memory.max'), String((limits.memoryMb + limits.extraMemoryMb) * MIB));
      attempt(() => write(join(folder, 'memory.swap.max'), '0'));
      write(join(folder, 'pids.max'), String(limits.processes));
      attempt(() => write(join(folder, 'cpu.weight'), CPU_WEIGHT));
      return {
        entrances: [join(folder, 'cgroup.procs')],
        use: () => ({
          cpuMs: field(read(join(folder, 'cpu.stat')), 'usage_usec') / 1_000,
          peakMemoryBytes: Number(read(join(folder, 'memory.peak'))),
          memoryKills: field(read(join(folder, 'memory.events')), 'oom_kill'),
          refusedProcesses: field(read(join(folder, 'pids.events')), 'max'),
        }),
        freezeNumber: () => {
          attempt(() => write(join(folder, 'pids.max'), '0'));
          return numbersIn(folder);
        },
        remove: () => removeGroup(folder),
      };
    },
    ...ofWorkers([root], root),
  };
}

/**
 * Controllers reach children only from a group without processes of its own. A worker that is alone
 * in its group moves into a leaf; with neighbours the kernel refuses, and that is told.
 */
function handDown(group: string): void {
  const control = join(group, 'cgroup.subtree_control');
  const wanted = CONTROLLERS.map((one) => `+${one}`).join(' ');
  try {
    write(control, wanted);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EBUSY') throw error;
    const leaf = join(group, 'worker');
    mkdirSync(leaf, { recursive: true });
    write(join(leaf, 'cgroup.procs'), String(process.pid));
    try {
      write(control, wanted);
    } catch (still) {
      write(join(group, 'cgroup.procs'), String(process.pid));
      removeGroup(leaf);
      throw still;
    }
  }
}

function ofWorkers(roots: readonly string[], counted: string) {
  const leftOf = (worker: string): readonly number[] => {
    const groups = foldersIn(join(counted, worker)).map((name) => join(worker, name));
    const left = groups.flatMap((name) => numbersIn(join(counted, name)));
    if (left.length === 0)
      for (const root of roots) {
        for (const name of groups) removeGroup(join(root, name));
        removeGroup(join(root, worker));
      }
    return left;
  };
  return {
    workers: () => foldersIn(counted),
    leftOf,
    close: (worker: string): void => {
      leftOf(worker);
      roots.forEach(removeGroup);
    },
  };
}

function foldersIn(folder: string): readonly string[] {
  if (!existsSync(folder)) return [];
  return readdirSync(folder, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name }) => name);
}

const numbersIn = (group: string): number[] =>
  read(join(group, 'cgroup.procs'))
    .split('\n')
    .filter((line) => line !== '')
    .map(Number);

/** The kernel refuses while a process is still ending in it; the next sweep then finds it. */
function removeGroup(folder: string): void {
  attempt(() => rmdirSync(folder));
}

const field = (text: string, name: string): number =>
  Number(new RegExp(`^${name} (\\d+)$`, 'm').exec(text)?.[1] ?? 0);

function read(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return '';
  }
}

const write = (file: string, text: string) => writeFileSync(file, text);

function attempt(act: () => void): void {
  try {
    act();
  } catch {
    // Whoever calls says why this may fail.
  }
}
