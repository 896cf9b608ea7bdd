import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SystemClock } from '#libs/clock';
import { processIdentity } from '#libs/parts';

const END_WITHIN_MS = 20_000;
const POLL_MS = 50;

interface Entry {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

/** The book of processes that were started on a data folder and must not outlive it. */
export interface Processes {
  add(name: string, pid: number): Promise<void>;
  /** Ends what an earlier start left running and gives the names. */
  endSurvivors(): Promise<string[]>;
  clear(): void;
}

/**
 * A start that was killed can't clean up. Its servers are on a leash and end by themselves, but the
 * next start may be faster than they are, and two servers on one store would ruin it. So each one
 * is in the book, by number and instant of start, and is ended before a new one comes.
 */
export function openProcessBook(folder: string): Processes {
  const file = join(folder, 'processes.json');
  const entries: Entry[] = [];
  return {
    add: async (name, pid) => {
      const identity = await processIdentity(pid);
      if (!identity) return;
      const others = entries.filter((entry) => entry.name !== name);
      entries.splice(0, entries.length, ...others, { name, pid, identity });
      writeFileSync(file, JSON.stringify(entries));
    },
    endSurvivors: async () => {
      const ended: string[] = [];
      // The product first, then what it stands on: the order of an ordinary stop.
      for (const entry of read(file).reverse()) {
        if (!(await isAlive(entry))) continue;
        await end(entry);
        ended.push(entry.name);
      }
      rmSync(file, { force: true });
      return ended;
    },
    clear: () => rmSync(file, { force: true }),
  };
}

function read(file: string): Entry[] {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Entry[];
  } catch {
    return [];
  }
}

async function isAlive({ pid, identity }: Entry): Promise<boolean> {
  return (await processIdentity(pid)) === identity;
}

async function end(entry: Entry): Promise<void> {
  const clock = new SystemClock();
  // Postgres waits for its clients at SIGTERM; SIGINT does not.
  signal(entry.pid, entry.name === 'postgres' ? 'SIGINT' : 'SIGTERM');
  const untilMs = clock.monotonic() + END_WITHIN_MS;
  while (await isAlive(entry)) {
    if (clock.monotonic() > untilMs) signal(entry.pid, 'SIGKILL');
    await clock.sleep(POLL_MS);
  }
}

function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
