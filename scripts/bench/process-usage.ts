import { readFileSync } from 'node:fs';

/** The kernel's unit of CPU time on every Linux that Node runs on. */
const TICKS_PER_SECOND = 100;

export interface Usage {
  readonly cpuMs: number;
  readonly rssMb: number;
  /** The most that it ever had. */
  readonly peakMb: number;
}

/** What a process has used so far, as the kernel of this machine counts it. */
export function usageOf(pid: number): Usage {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
  // The second field is a name and may hold blanks; after it comes the third.
  const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { cpuMs: (ticks / TICKS_PER_SECOND) * 1_000, rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}
