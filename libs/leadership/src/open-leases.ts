import { jetstreamManager } from '@nats-io/jetstream';
import { type KV, Kvm } from '@nats-io/kv';
import type { NatsConnection } from '@nats-io/transport-node';

const BUCKET = 'leases';
/** The stream behind the bucket, as the clients of the broker have agreed to name it. */
const STREAM = `KV_${BUCKET}`;
/** A broker without a stream leader answers nothing: no call may wait longer than a beat of the trust. */
export const KV_TIMEOUT_MS = 2_000;

/** The bucket of all leases, in as many copies as are wanted: made, or brought to it. */
export async function openLeases(nc: NatsConnection, replicas: number): Promise<KV> {
  // A bucket that is there already is opened as it is, whatever is asked for.
  const options = { history: 1, timeout: KV_TIMEOUT_MS, replicas };
  const leases = await new Kvm(nc).create(BUCKET, options);
  if ((await leases.status()).replicas !== replicas) {
    const { streams } = await jetstreamManager(nc);
    await streams.update(STREAM, { num_replicas: replicas });
  }
  return leases;
}
