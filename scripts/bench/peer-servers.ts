// The servers that peers stand on: each measurement gets a fresh one, and nothing of it is left.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, leash, newPassword, startPostgresServer } from '#libs/parts';
import { eventually, removeFolder, temporaryFolder } from '#libs/testing';
import { runTool } from '../tools/run-tool.ts';
import type { BenchOptions } from './bench.ts';

export interface PeerServer {
  /** As the peer wants it: a port, or the address of a database. */
  readonly address: string;
  readonly pid: number;
}

export type Fsync = 'always' | 'everysec';

/** Where the peers are installed; with pins and a lockfile of their own. */
export async function peersFolder({ root }: BenchOptions): Promise<string> {
  const folder = join(root, 'scripts', 'bench', 'peers');
  if (!existsSync(join(folder, 'node_modules', 'pg-boss')))
    await runTool(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  return folder;
}

export function findRedis(): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, 'redis-server'))
    .find((path) => existsSync(path));
}

export async function withRedis<T>(
  binary: string,
  fsync: Fsync,
  use: (server: PeerServer) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('redis');
  const port = await freePort();
  const child = spawn(
    binary,
    [
      ...['--port', String(port), '--bind', '127.0.0.1', '--dir', folder, '--save', ''],
      ...['--appendonly', 'yes', '--appendfsync', fsync],
    ],
    { stdio: 'ignore', detached: true },
  );
  if (!child.pid) throw new Error(`${binary} could not be started`);
  const held = leash(child.pid, { signal: 'KILL', removeFolder: folder });
  const ended = new Promise((resolve) => child.once('exit', resolve));
  try {
    await eventually(() => existsSync(join(folder, 'appendonlydir')));
    return await use({ address: String(port), pid: child.pid });
  } finally {
    held.release();
    child.kill('SIGKILL');
    await ended;
    await removeFolder(folder);
  }
}

/** It syncs at each commit. */
export async function withPostgres<T>(use: (server: PeerServer) => Promise<T>): Promise<T> {
  const folder = await temporaryFolder('postgres');
  const server = await startPostgresServer({ folder, password: newPassword(), temporary: true });
  try {
    return await use({ address: server.url, pid: server.pid });
  } finally {
    await server.kill9();
    await removeFolder(folder);
  }
}
