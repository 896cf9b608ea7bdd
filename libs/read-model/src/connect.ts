import { Kysely, PostgresDialect } from 'kysely';
import pg from 'pg';
import type { ReadModel } from './tables.js';

/** Where the tables live, unless a projection is being built beside them. */
export const DEFAULT_SCHEMA = 'carillon';
const SCHEMA_NAME = /^[a-z_][a-z0-9_]{0,62}$/;

const POOL_SIZE = 10;
const CONNECT_TIMEOUT_MS = 5_000;
const STATEMENT_TIMEOUT_MS = 60_000;
/** A replica that froze inside a transaction holds the position's lock no longer than this. */
const IDLE_IN_TRANSACTION_MS = 30_000;

const INT8_OID = 20;

export interface ConnectOptions {
  readonly schema?: string;
  readonly poolSize?: number;
  /** 0: no limit. */
  readonly statementTimeoutMs?: number;
  /** How long a transaction may stand between two statements; 0: no limit. */
  readonly idleInTransactionMs?: number;
  readonly applicationName?: string;
  /**
   * Do not wait for the disk at a commit. After a crash of Postgres the last transactions may be
   * missing, never one without those before it: right for what is a fold of the log.
   */
  readonly asyncCommit?: boolean;
}

/**
 * The read model. Connections are made when they are needed and given up by `destroy()`; one that
 * breaks fails the query that uses it, never the process.
 */
export function connect(url: string, options: ConnectOptions = {}): Kysely<ReadModel> {
  const schema = checkedSchema(options.schema ?? DEFAULT_SCHEMA);
  const timeoutMs = options.statementTimeoutMs ?? STATEMENT_TIMEOUT_MS;
  const settings = {
    search_path: `"${schema}"`,
    timezone: 'UTC',
    statement_timeout: String(timeoutMs),
    idle_in_transaction_session_timeout: String(
      options.idleInTransactionMs ?? IDLE_IN_TRANSACTION_MS,
    ),
    synchronous_commit: options.asyncCommit ? 'off' : 'on',
  };
  const pool = new pg.Pool({
    connectionString: url,
    max: options.poolSize ?? POOL_SIZE,
    connectionTimeoutMillis: CONNECT_TIMEOUT_MS,
    // The client's own limit, for a server that is gone without a word.
    ...(timeoutMs > 0 && { query_timeout: timeoutMs + CONNECT_TIMEOUT_MS }),
    keepAlive: true,
    application_name: options.applicationName ?? 'carillon',
    types: { getTypeParser: typeParser as typeof pg.types.getTypeParser },
    onConnect: (client) => applySettings(client, settings),
  });
  // Without listeners a connection that breaks, idle or in use, would end the process.
  pool.on('error', seenByTheNextQuery);
  pool.on('connect', (client) => client.on('error', seenByTheNextQuery));
  return new Kysely<ReadModel>({ dialect: new PostgresDialect({ pool }) });
}

/**
 * Not as start-up options, which a pooler in between may refuse; and not in kysely's hook, which
 * keeps a connection whose settings failed. The pool waits for it and throws such a one away.
 */
async function applySettings(
  client: pg.ClientBase,
  settings: Readonly<Record<string, string>>,
): Promise<void> {
  const names = Object.keys(settings);
  const calls = names.map((_, i) => `set_config($${2 * i + 1}, $${2 * i + 2}, false)`);
  await client.query(`select ${calls.join(', ')}`, Object.entries(settings).flat());
}

/** bigint as number: nothing we count or number exceeds 2^53. */
function typeParser(oid: number, format?: string): (value: string) => unknown {
  return oid === INT8_OID ? Number : pg.types.getTypeParser(oid, format as 'text');
}

export function checkedSchema(schema: string): string {
  if (SCHEMA_NAME.test(schema)) return schema;
  throw new RangeError(`"${schema}" is no schema name: lower case letters, digits and _`);
}

function seenByTheNextQuery(): void {}
