import { type dispatch as d, task as t } from '#libs/contracts';
import { askOwner } from '../commands/ask-owner.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type BoardedWorker } from '../live/worker-board.js';
import { type OpenCount, openByPool } from '../queries/capacity.js';
import { type PriorityWord, priorities } from '../shapes/words.js';
import { listPools, type ToldPool } from './told-capacity.js';

/** What waits in the pools of an account, and how many of their slots are free. */

export interface ToldQueue {
  readonly pool: string;
  readonly depth: number;
  readonly depthByPriority: readonly { priority: PriorityWord; count: number }[];
  /** Milliseconds; null: nobody waits. */
  readonly oldestWait: number | null;
  readonly running: number;
  readonly slots: number;
  readonly free: number;
  readonly paused: boolean;
  readonly pauseReason: string | null;
}

export interface ToldQueues {
  readonly queues: readonly ToldQueue[];
  readonly asOf: Date;
  /** False: told by the tables. */
  readonly live: boolean;
}

interface Depth {
  readonly depthByPriority: readonly { priority: PriorityWord; count: number }[];
  readonly oldestSinceMs: number;
  readonly running: number;
}

export async function readQueues(parts: GatewayParts, account: string): Promise<ToldQueues> {
  const [pools, reply] = await Promise.all([
    listPools(parts, account),
    askOwner(parts, account, {
      case: 'queues',
      value: { $typeName: 'dispatch.v1.AskQueues' },
    }),
  ]);
  const live = reply?.case === 'queues';
  const asOfMs = live ? reply.value.asOfMs : parts.clock.now();
  const depths = live ? depthsOf(reply.value) : byTables(await openByPool(parts.db, account));
  const workers = parts.workers.list();
  const queues = namesOf(pools, depths).map((pool) => ({
    pool,
    ...toldDepth(depths.get(pool), asOfMs),
    ...slotsOf(workers, pool),
    ...pauseOf(pools.find(({ name }) => name === pool)),
  }));
  return { queues, asOf: new Date(asOfMs), live };
}

function namesOf(pools: readonly ToldPool[], depths: ReadonlyMap<string, Depth>): string[] {
  const named = pools.map(({ name }) => name);
  const others = [...depths.keys()].filter((pool) => !named.includes(pool));
  return [...named, ...others.sort()];
}

function toldDepth(depth: Depth | undefined, asOfMs: number) {
  const { depthByPriority = [], oldestSinceMs = 0, running = 0 } = depth ?? {};
  return {
    depth: depthByPriority.reduce((sum, { count }) => sum + count, 0),
    depthByPriority,
    oldestWait: oldestSinceMs > 0 ? Math.max(0, asOfMs - oldestSinceMs) : null,
    running,
  };
}

function slotsOf(workers: readonly BoardedWorker[], pool: string) {
  const told = { slots: 0, free: 0 };
  for (const { pools, draining } of workers)
    for (const one of pools) {
      if (one.pool !== pool || draining) continue;
      told.slots += one.slots;
      told.free += one.free;
    }
  return told;
}

function pauseOf(pool: ToldPool | undefined) {
  return { paused: pool?.paused ?? false, pauseReason: pool?.pauseReason ?? null };
}

const WORDS: Readonly<Partial<Record<t.Priority, PriorityWord>>> = {
  [t.Priority.LOW]: 'low',
  [t.Priority.NORMAL]: 'normal',
  [t.Priority.HIGH]: 'high',
  [t.Priority.CRITICAL]: 'critical',
};

function depthsOf({ pools }: d.QueueReport): Map<string, Depth> {
  return new Map(
    pools.map(({ pool, depths, oldestSinceMs, running }) => [
      pool,
      {
        depthByPriority: depths
          .map(({ priority, count }) => ({ priority: WORDS[priority] ?? 'normal', count }))
          .reverse(),
        oldestSinceMs,
        running,
      },
    ]),
  );
}

/** From the rows of open executions; one between two attempts waits for its instant, and for no slot. */
function byTables(rows: readonly OpenCount[]): Map<string, Depth> {
  const depths = new Map<string, Depth>();
  for (const pool of new Set(rows.map((row) => row.pool))) {
    const own = rows.filter((row) => row.pool === pool);
    const queued = own.filter(({ status }) => status === 'queued');
    const count = (some: readonly OpenCount[]) => some.reduce((sum, one) => sum + one.count, 0);
    depths.set(pool, {
      depthByPriority: priorities
        .map((priority) => ({
          priority,
          count: count(queued.filter((row) => row.priority === priority)),
        }))
        .filter((one) => one.count > 0)
        .reverse(),
      oldestSinceMs:
        queued.length === 0 ? 0 : Math.min(...queued.map(({ oldest }) => oldest.getTime())),
      running: count(own.filter(({ status }) => status === 'running')),
    });
  }
  return depths;
}
