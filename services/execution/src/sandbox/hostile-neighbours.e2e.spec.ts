import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsAccess } from '#libs/addresses';
import {
  credentialIn,
  findNats,
  type NatsServer,
  type PostgresServer,
  startNatsServer,
  startPostgresServer,
} from '#libs/parts';
import { removeFolder, temporaryFolder, testEnvironment } from '#libs/testing';
import { ProgramBench } from '../testing/run-programs.js';

/**
 * A program with the network of the worker beside the servers of `npm start`, which listen on the
 * loopback: it may knock, and is not let in.
 */

const bench = await ProgramBench.open('auto');
/** Outside of one a program has the rights of the worker, and its files with them. */
const inBox = bench.isolation.tier === 'sandbox' ? describe : describe.skip;
const passwords = {
  nats: credentialIn(bench.dataDir, 'nats'),
  postgres: credentialIn(bench.dataDir, 'postgres'),
};

let nats: NatsServer;
let postgres: PostgresServer;
let postgresFolder: string;
/** Lets in who has the credential, and hears what the others could not say. */
let witness: NatsConnection;
const heard: string[] = [];

beforeAll(async () => {
  const { binary } = await findNats({ env: testEnvironment.all });
  postgresFolder = await temporaryFolder('postgres');
  [nats, postgres] = await Promise.all([
    startNatsServer({
      binary,
      folder: join(bench.dataDir, 'nats'),
      password: passwords.nats,
      temporary: true,
    }),
    startPostgresServer({ folder: postgresFolder, password: passwords.postgres, temporary: true }),
  ]);
  witness = await connect(natsAccess(nats.url));
  witness.subscribe('dispatch.>', { callback: (_error, { subject }) => void heard.push(subject) });
  await witness.flush();
}, 60_000);

afterAll(async () => {
  await witness.close();
  await Promise.all([nats.stop(), postgres.stop()]);
  await bench.close();
  await removeFolder(postgresFolder);
});

async function saidBy(script: string): Promise<string> {
  const { lines } = await bench.shell(script, { shell: 'bash' }).end;
  return lines.map(({ message }) => message).join('\n');
}

inBox('a program with the whole network', () => {
  test.each([
    ['without a credential', '{}'],
    ['with one that it guessed', '{"user":"carillon","pass":"carillon"}'],
  ])('opens the port of NATS %s, and neither forges an event nor hears one', async (_, who) => {
    // On a second line the answer may be lost, since the server hangs up on what it has not read.
    const said = await saidBy(`
      trap '' PIPE
      exec 3<>/dev/tcp/127.0.0.1/${nats.port} 4<>/dev/tcp/127.0.0.1/${nats.port}
      read -r info <&3; echo "\${info:0:4}"
      printf 'CONNECT ${who}\\r\\n' >&3; timeout 5 cat <&3
      printf 'CONNECT ${who}\\r\\nSUB > 1\\r\\nPUB dispatch.0 2\\r\\nhi\\r\\nPING\\r\\n' >&4
      timeout 5 grep -aE '^(PONG|MSG)' <&4; echo asked`);
    expect(said).toContain('INFO');
    expect(said).toContain("-ERR 'Authorization Violation'");
    expect(said).toContain('asked');
    expect(said).not.toMatch(/^(PONG|MSG)/m);
    await witness.flush();
    expect(heard).toEqual([]);
  });

  test('opens the port of Postgres, and is asked for what it does not know', async () => {
    const url = (password: string) =>
      `postgres://carillon${password}@127.0.0.1:${postgres.port}/postgres`;
    const script = `
      import { createRequire } from 'node:module';
      const pg = createRequire(${JSON.stringify(import.meta.url)})('pg');
      export default async ({ params, log }) => {
        for (const connectionString of params.urls) {
          const client = new pg.Client({ connectionString });
          client.on('error', () => {});
          try {
            await client.connect();
            log.info('let in');
          } catch (error) {
            log.info('refused ' + (error.code ?? error.message));
          }
        }
      };`;
    const params = {
      urls: [url(''), url(':carillon'), url('').replace('carillon@', 'postgres:x@')],
    };
    const { lines } = await bench.script(script, { params }).end;
    expect(lines.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^refused SASL/),
      'refused 28P01',
      'refused 28P01',
    ]);
  });

  test('finds the credentials neither in files nor in processes', async () => {
    const places = [
      join(bench.dataDir, 'credentials', 'nats'),
      join(bench.dataDir, 'credentials', 'postgres'),
      join(bench.dataDir, 'nats', 'nats.conf'),
      join(postgresFolder, 'data', 'pg_hba.conf'),
    ];
    expect(places.filter((path) => !existsSync(path))).toEqual([]);
    const said = await saidBy(`
      for file in ${places.join(' ')}; do cat $file && echo "read $file"; done
      for p in /proc/[0-9]*; do cat $p/environ $p/cmdline; done 2>/dev/null | tr '\\0' '\\n'
      ls -A ${bench.dataDir}; echo "as $(id -u)"`);
    for (const password of Object.values(passwords)) expect(said).not.toContain(password);
    expect(said).not.toMatch(/^read /m);
    expect(said.match(/No such file or directory/g)).toHaveLength(places.length + 1);
    expect(said).toContain(`as ${process.getuid?.() === 0 ? 65_533 : process.getuid?.()}`);
  });
});
