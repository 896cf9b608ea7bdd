import { readdirSync, readFileSync } from 'node:fs';

/**
 * Every live process that carries a mark in its environment or its command line, in words. Who started
 * it does not matter: an orphan has no parent any more. Elsewhere than on Linux it finds none.
 */
export function markedProcesses(mark: string): string[] {
  if (process.platform !== 'linux') return [];
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name) && Number(name) !== process.pid)
    .flatMap((pid) => {
      const command = read(pid, 'cmdline');
      if (!command.includes(mark) && !read(pid, 'environ').includes(mark)) return [];
      return [`${pid} ${command.replaceAll('\0', ' ').trim()}`];
    });
}

/** Empty for one that is gone, that is dead and not waited for yet, or that is somebody else's. */
function read(pid: string, file: string): string {
  try {
    return readFileSync(`/proc/${pid}/${file}`, 'utf8');
  } catch {
    return '';
  }
}
