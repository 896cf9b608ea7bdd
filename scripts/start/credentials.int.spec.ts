import { readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { natsAccess } from '#libs/addresses';
import {
  findNats,
  newPassword,
  type PostgresServer,
  startNatsServer,
  startPostgresServer,
} from '#libs/parts';
import { removeFolder, temporaryFolder } from '#libs/testing';

// Servers are started several times over, on a machine that other specs use as well.
jest.setTimeout(60_000);

const REFUSED = { code: '28P01' };

let folder: string;
beforeEach(async () => {
  folder = await temporaryFolder('credentials');
});
afterEach(() => removeFolder(folder));

async function asks(url: string): Promise<unknown> {
  const client = new pg.Client({ connectionString: url });
  try {
    await client.connect();
    return (await client.query('select current_user as name')).rows[0].name;
  } finally {
    await client.end();
  }
}

const without = (url: string) => url.replace(/:[^:@/]+@/, '@');
const other = (url: string) => url.replace(/:[^:@/]+@/, `:${newPassword()}@`);

/** Starts the server, lets it be used, ends it. */
async function during(
  password: string,
  use: (server: PostgresServer) => Promise<void>,
): Promise<void> {
  const server = await startPostgresServer({ folder, password, temporary: true });
  try {
    await use(server);
  } finally {
    await server.stop();
  }
}

test('NATS lets in who knows the password, and nobody else', async () => {
  const { binary } = await findNats({ env: process.env });
  // As a start of before has left it: readable by everybody.
  writeFileSync(join(folder, 'nats.conf'), '', { mode: 0o644 });
  const password = newPassword();
  const server = await startNatsServer({ binary, folder, password, temporary: true });
  const connection = await connect(natsAccess(server.url));
  await connection.close();
  for (const url of [without(server.url).replace('carillon@', ''), other(server.url)])
    await expect(connect(natsAccess(url))).rejects.toThrow('Authorization Violation');
  expect(statSync(join(folder, 'nats.conf')).mode & 0o077).toBe(0);
  expect(readFileSync(join(folder, 'nats.log'), 'utf8')).not.toContain(password);
  await server.stop();
});

test('Postgres lets in who knows the password, and nobody else', async () => {
  const password = newPassword();
  await during(password, async ({ url }) => {
    expect(await asks(url)).toBe('carillon');
    await expect(asks(other(url))).rejects.toMatchObject(REFUSED);
    await expect(asks(url.replace('carillon:', 'postgres:'))).rejects.toMatchObject(REFUSED);
    await expect(asks(without(url))).rejects.toThrow();
  });
  expect(readFileSync(join(folder, 'postgres.log'), 'utf8')).not.toContain(password);
});

test('a cluster of before, that trusted everybody, knows the password from the next start on', async () => {
  await during(newPassword(), async ({ url }) => {
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    await client.query('create table bell as select 1 as strokes');
    await client.query('alter role carillon password null');
    await client.end();
  });
  writeFileSync(join(folder, 'data', 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  await during(newPassword(), async ({ url }) => {
    await expect(asks(other(url))).rejects.toMatchObject(REFUSED);
    const client = new pg.Client({ connectionString: url });
    await client.connect();
    expect((await client.query('select strokes from bell')).rows).toEqual([{ strokes: 1 }]);
    await client.end();
  });
});

test('a password that was lost is replaced, also when the server was killed', async () => {
  const first = newPassword();
  const server = await startPostgresServer({ folder, password: first, temporary: true });
  await server.kill9();
  await during(newPassword(), async ({ url }) => {
    expect(await asks(url)).toBe('carillon');
    await expect(asks(url.replace(/:[^:@/]+@/, `:${first}@`))).rejects.toMatchObject(REFUSED);
  });
});
