import { statfs } from 'node:fs/promises';
import type { Clock, Timer } from '#libs/clock';
import type { Failure } from '../child/protocol.js';
import { memoryOf, type ProcessRow, processTable } from '../children/process-table.js';
import { linkedMembers, signal, type TreeMark } from '../children/process-tree.js';
import { folderBytes } from './folder-bytes.js';
import type { Hold } from './isolation.js';

/** How often is looked; a limit may be passed by what a program manages in this time. */
export const GUARD_LIMITS = {
  lookMs: 250,
  /** Looking through a folder costs more. */
  diskEvery: 2,
  killRounds: 100,
  killPauseMs: 20,
} as const;
const MIB = 1024 * 1024;

export interface GuardUse {
  readonly cpuMs: number;
  readonly peakMemoryBytes: number;
  readonly peakDiskBytes: number;
}

/**
 * Watches one process tree against its limits, and says which one it broke. Control groups hold
 * memory and processes by themselves and count exactly; without them the process table is looked at,
 * which sees only what is there at that moment.
 */
export class Guard {
  readonly #hold: Hold;
  readonly #mark: TreeMark;
  readonly #clock: Clock;
  readonly #onBreach: () => void;
  readonly #cpuMs = new Map<string, number>();
  #timer: Timer | undefined;
  #looks = 0;
  #peakMemoryBytes = 0;
  #peakDiskBytes = 0;
  #processes = 0;
  /** The first process inside the box: through it the box's folder is seen. */
  #insidePid: number | undefined;
  #breach: Failure | undefined;

  constructor(options: {
    readonly hold: Hold;
    readonly mark: TreeMark;
    readonly clock: Clock;
    readonly onBreach: () => void;
  }) {
    this.#hold = options.hold;
    this.#mark = options.mark;
    this.#clock = options.clock;
    this.#onBreach = options.onBreach;
    this.#arm();
  }

  get use(): GuardUse {
    const group = this.#hold.group?.use();
    let cpuMs = group?.cpuMs ?? 0;
    if (group === undefined) for (const one of this.#cpuMs.values()) cpuMs += one;
    return {
      cpuMs,
      peakMemoryBytes: group?.peakMemoryBytes || this.#peakMemoryBytes,
      peakDiskBytes: this.#peakDiskBytes,
    };
  }

  /** The limit it broke, if it broke one: also when the kernel was faster than the next look. */
  verdict(): Failure | undefined {
    return (this.#breach ??= this.#broken());
  }

  stop(): void {
    this.#timer?.cancel();
    this.#timer = undefined;
  }

  /** When its own processes are gone: ends what hid from the search, and removes the group. */
  async close(): Promise<void> {
    this.stop();
    const { group } = this.#hold;
    if (group === undefined) return;
    for (let round = 0; round < GUARD_LIMITS.killRounds; round++) {
      const left = group.freezeNumber();
      if (left.length === 0) break;
      for (const pid of left) signal(pid, 'SIGKILL');
      await this.#clock.sleep(GUARD_LIMITS.killPauseMs);
    }
    group.remove();
  }

  #arm(): void {
    this.#timer = this.#clock.setTimer(() => void this.#look(), GUARD_LIMITS.lookMs);
  }

  async #look(): Promise<void> {
    if (this.#hold.group === undefined) this.#sample();
    if (this.#looks++ % GUARD_LIMITS.diskEvery === 0) await this.#lookAtDisk();
    if (this.#timer === undefined) return;
    const known = this.#breach;
    const breach = this.verdict();
    if (breach !== undefined && known === undefined) this.#onBreach();
    this.#arm();
  }

  async #lookAtDisk(): Promise<void> {
    const { folder } = this.#hold;
    const bytes =
      folder === undefined
        ? await folderBytes(this.#mark.scratch)
        : await bytesSeenBy(this.#inside(), folder);
    this.#peakDiskBytes = Math.max(this.#peakDiskBytes, bytes);
  }

  #inside(): number | undefined {
    const root = this.#mark.root?.pid;
    this.#insidePid ??= recentTable(this.#clock).find((row) => row.parent === root)?.pid;
    return this.#insidePid;
  }

  #sample(): void {
    let own = 0;
    let shared = 0;
    const rows = linkedMembers(this.#mark, recentTable(this.#clock));
    for (const row of rows) {
      this.#cpuMs.set(`${row.pid} ${row.startedAt}`, row.cpuMs);
      const memory = memoryOf(row.pid);
      own += memory.own;
      shared = Math.max(shared, memory.shared);
    }
    this.#processes = rows.length;
    this.#peakMemoryBytes = Math.max(this.#peakMemoryBytes, own + shared);
  }

  #broken(): Failure | undefined {
    if (this.#hold.tier === 'none') return undefined;
    const { cpuSeconds, memoryMb, diskMb, processes } = this.#hold.limits;
    const group = this.#hold.group?.use();
    const { cpuMs, peakMemoryBytes, peakDiskBytes } = this.use;
    const outOfMemory =
      group === undefined ? peakMemoryBytes > memoryMb * MIB : group.memoryKills > 0;
    const tooMany = group === undefined ? this.#processes > processes : group.refusedProcesses > 0;
    if (outOfMemory) return breach('OUT_OF_MEMORY', `${memoryMb} MB of memory`, 'memoryMb');
    if (tooMany)
      return breach('TOO_MANY_PROCESSES', `${processes} processes and threads`, 'processes');
    if (cpuMs > cpuSeconds * 1_000)
      return breach('CPU_TIME_EXCEEDED', `${cpuSeconds} s of CPU time`, 'cpuSeconds');
    // A boxed program meets the end of its disk by itself, and may get along with it.
    if (!this.#hold.boxed && peakDiskBytes > diskMb * MIB)
      return breach('DISK_FULL', `${diskMb} MB in its folder`, 'diskMb');
    return undefined;
  }
}

let recent: { readonly atMs: number; readonly table: readonly ProcessRow[] } | undefined;

/** One look at the process table serves all guards of the moment. */
function recentTable(clock: Clock): readonly ProcessRow[] {
  const atMs = clock.monotonic();
  if (recent === undefined || atMs - recent.atMs > GUARD_LIMITS.lookMs / 2)
    recent = { atMs, table: processTable() };
  return recent.table;
}

/** Told with the limit and the way to raise it. */
export function breach(code: string, what: string, setting: string): Failure {
  return {
    code,
    message: `It was ended: it may use ${what}. The task can ask for more in settings.limits.${setting}.`,
    final: false,
  };
}

/** What lies in the folder of a box, seen through one of its processes. */
async function bytesSeenBy(pid: number | undefined, folder: string): Promise<number> {
  if (pid === undefined) return 0;
  try {
    const { blocks, bfree, bsize } = await statfs(`/proc/${pid}/root${folder}`);
    return (blocks - bfree) * bsize;
  } catch {
    return 0;
  }
}
