import type { Clock } from '#libs/clock';
import { LIMITS } from '../limits.js';
import { carries, type ProcessRow, processTable } from './process-table.js';

/** What tells a tree's processes from all others. */
export interface TreeMark {
  /** The scratch folder: stands in the environment of all that comes from the attempt. */
  readonly scratch: string;
  /** The first process of the tree; absent for leftovers of a worker that is gone. */
  readonly root?: { readonly pid: number; readonly startedAt: number };
}

/**
 * The live processes of a tree: the root, all that carries the mark, and, again and again, children,
 * groups and sessions of those. A browser starts its helpers in sessions of their own, and they
 * outlive their parent, so neither group nor parent alone would find them all.
 */
export function treeMembers(mark: TreeMark): readonly ProcessRow[] {
  const table = processTable();
  // Nothing of the tree is older than its root: most of the machine need not be looked into.
  const since = mark.root?.startedAt ?? 0;
  const marked = table.filter((row) => row.startedAt >= since && carries(row.pid, mark.scratch));
  return related(mark, table, marked);
}

/** The same without looking into any process: whole while nothing has lost its parent. For measuring. */
export function linkedMembers(mark: TreeMark, table: readonly ProcessRow[]): readonly ProcessRow[] {
  return related(mark, table, []);
}

function related(
  mark: TreeMark,
  table: readonly ProcessRow[],
  marked: readonly ProcessRow[],
): readonly ProcessRow[] {
  const own = table.find((row) => row.pid === process.pid);
  const members = new Map<number, ProcessRow>();
  // The root leads a session, so every session and group that a member is in was made in the tree.
  const groups = new Set<number>();
  const take = (row: ProcessRow) => {
    if (row.pid === own?.pid) return;
    members.set(row.pid, row);
    for (const group of [row.group, row.session])
      if (group !== 0 && group !== own?.group && group !== own?.session) groups.add(group);
  };
  if (mark.root !== undefined) {
    const { pid, startedAt } = mark.root;
    const now = table.find((row) => row.pid === pid);
    // A number is given out again only after the last of its group is gone.
    if (now === undefined) groups.add(pid);
    else if (now.startedAt === startedAt) take(now);
  }
  for (const row of marked) take(row);
  for (let before = -1; before !== members.size; ) {
    before = members.size;
    for (const row of table)
      if (members.has(row.parent) || groups.has(row.group) || groups.has(row.session)) take(row);
  }
  return [...members.values()];
}

/** Kills all that is left of a tree, and looks until nothing is. Gives how many it found. */
export async function killTree(mark: TreeMark, clock: Clock): Promise<number> {
  const killed = new Set<number>();
  for (let round = 0; round < LIMITS.sweepRounds; round++) {
    const members = treeMembers(mark);
    if (members.length === 0) return killed.size;
    for (const { pid } of members) {
      killed.add(pid);
      signal(pid, 'SIGKILL');
    }
    await clock.sleep(LIMITS.sweepPauseMs);
  }
  throw new Error(`processes of ${mark.scratch} can't be killed: ${[...killed].join(', ')}`);
}

/** Sends a signal to a process, or with a negative id to its group; one that is gone is no error. */
export function signal(pid: number, name: NodeJS.Signals): void {
  try {
    process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'ESRCH') throw error;
  }
}
