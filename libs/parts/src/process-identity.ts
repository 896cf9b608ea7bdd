import { readFileSync } from 'node:fs';
import { runCommand } from './run-command.js';

const PS_TIMEOUT_MS = 5_000;
/** Counted from the end of the name, which may hold spaces and brackets itself. */
const START_TIME_AFTER_NAME = 19;

/**
 * Names a running process for good: its number together with the instant of its start. A number
 * alone is given to somebody else after a while. Undefined when no such process runs.
 */
export async function processIdentity(pid: number): Promise<string | undefined> {
  if (process.platform === 'linux') return linuxIdentity(pid);
  try {
    const said = await runCommand('ps', ['-o', 'lstart=', '-p', String(pid)], {
      timeoutMs: PS_TIMEOUT_MS,
      env: { PATH: '/usr/bin:/bin', LC_ALL: 'C' },
    });
    return said.trim() ? `${pid} ${said.trim()}` : undefined;
  } catch {
    return undefined;
  }
}

function linuxIdentity(pid: number): string | undefined {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8');
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ');
    if (fields[0] === 'Z') return undefined;
    // Ticks since boot start anew with each boot.
    const boot = readFileSync('/proc/sys/kernel/random/boot_id', 'utf8').trim();
    return `${pid} ${fields[START_TIME_AFTER_NAME]} ${boot}`;
  } catch {
    return undefined;
  }
}
