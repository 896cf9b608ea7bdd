import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  rmSync,
  symlinkSync,
  utimesSync,
  writeFileSync,
} from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, jest, test } from '@jest/globals';
import { connect } from '@nats-io/transport-node';
import pg from 'pg';
import { natsAccess, withoutCredentials } from '#libs/addresses';
import { freePort, processIdentity } from '#libs/parts';
import { eventually, removeFolder, temporaryFolder } from '#libs/testing';

// A stand-in for what is built: these specs are about what stands around it.
const PRODUCT = `
import { createServer } from 'node:http';
const server = createServer((request, response) => response.end('{"ready":true}'));
server.listen(Number(process.env.CARILLON_PORT), '127.0.0.1');
console.log(JSON.stringify({ level: 'info', service: 'carillon', msg: 'rings', args: process.argv.slice(2) }));
process.on('SIGTERM', () => { console.log('{"msg":"orderly stop"}'); process.exit(0); });
`;
const READ_MODEL = `
import pg from 'pg';
export async function migrate(url) {
  const client = new pg.Client({ connectionString: url });
  await client.connect();
  await client.query('create table if not exists start (at timestamptz default now())');
  await client.query('insert into start default values');
  await client.end();
}
`;
const UP_WITHIN_MS = 25_000;
const NEVER_STALE = new Date('2100-01-01');

let root: string;
let port: number;
const started: ChildProcess[] = [];

// Each launches several servers, some of them three times over.
jest.setTimeout(90_000);

beforeEach(async () => {
  root = await temporaryFolder('start');
  // Postgres runs as nobody when we are root, and must get at its data.
  chmodSync(root, 0o755);
  for (const part of ['scripts', 'libs', 'node_modules']) {
    symlinkSync(join(process.cwd(), part), join(root, part));
  }
  writeFileSync(join(root, 'package.json'), '{ "version": "0.0.1", "type": "module" }');
  write('dist/services/carillon/src/main.js', PRODUCT);
  write('dist/libs/read-model/src/index.js', READ_MODEL);
  write('dist/.built', '');
  // Whatever is written to the libs meanwhile: there is nothing to build in here.
  utimesSync(join(root, 'dist/.built'), NEVER_STALE, NEVER_STALE);
  port = await freePort();
});
afterEach(async () => {
  for (const launcher of started.splice(0)) launcher.kill('SIGKILL');
  await eventually(async () => (await processesOfBook()).length === 0, { withinMs: 10_000 });
  await removeFolder(root);
});

function write(path: string, text: string) {
  mkdirSync(join(root, path, '..'), { recursive: true });
  writeFileSync(join(root, path), text);
}

interface Book {
  readonly name: string;
  readonly pid: number;
  readonly identity: string;
}

/** Those of the book that still run. */
async function processesOfBook(): Promise<Book[]> {
  const file = join(root, '.carillon', 'processes.json');
  if (!existsSync(file)) return [];
  const book = JSON.parse(readFileSync(file, 'utf8')) as Book[];
  const alive = await Promise.all(
    book.map(async (entry) => (await processIdentity(entry.pid)) === entry.identity),
  );
  return book.filter((_, index) => alive[index]);
}

function launch(env: Record<string, string> = {}, args: string[] = []) {
  const links = ['--preserve-symlinks', '--preserve-symlinks-main'];
  const source = ['--import', join(root, 'scripts/source.mjs')];
  const launcher = spawn(
    process.execPath,
    [...links, ...source, join(root, 'scripts/start/main.ts'), ...args],
    {
      cwd: root,
      env: {
        ...process.env,
        CARILLON_PORT: String(port),
        CARILLON_NATS_PORT: '0',
        CARILLON_POSTGRES_PORT: '0',
        ...env,
      },
      stdio: ['ignore', 'pipe', 'pipe'],
    },
  );
  started.push(launcher);
  const said: string[] = [];
  for (const stream of [launcher.stdout, launcher.stderr]) {
    createInterface({ input: stream }).on('line', (line) => said.push(line));
  }
  return {
    launcher,
    said,
    ended: once(launcher, 'close').then(([code]) => code as number | null),
    up: () =>
      eventually(() => expect(said.join('\n')).toContain('rings at'), { withinMs: UP_WITHIN_MS }),
  };
}

async function starts(databaseUrl: string): Promise<number> {
  const client = new pg.Client({ connectionString: databaseUrl });
  await client.connect();
  const { rows } = await client.query('select count(*)::int as starts from start');
  await client.end();
  return rows[0].starts;
}

function databaseUrl(said: readonly string[]): string {
  const address = said.join('\n').match(/Postgres .* on (127\.0\.0\.1:\d+)/)?.[1];
  return `postgres://carillon:${credential('postgres')}@${address}/carillon`;
}

function credential(name: 'nats' | 'postgres'): string {
  return readFileSync(join(root, '.carillon/credentials', name), 'utf8').trim();
}

test('starts what it needs, says so line by line, and ends all of it on a signal', async () => {
  const { launcher, said, up, ended } = launch();
  await up();
  expect(said).toEqual([
    'Carillon 0.0.1',
    expect.stringMatching(/^ {2}Node +24\./),
    expect.stringMatching(/^ {2}(NATS +nats-server 2\.|Postgres +18)/),
    expect.stringMatching(/^ {2}(NATS +nats-server 2\.|Postgres +18)/),
    expect.stringMatching(/^ {2}Chromium /),
    expect.stringMatching(/^ {2}Data .*\.carillon, log in logs\/carillon\.log$/),
    `Carillon rings at http://127.0.0.1:${port} (Ctrl-C stops it).`,
  ]);
  expect(await processesOfBook()).toHaveLength(3);
  const log = () => readFileSync(join(root, '.carillon/logs/carillon.log'), 'utf8');
  const running = await processesOfBook();

  launcher.kill('SIGINT');

  expect(await ended).toBe(0);
  for (const { pid } of running) expect(await processIdentity(pid)).toBeUndefined();
  expect(log()).toContain('orderly stop');
  expect(existsSync(join(root, '.carillon/carillon.lock'))).toBe(false);
});

