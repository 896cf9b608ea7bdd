import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import { jetstreamManager, StorageType } from '@nats-io/jetstream';
import { type ObjectStore, Objm } from '@nats-io/obj';
import type { NatsConnection } from '@nats-io/transport-node';
import type { Clock } from '#libs/clock';

const BUCKET = 'snapshots';
/** As the client of the object store names them. */
const STREAM = `OBJ_${BUCKET}`;
const PIECES = `$O.${BUCKET}.C`;
/** The newest of a shard, and the one before: whoever dies while writing leaves one that is whole. */
const PLACES = [0, 1] as const;
/** A snapshot is a cache: a store that does not answer is not waited for. */
const TIMEOUT_MS = 10_000;
/** Pieces of no snapshot that are as old as this are of somebody who died while writing. */
const ORPHAN_MS = 3_600_000;
/** Of one that is unpacked. */
const BYTES_MAX = 1024 ** 3;

const pack = promisify(zstdCompress);
const unpack = promisify(zstdDecompress);

/** Where the fold stood, as the store's headers tell it. */
export interface SnapshotTag {
  readonly shard: number;
  /** Sequence in DISPATCH. */
  readonly position: number;
  /** SHA-256 of all that comes before it, in hex. */
  readonly sha256: string;
  readonly takenAtMs: number;
}

export interface KeptSnapshot {
  readonly tag: SnapshotTag;
  read(): Promise<Uint8Array>;
}

/** Keeps two snapshots of each shard in the object store. The bucket is made when it is first needed. */
export class SnapshotStore {
  readonly #nc: NatsConnection;
  readonly #clock: Clock;
  readonly #replicas: number;
  #bucket: Promise<ObjectStore> | undefined;

  constructor(nc: NatsConnection, clock: Clock, replicas: number) {
    this.#nc = nc;
    this.#clock = clock;
    this.#replicas = replicas;
  }

  /** What there is of a shard, the newest first. */
  async of(shard: number): Promise<KeptSnapshot[]> {
    const kept = await this.#kept(shard);
    return kept
      .filter((one) => one !== undefined)
      .sort((one, other) => other.tag.position - one.tag.position);
  }

  /** In place of the older of the two. Gives the size as it is kept. */
  async keep(tag: SnapshotTag, bytes: Uint8Array): Promise<number> {
    const packed = await pack(bytes);
    const [first, second] = await this.#kept(tag.shard);
    const isFirstOlder = (first?.tag.position ?? 0) <= (second?.tag.position ?? 0);
    const name = nameOf(tag.shard, isFirstOlder ? PLACES[0] : PLACES[1]);
    const metadata = {
      position: `${tag.position}`,
      sha256: tag.sha256,
      takenAtMs: `${tag.takenAtMs}`,
    };
    const store = await this.#open();
    await this.#inTime(store.putBlob({ name, metadata }, packed, { timeout: TIMEOUT_MS }));
    await this.#removeOrphans(store);
    return packed.length;
  }

  async #removeOrphans(store: ObjectStore): Promise<void> {
    const kept = new Set((await store.list()).map(({ nuid }) => `${PIECES}.${nuid}`));
    const { streams } = await jetstreamManager(this.#nc);
    const { state } = await streams.info(STREAM, { subjects_filter: `${PIECES}.>` });
    for (const subject of Object.keys(state.subjects ?? {})) {
      if (kept.has(subject)) continue;
      const last = await streams.getMessage(STREAM, { last_by_subj: subject });
      if (last !== null && this.#clock.now() - last.time.getTime() > ORPHAN_MS)
        await streams.purge(STREAM, { filter: subject });
    }
  }

  async #kept(shard: number): Promise<(KeptSnapshot | undefined)[]> {
    const store = await this.#open();
    return Promise.all(
      PLACES.map(async (place) => {
        const name = nameOf(shard, place);
        const info = await this.#inTime(store.info(name));
        if (info === null || info.deleted) return undefined;
        const { position = '', sha256 = '', takenAtMs = '' } = info.metadata ?? {};
        const tag = { shard, position: Number(position), sha256, takenAtMs: Number(takenAtMs) };
        return { tag, read: () => this.#read(store, name) };
      }),
    );
  }

  async #read(store: ObjectStore, name: string): Promise<Uint8Array> {
    const packed = await this.#inTime(store.getBlob(name));
    if (packed === null) throw new Error(`${name} is no longer there`);
    return unpack(packed, { maxOutputLength: BYTES_MAX });
  }

  #open(): Promise<ObjectStore> {
    this.#bucket ??= this.#inTime(
      new Objm(this.#nc).create(BUCKET, {
        storage: StorageType.File,
        replicas: this.#replicas,
        description: 'Folds of the dispatch journals: a cache, to be thrown away at will',
      }),
    ).catch((error: unknown) => {
      this.#bucket = undefined;
      throw error;
    });
    return this.#bucket;
  }

  /** A message that is missing in the store is waited for by its client without an end. */
  async #inTime<T>(answer: Promise<T>): Promise<T> {
    const done = new AbortController();
    const late = this.#clock.sleep(TIMEOUT_MS, done.signal).then(
      () => Promise.reject(new Error('the object store did not answer in time')),
      () => new Promise<never>(() => undefined),
    );
    try {
      return await Promise.race([answer, late]);
    } finally {
      done.abort();
    }
  }
}

function nameOf(shard: number, place: number): string {
  return `dispatch.${shard}/${place}`;
}
