// The same herd with peers, on the same machine and in the same run: as many schedules due at one
// instant, up to the start of a job that does nothing, in one worker process.
import { spawn } from 'node:child_process';
import { existsSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { freePort, leash } from '#libs/parts';
import { removeFolder, startOwnTestPostgres, temporaryFolder } from '#libs/testing';
import { runTool } from '../../tools/run-tool.ts';
import type { BenchOptions } from '../bench.ts';
import { say } from '../say.ts';
import { CONCURRENCY, HERD } from './herd.ts';

export interface PeerResult {
  readonly name: string;
  /** From the instant to the start of each job. */
  readonly lateMs: readonly number[];
}

export async function measurePeers({ root }: BenchOptions): Promise<PeerResult[]> {
  const folder = join(root, 'scripts', 'bench', 'peers');
  if (!existsSync(join(folder, 'node_modules')))
    await runTool(folder, 'npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund']);
  const results: PeerResult[] = [];
  const redis = findOnPath('redis-server');
  if (redis)
    for (const fsync of ['always', 'everysec'] as const)
      results.push(await withRedis(redis, fsync, (port) => runBullmq(folder, fsync, port)));
  else say('\nNo redis-server here (apt-get install redis-server): BullMQ is left out.');
  results.push(await runGraphileWorker(folder));
  return results;
}

async function runBullmq(folder: string, fsync: string, port: number): Promise<PeerResult> {
  const lateMs = await runPeer(join(folder, 'bullmq.mjs'), String(port));
  return { name: `BullMQ, append-only file, fsync ${fsync}`, lateMs };
}

async function runGraphileWorker(folder: string): Promise<PeerResult> {
  const postgres = await startOwnTestPostgres();
  try {
    const url = await postgres.createDatabase();
    return {
      name: 'graphile-worker',
      lateMs: await runPeer(join(folder, 'graphile-worker.mjs'), url),
    };
  } finally {
    await postgres.stop();
  }
}

/** Runs a peer in a process of its own, as ours are. */
async function runPeer(script: string, address: string): Promise<number[]> {
  const said = await runTool(process.cwd(), process.execPath, [
    script,
    address,
    String(HERD),
    String(CONCURRENCY),
  ]);
  return (JSON.parse(said) as { lateMs: number[] }).lateMs;
}

async function withRedis<T>(
  binary: string,
  fsync: 'always' | 'everysec',
  use: (port: number) => Promise<T>,
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
    return await use(port);
  } finally {
    held.release();
    child.kill('SIGKILL');
    await ended;
    await removeFolder(folder);
  }
}

function findOnPath(name: string): string | undefined {
  return (process.env['PATH'] ?? '')
    .split(delimiter)
    .map((folder) => join(folder, name))
    .find((path) => existsSync(path));
}
