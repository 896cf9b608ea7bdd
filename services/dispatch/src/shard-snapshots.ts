import { createHash } from 'node:crypto';
import type { Logger } from 'pino';
import type { Clock } from '#libs/clock';
import { subjects } from '#libs/contracts';
import {
  type Definitions,
  type DispatchState,
  readSnapshot,
  type SnapshotHead,
  takeSnapshot,
} from '#libs/domain';
import type { EventLog } from '#libs/event-log';
import type { DispatchMetrics } from './dispatch-metrics.js';
import type { KeptSnapshot, SnapshotStore } from './snapshot-store.js';

/** A snapshot is kept after so many commits, or so many bytes of them, whichever comes first. */
export const SNAPSHOT_LIMITS = { commits: 5_000, bytes: 32 * 1024 * 1024 } as const;

export interface SnapshotLimits {
  readonly commits: number;
  readonly bytes: number;
}

export interface ShardSnapshotsOptions {
  readonly shard: number;
  readonly store: SnapshotStore;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: DispatchMetrics;
  readonly limits?: SnapshotLimits;
}

export interface Restored {
  readonly state: DispatchState;
  readonly head: SnapshotHead;
}

/**
 * Snapshots of one shard's fold: kept now and then by its owner, read by whoever begins. A cache: what is
 * wrong with one, or with the store, is a warning, and the journal is folded from further back.
 */
export class ShardSnapshots {
  readonly #options: ShardSnapshotsOptions;
  readonly #limits: SnapshotLimits;
  #commits = 0;
  #bytes = 0;
  #keeping: Promise<void> | undefined;

  constructor(options: ShardSnapshotsOptions) {
    this.#options = options;
    this.#limits = options.limits ?? SNAPSHOT_LIMITS;
  }

  /** The newest one that fits this build and the log. */
  async newest(definitions: Definitions): Promise<Restored | undefined> {
    const { shard, clock, logger, metrics } = this.#options;
    const beganAtMs = clock.monotonic();
    for (const kept of await this.#kept()) {
      const { position, takenAtMs } = kept.tag;
      try {
        const bytes = await kept.read();
        const { state, head } = readSnapshot(bytes, definitions);
        await this.#assertFits(head);
        const ms = Math.round(clock.monotonic() - beganAtMs);
        const { size: open } = state.executions;
        const of = { shard, position: head.seq, commits: head.ordinal, open };
        logger.info({ ...of, bytes: bytes.length, ms }, 'going on from a snapshot');
        metrics.snapshotRead(shard, takenAtMs);
        this.#commits = 0;
        this.#bytes = 0;
        return { state, head };
      } catch (error) {
        logger.warn({ err: error, shard, position }, 'a snapshot is not fit, and is passed over');
      }
    }
    return undefined;
  }

  /** A commit was folded, or made. */
  count(bytes: number): void {
    this.#commits += 1;
    this.#bytes += bytes;
  }

  get isDue(): boolean {
    const { commits, bytes } = this.#limits;
    return this.#keeping === undefined && (this.#commits >= commits || this.#bytes >= bytes);
  }

  /** Takes the state as it is now; all else happens beside the loop. */
  keep(state: DispatchState, head: SnapshotHead): void {
    const { shard, logger } = this.#options;
    this.#commits = 0;
    this.#bytes = 0;
    this.#keeping = this.#keep(takeSnapshot(state, head), head)
      .catch((error) =>
        logger.warn({ err: error, shard, position: head.seq }, 'a snapshot could not be kept'),
      )
      .finally(() => {
        this.#keeping = undefined;
      });
  }

  /** Resolves when none is being written. */
  async settled(): Promise<void> {
    await this.#keeping;
  }

  async #kept(): Promise<KeptSnapshot[]> {
    const { shard, store, logger } = this.#options;
    try {
      return await store.of(shard);
    } catch (error) {
      logger.warn({ err: error, shard }, 'the snapshots could not be asked for');
      return [];
    }
  }

  /** The commit that it ends with is the one that the log has there. */
  async #assertFits({ shard, seq, hash }: SnapshotHead): Promise<void> {
    const subject = subjects.dispatch(this.#options.shard);
    const stored = await this.#options.log.get('DISPATCH', seq);
    if (shard !== this.#options.shard || stored?.subject !== subject)
      throw new Error(`the log has no commit of the shard at ${seq}`);
    if (!createHash('sha256').update(stored.bytes).digest().equals(hash))
      throw new Error(`the log has another commit at ${seq}`);
  }

  async #keep(slices: Iterable<Uint8Array>, { shard, seq, ordinal }: SnapshotHead): Promise<void> {
    const { clock, store, logger, metrics } = this.#options;
    const takenAtMs = clock.now();
    const beganAtMs = clock.monotonic();
    const written: Uint8Array[] = [];
    for (const slice of slices) {
      written.push(slice);
      // The loop goes on in between.
      await nextTurn();
    }
    const bytes = Buffer.concat(written);
    const sha256 = Buffer.from(written.at(-1) ?? []).toString('hex');
    const kept = await store.keep({ shard, position: seq, sha256, takenAtMs }, bytes);
    const ms = Math.round(clock.monotonic() - beganAtMs);
    metrics.snapshotKept(shard, { takenAtMs, bytes: kept, ms });
    const of = { shard, position: seq, commits: ordinal };
    logger.info({ ...of, bytes: kept, ms }, 'kept a snapshot');
  }
}

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
