import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { processIdentity } from '#libs/parts';

const TRIES = 5;
const PRIVATE = 0o600;

interface Holder {
  readonly pid: number;
  readonly identity: string;
  /** Where the running Carillon and its parts are reached; known once it listens. */
  readonly address?: string;
  readonly natsUrl?: string;
  readonly databaseUrl?: string;
}

/** What a running Carillon tells to a second start, and to tools that want to read beside it. */
export type Whereabouts = Required<Pick<Holder, 'address' | 'natsUrl' | 'databaseUrl'>>;

export class AlreadyRunning extends Error {
  readonly code = 'already-running';

  constructor({ pid, address }: Holder, folder: string) {
    const where = address ? `at ${address}` : 'and is still starting';
    super(
      `Carillon already runs on ${folder} ${where} (process ${pid}): stop that one first, or give this one another CARILLON_DATA_DIR.`,
    );
  }
}

export interface Lock {
  /** Written into the lock, for whoever looks for the one that runs. */
  tell(whereabouts: Whereabouts): void;
  release(): void;
}

/**
 * One start per data folder. The lock names its holder by process number and instant of start, so a
 * lock that a killed process left behind is known for what it is, also when the number was given to
 * another process since.
 */
export async function takeLock(folder: string): Promise<Lock> {
  mkdirSync(folder, { recursive: true });
  const file = join(folder, 'carillon.lock');
  const identity = await processIdentity(process.pid);
  if (!identity) throw new Error('this process can not be identified');
  const own: Holder = { pid: process.pid, identity };
  for (let tries = 0; tries < TRIES; tries++) {
    if (writeNew(file, own)) return lockOn(file, own);
    const holder = read(file);
    if (holder && (await processIdentity(holder.pid)) === holder.identity) {
      throw new AlreadyRunning(holder, folder);
    }
    removeStale(file, holder);
  }
  throw new Error(`${file} changes hands too often`);
}

function lockOn(file: string, own: Holder): Lock {
  return {
    tell: (whereabouts) => {
      const next = `${file}.new`;
      // An address of a database that was given may hold its password.
      writeFileSync(next, JSON.stringify({ ...own, ...whereabouts }), { mode: PRIVATE });
      renameSync(next, file);
    },
    release: () => rmSync(file, { force: true }),
  };
}

/**
 * Moved away before it is deleted, since of two starts at once only one can move a file. What was
 * moved may be the lock of a third that was faster than both: that one is put back.
 */
function removeStale(file: string, stale: Holder | undefined): void {
  const moved = `${file}.stale-${process.pid}`;
  try {
    renameSync(file, moved);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return;
    throw error;
  }
  if (read(moved)?.identity === stale?.identity) rmSync(moved, { force: true });
  else renameSync(moved, file);
}

function writeNew(file: string, holder: Holder): boolean {
  try {
    writeFileSync(file, JSON.stringify(holder), { flag: 'wx' });
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
}

function read(file: string): Holder | undefined {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Holder;
  } catch {
    return undefined;
  }
}
