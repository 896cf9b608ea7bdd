import { createHash } from 'node:crypto';
import { join } from 'node:path';
import pg from 'pg';
import { withoutCredentials } from '#libs/addresses';
import {
  credentialIn,
  embeddedPostgres,
  freePort,
  isReachableByAll,
  postgresUrl,
  startPostgresServer,
} from '#libs/parts';
import { keepAlive } from './keep-alive.ts';
import type { Part, PartOptions } from './part.ts';

const DATABASE = 'carillon';
/** On a laptop it shares the cores with what fires, and may be late where that may not. */
const NICENESS = 5;
/** For root, whose own folders `nobody` can't enter, and Postgres runs as `nobody` then. */
const ROOT_DATA = '/var/lib/carillon';

/** Postgres from DATABASE_URL, else the embedded one on the data folder. */
export async function startPostgresPart(options: PartOptions): Promise<Part> {
  const { settings, processes, say } = options;
  if (settings.databaseUrl) {
    return {
      url: settings.databaseUrl,
      what: `${withoutCredentials(settings.databaseUrl)} (given)`,
    };
  }
  const { version, runAs } = embeddedPostgres();
  const folder = runAs ? folderForNobody(options.folder) : join(options.folder, 'postgres');
  const password = credentialIn(options.folder, 'postgres');
  const wanted = await freePort(settings.postgresPort);
  const server = await keepAlive({
    name: 'postgres',
    start: (port = wanted) => startPostgresServer({ folder, port, password, niceness: NICENESS }),
    onStart: ({ pid }) => processes.add('postgres', pid),
    say,
  });
  const admin = postgresUrl(server.port, password);
  await createDatabase(admin);
  const notes = [
    'embedded',
    ...(runAs ? ['as nobody'] : []),
    ...(folder.startsWith(options.folder) ? [] : [`in ${folder}`]),
  ];
  return {
    url: admin.replace(/postgres$/, DATABASE),
    what: `${version} (${notes.join(', ')}) on 127.0.0.1:${server.port}`,
    server,
  };
}

function folderForNobody(folder: string): string {
  if (isReachableByAll(folder)) return join(folder, 'postgres');
  return join(ROOT_DATA, createHash('sha256').update(folder).digest('hex').slice(0, 12));
}

async function createDatabase(admin: string): Promise<void> {
  const client = new pg.Client({ connectionString: admin });
  await client.connect();
  try {
    const { rowCount } = await client.query('select from pg_database where datname = $1', [
      DATABASE,
    ]);
    if (!rowCount) await client.query(`create database ${DATABASE}`);
  } finally {
    await client.end();
  }
}
