// The same herd with peers, on the same machine and in the same run: as many schedules due at one
// instant, up to the start of a job that does nothing, in one worker process.
import { join } from 'node:path';
import { runTool } from '../../tools/run-tool.ts';
import type { BenchOptions } from '../bench.ts';
import { findRedis, peersFolder, withPostgres, withRedis } from '../peer-servers.ts';
import { say } from '../say.ts';
import { CONCURRENCY, HERD } from './herd.ts';

export interface PeerResult {
  readonly name: string;
  /** From the instant to the start of each job. */
  readonly lateMs: readonly number[];
}

export async function measurePeers(options: BenchOptions): Promise<PeerResult[]> {
  const folder = await peersFolder(options);
  const results: PeerResult[] = [];
  const redis = findRedis();
  if (redis)
    for (const fsync of ['always', 'everysec'] as const) {
      const lateMs = await withRedis(redis, fsync, ({ address }) =>
        runPeer(join(folder, 'bullmq.mjs'), address),
      );
      results.push({ name: `BullMQ, append-only file, fsync ${fsync}`, lateMs });
    }
  else say('\nNo redis-server here (apt-get install redis-server): BullMQ is left out.');
  const lateMs = await withPostgres(({ address }) =>
    runPeer(join(folder, 'graphile-worker.mjs'), address),
  );
  results.push({ name: 'graphile-worker', lateMs });
  return results;
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
