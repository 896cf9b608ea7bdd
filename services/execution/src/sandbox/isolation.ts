import { spawn } from 'node:child_process';
import { closeSync, openSync } from 'node:fs';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { Clock } from '#libs/clock';
import { findBubblewrap, findOnPath } from '#libs/parts';
import { JobFailure } from '../child/job-failure.js';
import type { AttemptLimits } from './attempt-limits.js';
import { BOX_FOLDER, boxCommand, type Walls } from './box-command.js';
import { type Cgroup, type Cgroups, findCgroups } from './cgroups.js';
import { seccompFilter } from './seccomp.js';

/** How much holds the code of users on this worker. */
export type Tier = 'none' | 'limits' | 'sandbox';

export interface IsolationSettings {
  readonly sandbox: 'auto' | 'require' | 'off';
  readonly env: NodeJS.ProcessEnv;
  /** Of the scratch folders; names the control groups. */
  readonly family: string;
  /** A folder for the filter; the worker's own. */
  readonly folder: string;
  /** The worker's name among the groups. */
  readonly worker: string;
  readonly clock: Clock;
}

/** Beyond it a package that is on its way serves the next start. */
const FIND_MS = 20_000;
const TRY_MS = 10_000;
const TRY_LIMITS: AttemptLimits = { cpuSeconds: 5, memoryMb: 256, diskMb: 1, processes: 64 };

/** The operator requires what this machine does not have. */
export class SandboxMissing extends Error {
  readonly code = 'sandbox-missing';

  constructor(lacks: string) {
    super(
      `CARILLON_SANDBOX=require, but programs can't be boxed here: ${lacks}. Install bubblewrap 0.7 or newer (Debian, Ubuntu: apt-get install bubblewrap) and allow it to make namespaces, or name one in CARILLON_BWRAP; with CARILLON_SANDBOX=auto the worker starts with fewer walls.`,
    );
  }
}

/** Nobody may get the machine for a slip in a program, or for the want of a package. */
export class NoBoxForRoot extends JobFailure {
  constructor(lacks: string) {
    super(
      'SANDBOX_MISSING',
      `This worker runs as root and has no sandbox, so it runs no programs; it lacks ${lacks}. Install bubblewrap, run the worker as another user, or set CARILLON_SANDBOX=off to run programs as root all the same.`,
    );
  }
}

/** What one process tree is held by. */
export interface Hold {
  readonly tier: Tier;
  readonly limits: AttemptLimits;
  readonly group: Cgroup | undefined;
  /** It has a folder and a view of processes of its own. */
  readonly boxed: boolean;
  /** Within which the program runs. */
  readonly folder: string | undefined;
  wrap(command: readonly string[]): readonly string[];
  /** Opened for one start: the filter, to be given as file descriptor 4, and then closed. */
  openFilter(): number | undefined;
  closeFilter(fd: number | undefined): void;
}

export interface Isolation {
  readonly tier: Tier;
  /** What is missing to more; empty: nothing. */
  readonly lacks: string;
  readonly groups: Cgroups | undefined;
  hold(
    name: string,
    about: {
      readonly kind: 'code' | 'flow';
      readonly limits: AttemptLimits;
      readonly network: 'none' | 'full';
    },
  ): Hold;
}

/** Looks what there is, tries it, and says what is missing. Throws when the required is not there. */
export async function findIsolation(settings: IsolationSettings): Promise<Isolation> {
  if (settings.sandbox === 'off') return isolationOf('none', 'switched off', NOTHING, settings);
  const found = findCgroups(settings.family);
  const groups = typeof found === 'string' ? undefined : found;
  const lacks = typeof found === 'string' ? [`exact limits (${found})`] : [];
  const prlimit = findOnPath('prlimit', SYSTEM_PATH)[0];
  if (prlimit === undefined) lacks.push('prlimit (package util-linux)');
  const filter = await writtenFilter(settings.folder);
  if (filter === undefined) lacks.push(`a seccomp filter for ${process.arch}`);
  const parts = { groups, filter };
  const limitsOnly = { ...NOTHING, ...parts, walls: { ...NOTHING.walls, prlimit } };
  const box = await within(FIND_MS, settings.clock, findBubblewrap(settings.env));
  const why =
    typeof box === 'string'
      ? box
      : await tried({ ...parts, walls: { prlimit, bubblewrap: box.binary, setpriv: stepDown() } });
  if (typeof why !== 'string') return isolationOf('sandbox', lacks.join('; '), why, settings);
  if (settings.sandbox === 'require') throw new SandboxMissing(why);
  return isolationOf('limits', [`a sandbox (${why})`, ...lacks].join('; '), limitsOnly, settings);
}

