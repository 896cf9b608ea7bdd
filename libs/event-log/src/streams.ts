import {
  DiscardPolicy,
  JetStreamApiError,
  type JetStreamManager,
  jetstreamManager,
  RetentionPolicy,
  StorageType,
  StoreCompression,
  type StreamConfig,
} from '@nats-io/jetstream';
import { delay, type NatsConnection } from '@nats-io/transport-node';
import { STREAM_NAMES, type StreamName } from '#libs/contracts';

/** 2.15 speaks API level 5; below 4 the server silently ignores settings that we depend on. */
const API_LEVEL_MIN = 4;
const STREAM_NOT_FOUND = 10059;

/** A broker that elects a leader, or is busy with all the others that start, may need some time. */
const PROVISIONED_WITHIN_MS = 60_000;
const PROVISION_PAUSE_MS = 250;

const NANOS_PER_MS = 1_000_000;
const DAY_MS = 86_400_000;

/** A retried append is recognised for as long as this. */
const DUPLICATE_WINDOW_MS = 120_000;
const LOG_RETENTION_MS = 90 * DAY_MS;

type Declared = Pick<StreamConfig, 'subjects'> & Partial<StreamConfig>;

const journal: Partial<StreamConfig> = {
  retention: RetentionPolicy.Limits,
  storage: StorageType.File,
  compression: StoreCompression.S2,
  discard: DiscardPolicy.New,
  deny_delete: true,
  allow_direct: true,
  duplicate_window: DUPLICATE_WINDOW_MS * NANOS_PER_MS,
};

/** Every stream, as design.md lists them. */
const declared: Record<StreamName, Declared> = {
  DEFINITIONS: { ...journal, subjects: ['definition.>'], deny_purge: true },
  TICKS: { ...journal, subjects: ['tick.*'] },
  DISPATCH: { ...journal, subjects: ['dispatch.*'] },
  ATTEMPTS: { ...journal, subjects: ['attempt.*'] },
  LOGS: {
    ...journal,
    subjects: ['log.>'],
    discard: DiscardPolicy.Old,
    max_age: LOG_RETENTION_MS * NANOS_PER_MS,
  },
  RUNS: { ...journal, subjects: ['run.>'] },
};

export class UnfitBroker extends Error {
  readonly code = 'unfit-broker';
}

export interface StreamSettings {
  /** 1 on a laptop, 3 in production. */
  readonly replicas: number;
  /** Number of shards; fixed for the life of a log. */
  readonly shards: number;
}

/**
 * Creates what is missing and brings what is there to what is declared. Safe to call from many
 * processes at once. Throws UnfitBroker when the server is too old, or a setting was not taken.
 */
export async function provisionStreams(
  nc: NatsConnection,
  settings: StreamSettings,
): Promise<void> {
  const untilMs = performance.now() + PROVISIONED_WITHIN_MS;
  for (;;) {
    try {
      return await provisionAll(nc, settings);
    } catch (error) {
      if (!mayPass(error) || nc.isClosed() || performance.now() > untilMs) throw error;
    }
    await delay(PROVISION_PAUSE_MS);
  }
}

/** No answer, or one that says "not now": what was asked may have been done, and is looked at again. */
function mayPass(error: unknown): boolean {
  if (error instanceof UnfitBroker) return false;
  return !(error instanceof JetStreamApiError) || error.status >= 500;
}

async function provisionAll(nc: NatsConnection, settings: StreamSettings): Promise<void> {
  const manager = await jetstreamManager(nc);
  const level = (await manager.getAccountInfo()).api.level ?? 0;
  if (level < API_LEVEL_MIN)
    throw new UnfitBroker(
      `nats-server ${nc.info?.version ?? ''} has JetStream API level ${level}; Carillon needs nats-server 2.15 or newer.`,
    );
  for (const name of STREAM_NAMES) await provision(manager, name, settings);
}

async function provision(
  manager: JetStreamManager,
  name: StreamName,
  { replicas, shards }: StreamSettings,
): Promise<void> {
  const wanted = {
    ...declared[name],
    name,
    num_replicas: replicas,
    metadata: { 'carillon.shards': String(shards) },
  };
  const existing = await infoOf(manager, name);
  const kept = existing?.metadata?.['carillon.shards'];
  if (kept !== undefined && kept !== String(shards))
    throw new UnfitBroker(
      `The log was made with ${kept} shards, and the settings ask for ${shards}. The number of shards is fixed for the life of a log: set shards to ${kept}.`,
    );
  // Each change is a vote among the brokers: who only starts again asks for none.
  if (existing !== undefined && differing(existing, wanted) === undefined) return;
  const { config } =
    existing === undefined
      ? await manager.streams.add(wanted)
      : await manager.streams.update(name, wanted);
  const key = differing(config, wanted);
  if (key !== undefined)
    throw new UnfitBroker(
      `Stream ${name}: the server did not take ${key} = ${JSON.stringify(wanted[key])} (it has ${JSON.stringify(config[key])}).`,
    );
}

/** The first setting that is not as it should be. The server adds words of its own to the metadata. */
function differing<T extends Partial<StreamConfig>>(
  got: StreamConfig,
  wanted: T,
): (keyof T & keyof StreamConfig) | undefined {
  const keys = Object.keys(wanted) as (keyof T & keyof StreamConfig)[];
  return keys.find(
    (key) => key !== 'metadata' && JSON.stringify(got[key]) !== JSON.stringify(wanted[key]),
  );
}

async function infoOf(manager: JetStreamManager, name: string): Promise<StreamConfig | undefined> {
  try {
    return (await manager.streams.info(name)).config;
  } catch (error) {
    if (error instanceof JetStreamApiError && error.code === STREAM_NOT_FOUND) return undefined;
    throw error;
  }
}
