import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { jetstream, jetstreamManager } from '@nats-io/jetstream';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { eventually } from './eventually.js';
import { startTestNats, type TestNats } from './test-nats.js';
import { startOwnTestPostgres, startTestPostgres, type TestPostgres } from './test-postgres.js';

describe('a test NATS', () => {
  let nats: TestNats | undefined;
  afterEach(async () => nats?.stop());

  test('keeps what it acknowledged over a kill -9 and a restart on the same port', async () => {
    nats = await startTestNats();
    const before = nats.pid;
    const connection = await connect({ servers: nats.url, reconnectTimeWait: 50 });
    // A request that is sent while the server is away is lost, so it must not wait long.
    const manager = await jetstreamManager(connection, { timeout: 500 });
    await manager.streams.add({ name: 'BELLS', subjects: ['bell.>'] });
    await jetstream(connection).publish('bell.one', 'ding');

    await nats.kill9();
    await nats.restart();

    expect(nats.pid).not.toBe(before);
    const messages = await eventually(
      async () => (await manager.streams.info('BELLS')).state.messages,
    );
    expect(messages).toBe(1);
    await connection.close();
  });

  test('comes as a cluster of three that survives the loss of a node', async () => {
    nats = await startTestNats({ cluster: 3 });
    const connection = await connect({ servers: nats.url.split(','), reconnectTimeWait: 50 });
    const manager = await jetstreamManager(connection);
    await manager.streams.add({ name: 'BELLS', subjects: ['bell.>'], num_replicas: 3 });
    await jetstream(connection).publish('bell.one', 'ding');

    await nats.nodes[2]?.kill9();

    const acked = await eventually(() => jetstream(connection).publish('bell.two', 'dong'), {
      withinMs: 15_000,
    });
    expect(acked.seq).toBeGreaterThanOrEqual(2);
    await connection.close();
  });
});

describe('a test Postgres', () => {
  let postgres: TestPostgres;
  beforeAll(async () => {
    postgres = await startTestPostgres();
  });
  afterAll(() => postgres.stop());

  test('gives each spec a database of its own, cloned from what was prepared once', async () => {
    let prepared = 0;
    const template = {
      name: 'bells',
      prepare: async (url: string) => {
        prepared++;
        await query(url, 'create table bell (name text); insert into bell values ($$one$$)');
      },
    };
    const one = await postgres.createDatabase(template);
    const other = await postgres.createDatabase(template);
    await query(one, 'insert into bell values ($$two$$)');

    expect(prepared).toBe(1);
    expect(await query(one, 'select count(*)::int as bells from bell')).toEqual([{ bells: 2 }]);
    expect(await query(other, 'select count(*)::int as bells from bell')).toEqual([{ bells: 1 }]);
  });

  test('can be had for oneself, to be killed and brought back', async () => {
    const own = await startOwnTestPostgres();
    const url = await own.createDatabase();
    await query(url, 'create table bell (name text)');
    await own.kill9();
    await expect(query(url, 'select 1')).rejects.toThrow();
    await own.restart();
    expect(await query(url, 'select * from bell')).toEqual([]);
    await own.stop();
  });
});

async function query(url: string, text: string): Promise<unknown[]> {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  try {
    return (await client.query(text)).rows;
  } finally {
    await client.end();
  }
}
