import { type Clock } from '#libs/clock';
import { type Logger } from '#libs/runtime';
import { DASHBOARD_TICK_MS } from '../limits.js';
import { type DashboardData } from './dashboard.js';
import { endable, pause, Wake } from './wake.js';

/**
 * The dashboard once a second, computed once for all who watch, and not at all while nobody does.
 * A slow watcher misses ticks, never gets old ones.
 */
export class DashboardTick {
  readonly #read: () => Promise<DashboardData>;
  readonly #clock: Clock;
  readonly #log: Logger;
  readonly #watchers = new Set<Wake>();
  #latest: { readonly data: DashboardData; readonly atMs: number } | undefined;
  #ending: AbortController | undefined;
  #loop: Promise<void> = Promise.resolve();

  constructor(read: () => Promise<DashboardData>, clock: Clock, log: Logger) {
    this.#read = read;
    this.#clock = clock;
    this.#log = log;
  }

  watch(): AsyncIterableIterator<DashboardData> {
    const enter = this.#enter.bind(this);
    const leave = this.#leave.bind(this);
    const latest = () => this.#latest;
    return endable(async function* (signal) {
      const wake = enter();
      let seenAtMs = Number.NEGATIVE_INFINITY;
      try {
        while (!signal.aborted) {
          const tick = latest();
          if (tick === undefined || tick.atMs === seenAtMs) {
            await wake.wait(signal);
            continue;
          }
          seenAtMs = tick.atMs;
          yield tick.data;
        }
      } finally {
        leave(wake);
      }
    });
  }

  async stop(): Promise<void> {
    this.#ending?.abort();
    await this.#loop;
  }

  #enter(): Wake {
    const wake = new Wake();
    this.#watchers.add(wake);
    if (this.#watchers.size === 1) {
      const ending = new AbortController();
      this.#ending = ending;
      this.#latest = undefined;
      // One loop at a time: the last one may still be reading.
      this.#loop = this.#loop.then(() => this.#run(ending.signal));
    }
    return wake;
  }

  #leave(wake: Wake): void {
    this.#watchers.delete(wake);
    if (this.#watchers.size === 0) this.#ending?.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      const startedAtMs = this.#clock.monotonic();
      try {
        this.#latest = { data: await this.#read(), atMs: startedAtMs };
        for (const wake of this.#watchers) wake.notify();
      } catch (error) {
        this.#log.warn({ err: error }, 'the dashboard could not be read');
      }
      const spentMs = this.#clock.monotonic() - startedAtMs;
      await pause(this.#clock, Math.max(0, DASHBOARD_TICK_MS - spentMs), signal);
    }
  }
}
