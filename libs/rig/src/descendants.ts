import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

export interface ProcessTree {
  /** The numbers of those that still run. */
  isAlive(): number[];
}

interface Row {
  readonly pid: number;
  readonly parent: number;
  readonly isZombie: boolean;
  /** A number is given to another process after a while, so the instant of the start belongs to it. */
  readonly startedAt: string;
}

/** What a process has started, and what those have, as of now: also after their parent is gone. */
export function descendantsOf(pid: number): ProcessTree {
  const table = processes();
  const found = new Map<number, string>();
  for (let before = -1; before !== found.size; ) {
    before = found.size;
    for (const row of table)
      if (row.parent === pid || found.has(row.parent)) found.set(row.pid, row.startedAt);
  }
  return {
    isAlive: () =>
      processes()
        .filter((row) => !row.isZombie && found.get(row.pid) === row.startedAt)
        .map((row) => row.pid),
  };
}

function processes(): Row[] {
  return process.platform === 'linux' ? fromProc() : fromPs();
}

function fromProc(): Row[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((name) => {
      try {
        const stat = readFileSync(`/proc/${name}/stat`, 'utf8');
        // The name before it may hold spaces and brackets itself.
        const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
        const [state, parent] = fields;
        const startedAt = fields[19] ?? '';
        return [{ pid: Number(name), parent: Number(parent), isZombie: state === 'Z', startedAt }];
      } catch {
        return [];
      }
    });
}

function fromPs(): Row[] {
  const said = execFileSync('ps', ['-A', '-o', 'pid=,ppid=,stat=,lstart='], { encoding: 'utf8' });
  return said
    .trimEnd()
    .split('\n')
    .map((row) => {
      const [pid, parent, state = '', ...startedAt] = row.trim().split(/\s+/);
      return {
        pid: Number(pid),
        parent: Number(parent),
        isZombie: state.startsWith('Z'),
        startedAt: startedAt.join(' '),
      };
    });
}
