import { type NatsConnection, type Subscription } from '@nats-io/transport-node';
import { type Clock } from '#libs/clock';
import { fromBinary, subjects, worker } from '#libs/contracts';
import { type Logger } from '#libs/runtime';
import { WORKER_SILENCE_MS, WORKERS_MAX } from '../limits.js';

export interface BoardedWorker {
  readonly id: string;
  readonly host: string;
  readonly pools: readonly { pool: string; slots: number; free: number }[];
  readonly draining: boolean;
  readonly cpuUtilization: number;
  readonly memoryUtilization: number;
  readonly running: number;
  readonly startedAt: Date;
  /** What holds the programs of users there, and what is missing to more. */
  readonly isolation: string;
  readonly isolationLacks: string;
  /** Empty when it was not told. */
  readonly region: string;
  readonly labels: readonly { key: string; value: string }[];
  /** Of its machine; 0 when it was not told. */
  readonly cpuCores: number;
  readonly memoryBytes: number;
  readonly heartbeatAgeMs: number;
}

interface Heard {
  readonly worker: Omit<BoardedWorker, 'heartbeatAgeMs'>;
  readonly atMs: number;
}

/** The workers that told of themselves within the last seconds: a live view, never a fact. */
export class WorkerBoard {
  readonly #heard = new Map<string, Heard>();
  readonly #nc: NatsConnection;
  readonly #clock: Clock;
  readonly #log: Logger;
  #subscription: Subscription | undefined;

  constructor(nc: NatsConnection, clock: Clock, log: Logger) {
    this.#nc = nc;
    this.#clock = clock;
    this.#log = log;
  }

  start(): void {
    this.#subscription = this.#nc.subscribe(subjects.heartbeat, {
      callback: (error, message) => {
        if (error) this.#log.warn({ err: error }, 'heartbeats stopped');
        else this.#note(message.data);
      },
    });
  }

  stop(): void {
    this.#subscription?.unsubscribe();
    this.#heard.clear();
  }

  /** By id. */
  list(): BoardedWorker[] {
    this.#forget();
    const now = this.#clock.monotonic();
    return [...this.#heard.values()]
      .map(({ worker, atMs }) => ({ ...worker, heartbeatAgeMs: now - atMs }))
      .sort((a, b) => (a.id < b.id ? -1 : 1));
  }

  /** Whether anybody alive takes work of this pool. */
  hasSlots(pool: string): boolean {
    return this.list().some(({ pools }) => pools.some((one) => one.pool === pool && one.slots > 0));
  }

  #note(bytes: Uint8Array): void {
    let beat: worker.Heartbeat;
    try {
      beat = fromBinary(worker.HeartbeatSchema, bytes);
    } catch {
      this.#log.warn('a heartbeat that cannot be read');
      return;
    }
    if (!this.#heard.has(beat.workerId)) {
      this.#forget();
      if (this.#heard.size >= WORKERS_MAX) return;
    }
    this.#heard.set(beat.workerId, { worker: boarded(beat), atMs: this.#clock.monotonic() });
  }

  #forget(): void {
    const before = this.#clock.monotonic() - WORKER_SILENCE_MS;
    for (const [id, { atMs }] of this.#heard) if (atMs < before) this.#heard.delete(id);
  }
}

function boarded(beat: worker.Heartbeat): Heard['worker'] {
  return {
    id: beat.workerId,
    host: beat.host,
    pools: beat.pools.map(({ pool, slots, free }) => ({ pool, slots, free })),
    draining: beat.draining,
    cpuUtilization: beat.cpuUtilization,
    memoryUtilization: beat.memoryUtilization,
    running: beat.running.length,
    startedAt: new Date(beat.startedAtMs),
    isolation: beat.isolation || 'none',
    isolationLacks: beat.isolationLacks,
    region: beat.region,
    labels: beat.labels.map(({ key, value }) => ({ key, value })),
    cpuCores: beat.cpuCores,
    memoryBytes: beat.memoryBytes,
  };
}

/** Means over all; zero without any. */
export function usageOf(workers: readonly BoardedWorker[]) {
  const mean = (values: number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return {
    cpuUtilization: mean(workers.map((one) => one.cpuUtilization)),
    memoryUtilization: mean(workers.map((one) => one.memoryUtilization)),
    activeWorkers: workers.length,
  };
}
