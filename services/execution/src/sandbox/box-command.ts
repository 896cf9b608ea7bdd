import { existsSync, lstatSync, readlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import type { AttemptLimits } from './attempt-limits.js';

/** What the machine has for holding a program. */
export interface Walls {
  readonly prlimit: string | undefined;
  /** Present: programs get a view of the machine of their own. */
  readonly bubblewrap: string | undefined;
  /** As root: the way to a user that owns nothing. */
  readonly setpriv: string | undefined;
}

export interface BoxOptions {
  readonly limits: AttemptLimits;
  readonly network: 'none' | 'full';
  /** Files whose writers are in the attempt's control group. */
  readonly entrances: readonly string[];
  readonly hasFilter: boolean;
  /** A browser brings walls of its own, which bubblewrap would take the ground from. */
  readonly boxed: boolean;
}

/**
 * Where a boxed program finds its folder: many expect to be able to write here. Our own code may lie
 * below it on the outside, so it is laid over it.
 */
export const BOX_FOLDER = '/tmp';
/** The filter lies behind this number; 0-2 are the usual ones, 3 is the line to the worker. */
export const FILTER_FD = 4;
/** Owns nothing, and is in no list of users: root's programs run as this one. */
const NOBODY_AT_ALL = '65533';
const MIB = 1024 * 1024;
/** The kernel asks at the limit and ends a little later. */
const CPU_GRACE_S = 2;
const OPEN_FILES = 1_024;
const OPEN_FILES_BROWSER = 8_192;
/** Where no control group counts: enough for every attempt of a worker, and an end to a fork bomb. */
const PROCESSES_OF_USER = 8_192;

/** What every program may read of the system. Nothing of it is anybody's own. */
const SYSTEM_FOLDERS = ['/usr', '/bin', '/sbin', '/lib', '/lib32', '/lib64'];
const SYSTEM_FILES = [
  'alternatives',
  'ca-certificates',
  'group',
  'hosts',
  'ld.so.cache',
  'localtime',
  'nsswitch.conf',
  'passwd',
  'pki',
  'resolv.conf',
  'ssl',
].map((name) => `/etc/${name}`);

const INTO_GROUPS =
  'n=$1; shift; while [ "$n" -gt 0 ]; do echo $$ > "$1" || exit 125; shift; n=$((n-1)); done; exec "$@"';

/** The command that starts `command` within what holds it. Every link of the chain keeps the process. */
export function boxCommand(
  command: readonly string[],
  walls: Walls,
  options: BoxOptions,
): readonly string[] {
  const { entrances, boxed } = options;
  const inBox = boxed && walls.bubblewrap !== undefined;
  return [
    ...(entrances.length > 0
      ? ['/bin/sh', '-c', INTO_GROUPS, 'sh', String(entrances.length), ...entrances]
      : []),
    ...(walls.prlimit === undefined ? [] : [walls.prlimit, ...resourceLimits(options), '--']),
    ...(inBox ? boxOf(walls, options) : []),
    ...command,
  ];
}

function resourceLimits({ limits, boxed, entrances }: BoxOptions): string[] {
  const { cpuSeconds, diskMb } = limits;
  const files = boxed ? OPEN_FILES : OPEN_FILES_BROWSER;
  return [
    '--core=0',
    `--cpu=${cpuSeconds}:${cpuSeconds + CPU_GRACE_S}`,
    `--nofile=${files}:${files}`,
    `--fsize=${diskMb * MIB}:${diskMb * MIB}`,
    ...(boxed && entrances.length === 0
      ? [`--nproc=${PROCESSES_OF_USER}:${PROCESSES_OF_USER}`]
      : []),
  ];
}

function boxOf(walls: Walls, { limits, network, hasFilter }: BoxOptions): string[] {
  const asRoot = walls.setpriv !== undefined;
  const own = ownCode();
  return [
    walls.bubblewrap ?? '',
    '--unshare-pid',
    '--unshare-ipc',
    '--unshare-uts',
    '--unshare-cgroup-try',
    ...(asRoot ? [] : ['--unshare-user']),
    ...(network === 'none' ? ['--unshare-net'] : []),
    '--die-with-parent',
    '--new-session',
    '--cap-drop',
    'ALL',
    // Only to stop being root: they are gone with the step to the other user.
    ...(asRoot ? ['CAP_SETUID', 'CAP_SETGID', 'CAP_SETPCAP'].flatMap((c) => ['--cap-add', c]) : []),
    '--perms',
    '1777',
    '--size',
    String(limits.diskMb * MIB),
    '--tmpfs',
    BOX_FOLDER,
    ...foldersAbove([...SYSTEM_FILES, ...own]).flatMap((path) => [
      '--perms',
      '0755',
      '--dir',
      path,
    ]),
    ...SYSTEM_FOLDERS.flatMap(shownAsItIs),
    ...SYSTEM_FILES.flatMap((file) => ['--ro-bind-try', file, file]),
    ...own.flatMap((path) => ['--ro-bind', path, path]),
    '--proc',
    '/proc',
    '--dev',
    '/dev',
    '--remount-ro',
    '/',
    '--chdir',
    BOX_FOLDER,
    ...(hasFilter ? ['--seccomp', String(FILTER_FD)] : []),
    '--',
    ...(asRoot ? asNobody(walls.setpriv ?? '') : []),
  ];
}

const asNobody = (setpriv: string) => [
  setpriv,
  `--reuid=${NOBODY_AT_ALL}`,
  `--regid=${NOBODY_AT_ALL}`,
  '--clear-groups',
  '--inh-caps=-all',
  '--bounding-set=-all',
  '--no-new-privs',
];

/** Merged systems have links where older ones have folders. */
function shownAsItIs(path: string): string[] {
  if (!existsSync(path)) return [];
  return lstatSync(path).isSymbolicLink()
    ? ['--symlink', readlinkSync(path), path]
    : ['--ro-bind', path, path];
}

/** Node and the code of the runner, without the folder they lie in: data may lie there too. */
export function ownCode(): readonly string[] {
  const root = packageRoot(dirname(fileURLToPath(import.meta.url)));
  const parts = import.meta.url.endsWith('.ts') ? ['libs', 'services', 'scripts'] : ['dist'];
  return [
    ...['package.json', 'node_modules', ...parts].map((name) => join(root, name)),
    process.execPath,
  ].filter((path, _at, all) => existsSync(path) && !isShown(path, all));
}

const isShown = (path: string, others: readonly string[]): boolean =>
  [...SYSTEM_FOLDERS, ...others].some((other) => path.startsWith(`${other}/`));

/** Those that bubblewrap would make by itself, but closed to anybody but root. Outermost first. */
function foldersAbove(paths: readonly string[]): readonly string[] {
  const above = new Set<string>();
  for (const path of paths)
    for (let folder = dirname(path); folder !== '/'; folder = dirname(folder)) above.add(folder);
  above.delete(BOX_FOLDER);
  return [...above].sort((one, other) => one.length - other.length);
}

function packageRoot(folder: string): string {
  if (existsSync(join(folder, 'package.json'))) return folder;
  const above = dirname(folder);
  return above === folder ? folder : packageRoot(above);
}
