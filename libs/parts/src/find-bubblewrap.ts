import { chmod, copyFile, mkdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { type DebianPackage, fetchDebianPackage } from './debian-package.js';
import { findOnPath, isExecutableFile } from './find-executable.js';
import { reasonOf } from './reason.js';
import { runCommand } from './run-command.js';

export interface FoundBubblewrap {
  readonly binary: string;
  readonly from: 'CARILLON_BWRAP' | 'PATH' | 'cache' | 'package';
}

/** The first that can bound the size of a tmpfs. */
const VERSION_MIN = [0, 7] as const;
const ANSWER_MS = 5_000;
const NAME = 'bwrap';
const PACKAGE: DebianPackage = {
  name: 'bubblewrap',
  program: NAME,
  places: { debian: { component: 'main' }, ubuntu: { component: 'main' } },
};

/**
 * Finds bubblewrap: the named one, else one on PATH, else the cache, else the distribution's package,
 * unpacked into the cache without root and without installing it. Nothing here, then why not: user
 * code then runs with fewer walls, and the worker says so.
 */
export async function findBubblewrap(
  env: NodeJS.ProcessEnv,
  fetch: typeof fetchDebianPackage = fetchDebianPackage,
): Promise<FoundBubblewrap | string> {
  if (process.platform !== 'linux') return 'bubblewrap exists for Linux only';
  const named = env['CARILLON_BWRAP'];
  if (named) {
    const fault = await faultOf(named);
    return fault === undefined ? { binary: named, from: 'CARILLON_BWRAP' } : fault;
  }
  const looked: string[] = [];
  const folder = join(
    env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache'),
    'carillon',
  );
  const kept = join(folder, NAME);
  const places = [
    ...findOnPath(NAME, env['PATH']).map((binary) => ({ binary, from: 'PATH' as const })),
    ...(isExecutableFile(kept) ? [{ binary: kept, from: 'cache' as const }] : []),
  ];
  for (const place of places) {
    const fault = await faultOf(place.binary);
    if (fault === undefined) return place;
    looked.push(fault);
  }
  try {
    const binary = await fetch(PACKAGE, env['PATH'], (found) => keep(found, folder, kept));
    return { binary, from: 'package' };
  } catch (error) {
    looked.push(`the package could not be fetched (${reasonOf(error)})`);
  }
  return `no bubblewrap on PATH; ${looked.join('; ')}`;
}

async function faultOf(binary: string): Promise<string | undefined> {
  const said = await runCommand(binary, ['--version'], { timeoutMs: ANSWER_MS }).catch(() => '');
  const version = /(\d+)\.(\d+)/.exec(said);
  if (version === null) return `${binary} does not run`;
  const [major, minor] = [Number(version[1]), Number(version[2])];
  const enough = major > VERSION_MIN[0] || (major === VERSION_MIN[0] && minor >= VERSION_MIN[1]);
  return enough ? undefined : `${binary} is ${version[0]}, older than ${VERSION_MIN.join('.')}`;
}

/** Renamed into place at the end, so that two finders at once can't meet half a file. */
async function keep(binary: string, folder: string, kept: string): Promise<string> {
  const fault = await faultOf(binary);
  if (fault !== undefined) throw new Error(fault);
  await mkdir(folder, { recursive: true });
  const arriving = join(folder, `.arriving-${NAME}-${process.pid}`);
  try {
    await copyFile(binary, arriving);
    await chmod(arriving, 0o755);
    await rename(arriving, kept);
  } finally {
    await rm(arriving, { force: true });
  }
  return kept;
}
