import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { eventually, startTestNats, type TestNats } from '#libs/testing';
import { openLeases } from './open-leases.js';

const ELECTED_WITHIN_MS = 20_000;

let nats: TestNats;
let nc: NatsConnection;

beforeAll(async () => {
  nats = await startTestNats({ cluster: 3 });
  nc = await connect({ servers: nats.url.split(',') });
});
afterAll(async () => {
  await nc.close();
  await nats.stop();
});

test('the records survive the loss of a node, also when the bucket was made for one alone', async () => {
  const alone = await eventually(() => openLeases(nc, 1), { withinMs: ELECTED_WITHIN_MS });
  await eventually(() => alone.put('ticker.0', 'held'), { withinMs: ELECTED_WITHIN_MS });
  const leases = await openLeases(nc, 3);
  const { streams } = await jetstreamManager(nc);
  const leader = await eventually(
    async () => {
      const { cluster } = await streams.info('KV_leases');
      expect(cluster?.replicas?.filter(({ current }) => current)).toHaveLength(2);
      return cluster?.leader;
    },
    { withinMs: ELECTED_WITHIN_MS },
  );

  await nats.nodes.find(({ name }) => name === leader)?.kill9();

  const held = await eventually(() => leases.get('ticker.0'), { withinMs: ELECTED_WITHIN_MS });
  expect(held?.string()).toBe('held');
});
