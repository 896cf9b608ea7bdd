import { spawn } from 'node:child_process';

export interface Leash {
  /** Lets go without doing anything to the process. */
  release(): void;
}

export interface LeashOptions {
  readonly signal: 'KILL' | 'QUIT' | 'TERM';
  /** A folder to delete afterwards. Only ever a temporary one that the caller made itself. */
  readonly removeFolder?: string;
}

/**
 * Ends a server when this process is gone, even by kill -9, which no handler of ours can see. A
 * shell holds the other end of a pipe: the kernel closes it with us, the shell wakes up and ends
 * the server. Servers run in sessions of their own, so that Ctrl-C at a terminal does not reach
 * them before the services that need them have stopped.
 */
export function leash(pid: number, options: LeashOptions): Leash {
  const script =
    'read -r _; kill -s "$2" "$1" 2>/dev/null; [ -z "$3" ] || { sleep 1; rm -rf -- "$3"; }';
  const holder = spawn(
    'sh',
    ['-c', script, 'leash', String(pid), options.signal, options.removeFolder ?? ''],
    { stdio: ['pipe', 'ignore', 'ignore'], detached: true },
  );
  // Neither the pipe nor the shell may keep this process alive, or be a reason for it to fail.
  holder.unref();
  holder.on('error', () => {});
  holder.stdin.on('error', () => {});
  (holder.stdin as unknown as { unref?: () => void }).unref?.();
  return { release: () => holder.kill('SIGKILL') };
}