interface Parts {
  readonly walls: Walls;
  readonly groups: Cgroups | undefined;
  readonly filter: string | undefined;
}

const SYSTEM_PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';
const NOTHING: Parts = {
  walls: { prlimit: undefined, bubblewrap: undefined, setpriv: undefined },
  groups: undefined,
  filter: undefined,
};

const stepDown = () =>
  process.getuid?.() === 0 ? findOnPath('setpriv', SYSTEM_PATH)[0] : undefined;

function isolationOf(
  tier: Tier,
  lacks: string,
  { walls, groups, filter }: Parts,
  { worker }: Pick<IsolationSettings, 'worker'>,
): Isolation {
  return {
    tier,
    lacks,
    groups,
    hold: (name, { kind, limits, network }) => {
      const boxed = kind === 'code' && tier === 'sandbox';
      if (kind === 'code' && tier === 'limits' && process.getuid?.() === 0)
        throw new NoBoxForRoot(lacks);
      // A boxed program's folder lies in memory, and is counted there.
      const extraMemoryMb = boxed ? limits.diskMb : 0;
      const group = groups?.open(join(worker, name), { ...limits, extraMemoryMb });
      return {
        tier: boxed ? 'sandbox' : tier === 'none' ? 'none' : 'limits',
        limits,
        group,
        boxed,
        folder: boxed ? BOX_FOLDER : undefined,
        wrap: (command) =>
          boxCommand(command, walls, {
            limits,
            network,
            entrances: group?.entrances ?? [],
            hasFilter: filter !== undefined,
            boxed: kind === 'code',
          }),
        openFilter: () => (boxed && filter !== undefined ? openSync(filter, 'r') : undefined),
        closeFilter: (fd) => {
          if (fd !== undefined) closeSync(fd);
        },
      };
    },
  };
}

async function writtenFilter(folder: string): Promise<string | undefined> {
  const bytes = seccompFilter(process.arch);
  if (bytes === undefined) return undefined;
  const file = join(folder, 'filter');
  await writeFile(file, bytes);
  return file;
}

async function within<T>(ms: number, clock: Clock, found: Promise<T>): Promise<T | string> {
  const enough = new AbortController();
  const late = clock.sleep(ms, enough.signal).then(
    () => `bubblewrap was not found within ${ms / 1_000} s`,
    () => '',
  );
  const first = await Promise.race([found, late]);
  enough.abort();
  return first;
}

/** A box that was never made is a promise: one is, with Node inside. Gives the parts, or why not. */
async function tried(parts: Parts): Promise<Parts | string> {
  const command = boxCommand([process.execPath, '--print', '1'], parts.walls, {
    limits: TRY_LIMITS,
    network: 'none',
    entrances: [],
    hasFilter: parts.filter !== undefined,
    boxed: true,
  });
  const filter = parts.filter === undefined ? 'ignore' : openSync(parts.filter, 'r');
  const said: string[] = [];
  const code = await new Promise<number | string>((resolve) => {
    const child = spawn(command[0] ?? '', command.slice(1), {
      env: { PATH: SYSTEM_PATH },
      stdio: ['ignore', 'pipe', 'pipe', 'ignore', filter],
      timeout: TRY_MS,
    });
    child.stderr?.on('data', (chunk: Buffer) => said.push(chunk.toString('utf8')));
    child.once('error', (error) => resolve(error.message));
    child.once('close', (ended, signal) => resolve(ended ?? signal ?? ''));
  });
  if (typeof filter === 'number') closeSync(filter);
  if (code === 0) return parts;
  return `a trial of bubblewrap ended with ${code}: ${said.join('').trim().slice(0, 300)}`;
}
