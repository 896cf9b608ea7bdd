import { createHash, randomBytes } from 'node:crypto';
import { lstat, mkdir, readdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Clock } from '#libs/clock';
import { processIdentity } from '#libs/parts';
import { LIMITS } from '../limits.js';
import { killTree } from './process-tree.js';

const OWNER_FILE = 'owner';
/** Before the number of the process that is making a folder. */
const UNFINISHED = '.';
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

/** Makes the worker's folder with who owns it: a worker that starts beside it never sees it without. */
export async function openScratch(dataDir: string): Promise<Scratch> {
  const root = scratchRoot(dataDir);
  const name = randomBytes(4).toString('hex');
  const folder = join(root, name);
  const unfinished = join(root, `${UNFINISHED}${process.pid}-${name}`);
  await mkdir(unfinished, { recursive: true, mode: 0o700 });
  if ((await lstat(root)).uid !== (await lstat(unfinished)).uid)
    throw new Error(
      `${root} belongs to another user; set CARILLON_DATA_DIR to a folder of your own`,
    );
  await writeFile(join(unfinished, OWNER_FILE), (await processIdentity(process.pid)) ?? '');
  await rename(unfinished, folder);
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
    if (await (name.startsWith(UNFINISHED) ? isBeingMade(name) : isOwned(folder))) continue;
    ended += await killTree({ scratch: folder }, clock);
    await removeFolder(folder);
  }
  return ended;
}

async function isBeingMade(name: string): Promise<boolean> {
  const pid = Number.parseInt(name.slice(UNFINISHED.length), 10);
  return Number.isInteger(pid) && (await processIdentity(pid)) !== undefined;
}

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
