import { availableParallelism, cpus, freemem, hostname, totalmem } from 'node:os';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock, Timer } from '#libs/clock';
import { create, subjects, type task as t, toBinary, worker as w } from '#libs/contracts';
import type { Granted } from '../grants/slot-grants.js';
import { LIMITS } from '../limits.js';

/** What a worker says of itself with each beat. */
export interface WorkerState {
  readonly pools: readonly {
    readonly pool: string;
    readonly slots: number;
    readonly free: number;
  }[];
  readonly grants: readonly Granted[];
  readonly draining: boolean;
  readonly isolation: { readonly tier: string; readonly lacks: string } | undefined;
  readonly running: readonly {
    readonly executionId: string;
    readonly fence: number;
    readonly shard: number;
  }[];
}

export interface HeartbeatDeps {
  readonly nc: NatsConnection;
  readonly clock: Clock;
  readonly workerId: string;
  readonly labels: readonly t.Label[];
  readonly region: string;
  /** Before each of the regular beats. */
  readonly beforeBeat: () => void;
  readonly state: () => WorkerState;
}

/**
 * Tells every second that the worker lives and what it has. Over core NATS: a change of a stream's
 * leader must not look like a dead worker. Nothing is queued while the broker is away: an old beat
 * is worth nothing.
 */
export class Heartbeat {
  readonly #deps: HeartbeatDeps;
  readonly #startedAtMs: number;
  #cpu = cpuTimes();
  #beat = 0;
  #timer: Timer | undefined;

  constructor(deps: HeartbeatDeps) {
    this.#deps = deps;
    this.#startedAtMs = deps.clock.now();
  }

  start(): void {
    this.#deps.beforeBeat();
    this.beat();
    this.#timer = this.#deps.clock.setTimer(() => this.start(), LIMITS.heartbeatMs);
  }

  /** One more beat at once, when something changed that others should know now. */
  beat(): void {
    const { nc, workerId, labels, region, state } = this.#deps;
    if (nc.isClosed()) return;
    const { pools, grants, draining, running, isolation } = state();
    this.#beat += 1;
    const heartbeat = create(w.HeartbeatSchema, {
      workerId,
      beat: this.#beat,
      pools: pools.map((pool) => create(w.PoolSlotsSchema, { ...pool })),
      grants: grants.map((grant) => create(w.GrantSchema, grant)),
      labels: [...labels],
      region,
      draining,
      cpuUtilization: this.#cpuUtilization(),
      memoryUtilization: 1 - freemem() / totalmem(),
      running: running
        .slice(0, LIMITS.heartbeatAttempts)
        .map(({ executionId, fence, shard }) =>
          create(w.RunningAttemptSchema, { executionId, fence, shard }),
        ),
      host: hostname(),
      cpuCores: availableParallelism(),
      memoryBytes: totalmem(),
      startedAtMs: this.#startedAtMs,
      isolation: isolation?.tier ?? '',
      isolationLacks: isolation?.lacks ?? '',
    });
    nc.publish(subjects.heartbeat, toBinary(w.HeartbeatSchema, heartbeat));
  }

  stop(): void {
    this.#timer?.cancel();
  }

  #cpuUtilization(): number {
    const before = this.#cpu;
    const now = cpuTimes();
    if (now.total - before.total < availableParallelism()) return 0;
    this.#cpu = now;
    return (now.busy - before.busy) / (now.total - before.total);
  }
}

function cpuTimes(): { readonly busy: number; readonly total: number } {
  let busy = 0;
  let total = 0;
  for (const { times } of cpus()) {
    const all = times.user + times.nice + times.sys + times.idle + times.irq;
    total += all;
    busy += all - times.idle;
  }
  return { busy, total };
}
