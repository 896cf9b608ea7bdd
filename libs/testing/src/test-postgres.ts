import { randomUUID } from 'node:crypto';
import pg from 'pg';
import { newPassword, type PostgresServer, startPostgresServer } from '#libs/parts';
import { testEnvironment } from './config.js';
import { removeFolder, temporaryFolder } from './temporary-folder.js';

/** Any number that no product code uses for an advisory lock. */
const TEMPLATE_LOCK = 4_711_147;

/** A database that is prepared once in a run and then cloned, which takes some 20 ms. */
export interface DatabaseTemplate {
  /** The same name means the same preparation. */
  readonly name: string;
  prepare(url: string): Promise<void>;
}

export interface TestPostgres {
  /** Of the maintenance database. */
  readonly url: string;
  /** A new database of the spec's own, empty or cloned; gone again after `stop`. */
  createDatabase(template?: DatabaseTemplate): Promise<string>;
  stop(): Promise<void>;
}

/** A server that one spec file has for itself, to stop and kill as it likes. */
export interface OwnTestPostgres extends TestPostgres {
  kill9(): Promise<void>;
  /** Graceful, leaving the data for a `restart` on the same port. */
  shutDown(): Promise<void>;
  restart(): Promise<void>;
}

/** Databases on the Postgres that the whole run shares; it is started for the first who asks. */
export async function startTestPostgres(): Promise<TestPostgres> {
  const shared = testEnvironment.databaseUrl ?? (await fromShelf());
  if (shared === undefined) return startOwnTestPostgres();
  const databases = databasesOn(shared);
  return { url: shared, createDatabase: databases.create, stop: databases.dropAll };
}

export async function startOwnTestPostgres(): Promise<OwnTestPostgres> {
  const folder = await temporaryFolder('postgres');
  const password = newPassword();
  const start = (port?: number) =>
    startPostgresServer({ folder, password, temporary: true, ...(port ? { port } : {}) });
  let server: PostgresServer = await start();
  const { url, port } = server;
  return {
    url,
    createDatabase: databasesOn(url).create,
    kill9: () => server.kill9(),
    shutDown: () => server.stop(),
    restart: async () => {
      await server.stop();
      server = await start(port);
    },
    stop: async () => {
      await server.kill9();
      await removeFolder(folder);
    },
  };
}

async function fromShelf(): Promise<string | undefined> {
  if (!testEnvironment.shelf) return undefined;
  const response = await fetch(testEnvironment.shelf);
  if (!response.ok) throw new Error(await response.text());
  return ((await response.json()) as { url: string }).url;
}

function databasesOn(server: string) {
  const made: string[] = [];
  return {
    create: async (template?: DatabaseTemplate): Promise<string> => {
      const name = `test_${randomUUID().replaceAll('-', '')}`;
      await asAdmin(server, async (admin) => {
        const from = template ? await ensureTemplate(server, admin, template) : 'template0';
        await admin.query(`create database "${name}" template "${from}"`);
      });
      made.push(name);
      return urlOf(server, name);
    },
    dropAll: () =>
      asAdmin(server, async (admin) => {
        for (const name of made.splice(0)) {
          await admin.query(`drop database if exists "${name}" with (force)`);
        }
      }),
  };
}

/** Prepared under another name first, so that a preparation that failed leaves no template. */
async function ensureTemplate(
  server: string,
  admin: pg.Client,
  template: DatabaseTemplate,
): Promise<string> {
  const name = `template_${template.name}`;
  await admin.query('select pg_advisory_lock($1)', [TEMPLATE_LOCK]);
  try {
    const { rowCount } = await admin.query('select from pg_database where datname = $1', [name]);
    if (rowCount) return name;
    const making = `making_${template.name}`;
    await admin.query(`drop database if exists "${making}" with (force)`);
    await admin.query(`create database "${making}" template template0`);
    await template.prepare(urlOf(server, making));
    await admin.query(`alter database "${making}" rename to "${name}"`);
    return name;
  } finally {
    await admin.query('select pg_advisory_unlock($1)', [TEMPLATE_LOCK]);
  }
}

async function asAdmin<T>(server: string, work: (admin: pg.Client) => Promise<T>): Promise<T> {
  const admin = new pg.Client({ connectionString: server });
  await admin.connect();
  try {
    return await work(admin);
  } finally {
    await admin.end();
  }
}

function urlOf(server: string, database: string): string {
  const url = new URL(server);
  url.pathname = `/${database}`;
  return url.href;
}
