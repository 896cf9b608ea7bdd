import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '#libs/clock';
import { processIdentity } from '#libs/parts';
import { LIMITS } from '../limits.js';
import { killTree } from './process-tree.js';

const OWNER_FILE = 'owner';
/** Not TMPDIR, which is deep itself on some systems. */
const TEMPORARY = '/tmp';
const NAME_DIGITS = 9;
const REMOVE_RETRIES = 5;
const REMOVE_PAUSE_MS = 50;

/** The scratch folders of one worker: one below it for each child process. */
export interface Scratch {
  readonly folder: string;
  /** A fresh folder, readable by nobody else. */
  open(): Promise<string>;
  close(folder: string): Promise<void>;
  /** At the worker's own end: removes all of it. */
  remove(): Promise<void>;
}

/**
 * Where scratch folders lie: below the data folder, or, when that is too deep for the sockets that
 * Chromium makes in it, below the system's own folder for temporary files.
 */
export function scratchRoot(dataDir: string): string {
  const wanted = join(resolve(dataDir), 'scratch');
  if (wanted.length <= LIMITS.scratchRootChars) return wanted;
  const name = createHash('sha256').update(wanted).digest('hex').slice(0, 12);
  return join(TEMPORARY, `carillon-${name}`);
}

/** Makes the worker's folder, and writes into it who owns it. */
export async function openScratch(dataDir: string): Promise<Scratch> {
  const root = scratchRoot(dataDir);
  const folder = join(root, randomBytes(4).toString('hex'));
  await mkdir(folder, { recursive: true, mode: 0o700 });
  if ((await lstat(root)).uid !== (await lstat(folder)).uid)
    throw new Error(
      `${root} belongs to another user; set CARILLON_DATA_DIR to a folder of your own`,
    );
  await writeFile(join(folder, OWNER_FILE), (await processIdentity(process.pid)) ?? '');
  let count = 0;
  return {
    folder,
    open: async () => {
      count += 1;
      // All of one length: a folder's name must not be the beginning of another's (see TreeMark).
      const own = join(folder, String(count).padStart(NAME_DIGITS, '0'));
      await mkdir(own, { mode: 0o700 });
      return own;
    },
    close: removeFolder,
    remove: () => removeFolder(folder),
  };
}

/**
 * Ends what workers left that are no more, and removes their folders: a worker that was killed can't
 * do it itself. Gives the number of processes ended.
 */
export async function sweepDeadWorkers(dataDir: string, clock: Clock): Promise<number> {
  const root = scratchRoot(dataDir);
  let ended = 0;
  for (const name of await readdir(root).catch(() => [])) {
    const folder = join(root, name);
    if (await isOwned(folder)) continue;
    ended += await killTree({ scratch: folder }, clock);
    await removeFolder(folder);
  }
  return ended;
}

/** A folder without an owner's line is one that is being made right now, or was never finished. */
async function isOwned(folder: string): Promise<boolean> {
  const owner = await readFile(join(folder, OWNER_FILE), 'utf8').catch(() => undefined);
  if (owner === undefined) return false;
  return owner !== '' && (await processIdentity(Number.parseInt(owner, 10))) === owner;
}

/** Files may still be written by a process that is just ending. */
function removeFolder(folder: string): Promise<void> {
  return rm(folder, {
    recursive: true,
    force: true,
    maxRetries: REMOVE_RETRIES,
    retryDelay: REMOVE_PAUSE_MS,
  });
}
