import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { jetstreamManager } from '@nats-io/jetstream';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startTestNats, type TestNats } from '#libs/testing';
import { provisionStreams } from './streams.js';

const PROCESSES = 6;

let nats: TestNats;
let connections: NatsConnection[];

beforeAll(async () => {
  nats = await startTestNats({ cluster: 3 });
  const servers = nats.url.split(',');
  connections = await Promise.all(Array.from({ length: PROCESSES }, () => connect({ servers })));
});
afterAll(async () => {
  await Promise.all(connections.map((connection) => connection.close()));
  await nats.stop();
});

test('are made on a cluster by all processes that start at once, in as many copies as wanted', async () => {
  await Promise.all(connections.map((nc) => provisionStreams(nc, { replicas: 3, shards: 1 })));
  const { streams } = await jetstreamManager(connections[0] as NatsConnection);
  const { config } = await streams.info('TICKS');
  expect(config.num_replicas).toBe(3);
}, 60_000);
