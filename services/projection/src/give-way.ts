import { readdirSync } from 'node:fs';
import { constants, setPriority } from 'node:os';

const THREADS = '/proc/self/task';

/**
 * Read tables may be late, bells may not: where both want the same core, the firing path goes first. On
 * Linux a priority is one thread's, and the garbage collector has threads of its own.
 */
export function giveWay(): void {
  const { PRIORITY_BELOW_NORMAL } = constants.priority;
  setPriority(PRIORITY_BELOW_NORMAL);
  for (const thread of threads()) setPriority(thread, PRIORITY_BELOW_NORMAL);
}

/** Those that there are; later ones are like the one that starts them. */
function threads(): number[] {
  try {
    return readdirSync(THREADS).map(Number);
  } catch {
    return [];
  }
}
