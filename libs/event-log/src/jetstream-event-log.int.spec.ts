import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { startTestNats, type TestNats } from '#libs/testing';
import { eventLogContract } from './contract.js';
import { JetStreamEventLog } from './jetstream-event-log.js';
import { provisionStreams, UnfitBroker } from './streams.js';

let nats: TestNats;
let nc: NatsConnection;
let log: JetStreamEventLog;

beforeAll(async () => {
  nats = await startTestNats();
  nc = await connect({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  await provisionStreams(nc, { replicas: 1, shards: 2 });
  log = new JetStreamEventLog(nc, { tryMs: 500, pauseMs: 50 });
}, 60_000);

afterAll(async () => {
  await nc?.close();
  await nats?.stop();
});

eventLogContract('the JetStream log', () => log);

describe('the streams', () => {
  test('can be provisioned by many processes at once, and again', async () => {
    await Promise.all([1, 2, 3].map(() => provisionStreams(nc, { replicas: 1, shards: 2 })));
  });

  test('refuse another number of shards than the log was made with', async () => {
    const other = provisionStreams(nc, { replicas: 1, shards: 3 });
    await expect(other).rejects.toThrow(UnfitBroker);
    await expect(other).rejects.toThrow(/made with 2 shards/);
  });
});

test('an append rides over a crash of the broker, and is stored once', async () => {
  const subject = 'definition.crash.task.t1';
  await nats.kill9();
  const appended = log.append({
    stream: 'DEFINITIONS',
    subject,
    bytes: new TextEncoder().encode('x'),
    msgId: 'over-a-crash',
    expectedLastSeq: 0,
  });
  await nats.restart();
  expect(await appended).toMatchObject({ kind: 'appended', duplicate: false });
  const seen: number[] = [];
  for await (const { seq } of log.read({ stream: 'DEFINITIONS', subject, fromSeq: 1 }))
    seen.push(seq);
  expect(seen).toHaveLength(1);
}, 30_000);
