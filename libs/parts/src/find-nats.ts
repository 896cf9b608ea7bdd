import { chmod, copyFile, mkdir, readdir, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findOnPath } from './find-executable.js';
import { fetchNatsFromDebian } from './nats-debian.js';
import { fetchNatsRelease, type Platform } from './nats-release.js';
import { isNewEnough, NATS_VERSION_MIN, natsVersionOf } from './nats-version.js';
import { PartMissing } from './part-missing.js';
import { reasonOf } from './reason.js';

export interface FoundNats {
  readonly binary: string;
  readonly version: string;
  readonly from: 'CARILLON_NATS_SERVER' | 'PATH' | 'cache' | 'release archive' | 'package';
}

/** The outside world of the finder; specs give their own, nobody else does. */
export interface NatsSources {
  fetchRelease<T>(platform: Platform, keep: (binary: string) => Promise<T>): Promise<T>;
  fetchPackage<T>(path: string | undefined, keep: (binary: string) => Promise<T>): Promise<T>;
}

export interface FindNatsOptions {
  readonly env: NodeJS.ProcessEnv;
  /** Told before something is downloaded, since that may take a while. */
  readonly say?: (line: string) => void;
  readonly sources?: NatsSources;
}

const realSources: NatsSources = {
  fetchRelease: fetchNatsRelease,
  fetchPackage: fetchNatsFromDebian,
};

/**
 * Finds a nats-server that is new enough: the named one, else one on PATH, else the cache, else the
 * pinned release archive, else the distribution's package of a newer suite. What is downloaded goes
 * into the cache, and only after it has run and told its version.
 */
export async function findNats(options: FindNatsOptions): Promise<FoundNats> {
  const { env, say = () => {}, sources = realSources } = options;
  const named = env['CARILLON_NATS_SERVER'];
  if (named) return namedNats(named);

  const looked: string[] = [];
  const onPath = await firstNewEnough(findOnPath('nats-server', env['PATH']));
  if (onPath.found) return { ...onPath.found, from: 'PATH' };
  looked.push(`PATH (${onPath.why})`);

  const cache = cacheFolder(env);
  const cached = await firstNewEnough(await cachedBinaries(cache));
  if (cached.found) return { ...cached.found, from: 'cache' };
  looked.push(`${cache} (${cached.why})`);

  const keep = (binary: string) => keepInCache(binary, cache);
  const platform = { os: process.platform, arch: process.arch };
  const ways = [
    {
      from: 'release archive',
      place: 'the official release archive',
      fetch: () => sources.fetchRelease(platform, keep),
    },
    {
      from: 'package',
      place: "the distribution's newer package",
      fetch: () => sources.fetchPackage(env['PATH'], keep),
    },
  ] as const;
  for (const { from, place, fetch } of ways) {
    say(`no nats-server ${NATS_VERSION_MIN} or newer here: trying ${place}`);
    try {
      return { ...(await fetch()), from };
    } catch (error) {
      looked.push(`${place} (${reasonOf(error)})`);
    }
  }
  throw new PartMissing(
    'nats-server',
    `No nats-server ${NATS_VERSION_MIN} or newer was found in ${looked.join(', ')}: install one and put it on PATH, or name it in CARILLON_NATS_SERVER, or name a running server in NATS_URL.`,
  );
}

async function namedNats(binary: string): Promise<FoundNats> {
  const version = await natsVersionOf(binary);
  if (version && isNewEnough(version)) return { binary, version, from: 'CARILLON_NATS_SERVER' };
  const why = version ? `is version ${version}` : 'does not run';
  throw new PartMissing(
    'nats-server',
    `CARILLON_NATS_SERVER names ${binary}, which ${why}: name a nats-server ${NATS_VERSION_MIN} or newer.`,
  );
}

type Candidate = { readonly binary: string; readonly version: string };

async function firstNewEnough(
  binaries: readonly string[],
): Promise<{ found?: Candidate; why: string }> {
  const reasons: string[] = [];
  for (const binary of binaries) {
    const version = await natsVersionOf(binary);
    if (version && isNewEnough(version)) return { found: { binary, version }, why: '' };
    reasons.push(version ? `${version} is too old` : `${binary} does not run`);
  }
  return { why: reasons.join('; ') || 'none' };
}

function cacheFolder(env: NodeJS.ProcessEnv): string {
  const home = env['XDG_CACHE_HOME'] || join(env['HOME'] || homedir(), '.cache');
  return join(home, 'carillon');
}

/** Newest first, by the name of the folder. */
async function cachedBinaries(cache: string): Promise<string[]> {
  const folders = await readdir(cache).catch(() => []);
  return folders
    .map((folder) => /^nats-server-(\d+\.\d+\.\d+)$/.exec(folder)?.[1])
    .filter((version) => version !== undefined)
    .sort((one, other) => (isNewEnough(one, other) ? -1 : 1))
    .map((version) => join(cache, `nats-server-${version}`, 'nats-server'));
}

/** Renamed into place at the end, so that two finders at once can't meet half a file. */
async function keepInCache(binary: string, cache: string): Promise<Candidate> {
  const version = await natsVersionOf(binary);
  if (!version) throw new Error('the downloaded nats-server does not run here');
  if (!isNewEnough(version)) throw new Error(`it holds ${version}`);
  const folder = join(cache, `nats-server-${version}`);
  const kept = join(folder, 'nats-server');
  const arriving = join(folder, `.arriving-${process.pid}`);
  await mkdir(folder, { recursive: true });
  try {
    await copyFile(binary, arriving);
    await chmod(arriving, 0o755);
    await rename(arriving, kept);
  } finally {
    await rm(arriving, { force: true });
  }
  return { binary: kept, version };
}
