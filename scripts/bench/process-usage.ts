import { readdirSync, readFileSync } from 'node:fs';

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
  const fields = statOf(pid);
  const ticks = Number(fields[11]) + Number(fields[12]);
  const status = readFileSync(`/proc/${pid}/status`, 'utf8');
  const mb = (name: string) =>
    Number(new RegExp(`^${name}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? 0) / 1024;
  return { cpuMs: (ticks / TICKS_PER_SECOND) * 1_000, rssMb: mb('VmRSS'), peakMb: mb('VmHWM') };
}

/** CPU time of all processes below one, dead ones that it has waited for included. */
export function cpuOfChildrenMs(pid: number): number {
  const own = statOf(pid);
  let ticks = Number(own[13]) + Number(own[14]);
  for (const name of readdirSync('/proc')) {
    if (!/^\d+$/.test(name)) continue;
    const fields = statOf(Number(name));
    if (Number(fields[1]) === pid) ticks += Number(fields[11]) + Number(fields[12]);
  }
  return (ticks / TICKS_PER_SECOND) * 1_000;
}

/** From the third field on: the second is a name and may hold blanks. Empty when it is gone. */
function statOf(pid: number): string[] {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    return stat.slice(stat.lastIndexOf(')') + 2).split(' ');
  } catch {
    return [];
  }
}