test('a second start beside a running one says where that one is, and changes nothing', async () => {
  const first = launch();
  await first.up();
  const second = launch();
  expect(await second.ended).toBe(1);
  expect(second.said.join('\n')).toMatch(
    new RegExp(`already runs on .*/\\.carillon at http://127\\.0\\.0\\.1:${port} `),
  );
  expect(await processesOfBook()).toHaveLength(3);
});

test('goes on with its data after a kill -9, though the servers of before may still run', async () => {
  const first = launch();
  await first.up();
  expect(await starts(databaseUrl(first.said))).toBe(1);
  first.launcher.kill('SIGKILL');
  await first.ended;

  const second = launch();
  await second.up();
  expect(await starts(databaseUrl(second.said))).toBe(2);

  // This time nothing is left that could end in order.
  for (const { pid } of await processesOfBook()) process.kill(pid, 'SIGKILL');
  second.launcher.kill('SIGKILL');
  await second.ended;
  const third = launch();
  await third.up();
  expect(await starts(databaseUrl(third.said))).toBe(3);
});

test('a database of before, that trusted everybody, is closed and kept', async () => {
  const first = launch();
  await first.up();
  const open = databaseUrl(first.said);
  const client = new pg.Client({ connectionString: open });
  await client.connect();
  const { data_directory: folder } = (await client.query('show data_directory')).rows[0];
  await client.end();
  first.launcher.kill('SIGINT');
  expect(await first.ended).toBe(0);
  writeFileSync(join(folder, 'pg_hba.conf'), 'host all all 127.0.0.1/32 trust\n');
  rmSync(join(root, '.carillon/credentials'), { recursive: true });

  const second = launch();
  await second.up();
  expect(await starts(databaseUrl(second.said))).toBe(2);
  await expect(starts(open)).rejects.toMatchObject({ code: expect.stringMatching(/28P01|ECONN/) });
});

test('tells the credentials of its servers to the product alone', async () => {
  const { up, said } = launch();
  await up();
  const secrets = [credential('nats'), credential('postgres')];
  const commands = (await processesOfBook()).map(({ pid }) =>
    readFileSync(`/proc/${pid}/cmdline`, 'utf8'),
  );
  const logs = ['logs/carillon.log', 'nats/nats.log'].map((file) =>
    readFileSync(join(root, '.carillon', file), 'utf8'),
  );
  const shown = [...said, ...commands, ...logs].join('\n');
  for (const secret of secrets) expect(shown).not.toContain(secret);
  const { natsUrl } = JSON.parse(readFileSync(join(root, '.carillon/carillon.lock'), 'utf8'));
  const nats = await connect(natsAccess(natsUrl));
  await nats.close();
  const open = connect({ servers: withoutCredentials(natsUrl) });
  await expect(open).rejects.toThrow('Authorization Violation');
});

test('leaves no process behind when it is killed and nobody starts it again', async () => {
  const { launcher, up } = launch();
  await up();
  expect(await processesOfBook()).toHaveLength(3);
  launcher.kill('SIGKILL');
  await eventually(async () => (await processesOfBook()).length === 0, { withinMs: 10_000 });
});

test('brings a server back on the same port when it ends unasked', async () => {
  const { up, said } = launch();
  await up();
  const postgres = (await processesOfBook()).find(({ name }) => name === 'postgres');
  process.kill(postgres?.pid as number, 'SIGKILL');
  await eventually(async () => (await starts(databaseUrl(said))) === 1, { withinMs: 15_000 });
  expect(said.at(-1)).toContain('postgres ended unasked');
});

test('ends with everything, and with the last words of the log, when the product ends', async () => {
  const { up, ended, said } = launch();
  await up();
  const running = await processesOfBook();
  const product = running.find(({ name }) => name === 'carillon');
  process.kill(product?.pid as number, 'SIGKILL');
  expect(await ended).toBe(1);
  expect(said.at(-2)).toMatch(/^Carillon ended by itself with SIGKILL\. The end of .*:$/);
  expect(said.at(-1)).toBe('  info carillon: rings');
  for (const { pid } of running) expect(await processIdentity(pid)).toBeUndefined();
});

test('refuses what can not work in a sentence: a bad setting, an unknown word, a port in use', async () => {
  const bad = launch({ CARILLON_LOG_LEVEL: 'loud' });
  expect(await bad.ended).toBe(1);
  expect(bad.said.at(-1)).toMatch(/^ {2}CARILLON_LOG_LEVEL: must be one of /);
  const unknown = launch({}, ['--dmeo']);
  expect(await unknown.ended).toBe(1);
  expect(unknown.said[0]).toBe('--dmeo is not known.');

  const other = createServer().listen(port, '127.0.0.1');
  await once(other, 'listening');
  const taken = launch();
  expect(await taken.ended).toBe(1);
  expect(taken.said.at(-1)).toContain(`Another program listens on 127.0.0.1:${port}`);
  await new Promise((resolve) => other.close(resolve));
});
