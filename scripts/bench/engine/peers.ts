// The peers, each with one process that asks and one that works, over a server of its own.
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { leash } from '#libs/parts';
import type { BenchOptions } from '../bench.ts';
import {
  findRedis,
  type PeerServer,
  peersFolder,
  withPostgres,
  withRedis,
} from '../peer-servers.ts';
import { cpuOfChildrenMs, usageOf } from '../process-usage.ts';
import { say } from '../say.ts';
import {
  CONCURRENCY,
  drainRate,
  flowRate,
  JOBS,
  type Latency,
  latencyOf,
  PER_SECOND,
  type Result,
  STEADY_SECONDS,
  type Throughput,
  WARM_UP,
} from './measured.ts';

interface Peer {
  readonly name: string;
  readonly module: string;
  readonly withServer: <T>(use: (server: PeerServer) => Promise<T>) => Promise<T>;
}

interface Asked {
  readonly askedMs: readonly number[];
  readonly acceptedMs: readonly number[];
  readonly cpuMs: number;
}

interface Worked {
  readonly startedMs: readonly number[];
  readonly finishedMs: number;
  readonly cpuMs: number;
}

export async function measurePeers(
  options: BenchOptions,
  wants: { readonly throughput: boolean; readonly latency: boolean },
): Promise<Result[]> {
  const folder = await peersFolder(options);
  const results: Result[] = [];
  for (const peer of peersHere()) {
    results.push({
      name: peer.name,
      ...(wants.throughput && { throughput: await throughputOf(folder, peer) }),
      ...(wants.latency && { latency: await latencyIn(folder, peer) }),
    });
    say(`measured   ${peer.name}`);
  }
  return results;
}

function peersHere(): Peer[] {
  const redis = findRedis();
  if (!redis) say('No redis-server here (apt-get install redis-server): BullMQ is left out.');
  return [
    ...(redis
      ? (['always', 'everysec'] as const).map((fsync): Peer => {
          const withServer: Peer['withServer'] = (use) => withRedis(redis, fsync, use);
          return { name: `BullMQ, fsync ${fsync}`, module: 'bullmq', withServer };
        })
      : []),
    { name: 'graphile-worker', module: 'graphile-worker', withServer: withPostgres },
    { name: 'pg-boss', module: 'pg-boss', withServer: withPostgres },
  ];
}

function throughputOf(folder: string, { module, withServer }: Peer): Promise<Throughput> {
  return withServer(async ({ address, pid }) => {
    const run = (...args: readonly (string | number)[]) => runSide(folder, [module, ...args]);
    await warmUp(run, address);
    const before = serverCpuMs(pid);
    const worker = run('work', address, JOBS, CONCURRENCY);
    await worker.ready;
    const asked = await run('ask', address, JOBS, 0).said<Asked>();
    const worked = await worker.said<Worked>();
    const costs = [
      { name: 'server', cpuMs: serverCpuMs(pid) - before },
      { name: 'worker', cpuMs: worked.cpuMs },
      { name: 'caller', cpuMs: asked.cpuMs },
    ];
    await run('fill', address, JOBS).said();
    const drained = await run('work', address, JOBS, CONCURRENCY).said<Worked>();
    const left = await run('left', address).said<{ what: string; count: number }>();
    return {
      flowPerSecond: flowRate({ ...asked, ...worked }),
      drainPerSecond: drainRate(drained),
      costs,
      leaves: `${Math.round(left.count / 2)} ${left.what}`,
    };
  });
}

function latencyIn(folder: string, { module, withServer }: Peer): Promise<Latency> {
  return withServer(async ({ address }) => {
    const run = (...args: readonly (string | number)[]) => runSide(folder, [module, ...args]);
    await warmUp(run, address);
    const count = PER_SECOND * STEADY_SECONDS;
    const worker = run('work', address, count, CONCURRENCY);
    await worker.ready;
    const asked = await run('ask', address, count, PER_SECOND).said<Asked>();
    return latencyOf({ ...asked, ...(await worker.said<Worked>()) });
  });
}

type Run = (...args: readonly (string | number)[]) => Side;

async function warmUp(run: Run, address: string): Promise<void> {
  await run('fill', address, WARM_UP).said();
  await run('work', address, WARM_UP, CONCURRENCY).said();
}

interface Side {
  readonly ready: Promise<void>;
  /** The line of JSON with which it ends. */
  said<T>(): Promise<T>;
}

function runSide(folder: string, args: readonly (string | number)[]): Side {
  const child = spawn(process.execPath, [join(folder, 'engine.mjs'), ...args.map(String)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const held = child.pid === undefined ? undefined : leash(child.pid, { signal: 'KILL' });
  const lines = createInterface({ input: child.stdout });
  const ready = new Promise<void>((resolve) => lines.once('line', () => resolve()));
  let last = '';
  lines.on('line', (line) => {
    last = line;
  });
  const ended = new Promise<string>((resolve, reject) =>
    child.once('close', (code) => {
      held?.release();
      if (code === 0) resolve(last);
      else reject(new Error(`${args.join(' ')} ended with ${code}`));
    }),
  );
  return { ready, said: async <T>() => JSON.parse(await ended) as T };
}

function serverCpuMs(pid: number): number {
  return usageOf(pid).cpuMs + cpuOfChildrenMs(pid);
}
