import {
  chownSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { connect } from 'node:net';
import { join } from 'node:path';
import { writePrivate } from './credential.js';
import { type EmbeddedPostgres, embeddedPostgres } from './embedded-postgres.js';
import { freePort } from './free-port.js';
import { knowsPassword, loginRules, rulesFile, scramVerifier } from './postgres-login.js';
import { processIdentity } from './process-identity.js';
import { runCommand } from './run-command.js';
import { awaitReady, startServer } from './server-process.js';

const INITDB_TIMEOUT_MS = 60_000;
const PASSWORD_TIMEOUT_MS = 60_000;
const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 15;
const USER = 'carillon';

export interface PostgresServerOptions {
  /** The cluster lies in `data/` in here, beside its log. */
  readonly folder: string;
  readonly port?: number;
  /** The cluster is told when it knows another one, or none. */
  readonly password: string;
  /** `name=value` pairs for the server. */
  readonly settings?: readonly string[];
  readonly temporary?: boolean;
  /** It gives way to what fires; see `ServerOptions`. */
  readonly niceness?: number;
}

export interface PostgresServer {
  readonly pid: number;
  readonly port: number;
  /** Of the maintenance database, with the password; replace the path for another. */
  readonly url: string;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/**
 * Starts the embedded Postgres on a folder, making the cluster when there is none. It listens on
 * the loopback alone, and lets in who knows the password.
 */
export async function startPostgresServer(options: PostgresServerOptions): Promise<PostgresServer> {
  const postgres = embeddedPostgres();
  const data = join(options.folder, 'data');
  await makeCluster(postgres, { ...options, data });
  await disownDead(join(data, 'postmaster.pid'));
  if (!knowsPassword(data, options.password)) await tellPassword(postgres, data, options.password);
  const port = options.port ?? (await freePort());
  const logFile = join(options.folder, 'postgres.log');
  const settings = [
    'listen_addresses=127.0.0.1',
    'unix_socket_directories=',
    ...(options.settings ?? []),
  ];
  const server = await startServer({
    binary: join(postgres.binaries, 'postgres'),
    args: ['-D', data, '-p', String(port), ...settings.flatMap((setting) => ['-c', setting])],
    logFile,
    cwd: data,
    ...(options.niceness === undefined ? {} : { niceness: options.niceness }),
    ...postgres.runAs,
    // SIGQUIT ends it at once; the write-ahead log makes that good at the next start.
    leash: { signal: 'QUIT', ...(options.temporary ? { removeFolder: options.folder } : {}) },
  });
  const ready = { name: 'postgres', logFile, withinMs: READY_WITHIN_MS, pollMs: READY_POLL_MS };
  await awaitReady(server, ready, () => answers(port));
  return {
    pid: server.pid,
    port,
    url: postgresUrl(port, options.password),
    exited: server.exited,
    // SIGINT: fast shutdown, which rolls back what is open but waits for nobody.
    stop: () => server.stop('SIGINT'),
    kill9: server.kill9,
  };
}

export function postgresUrl(port: number, password: string): string {
  return `postgres://${USER}:${password}@127.0.0.1:${port}/postgres`;
}

async function makeCluster(
  postgres: EmbeddedPostgres,
  { folder, data, password }: { folder: string; data: string; password: string },
): Promise<void> {
  mkdirSync(folder, { recursive: true });
  if (existsSync(join(data, 'PG_VERSION'))) return;
  // Half a cluster is the trace of a start that was killed; there was never anything in it.
  rmSync(data, { recursive: true, force: true });
  const making = `${data}.new`;
  rmSync(making, { recursive: true, force: true });
  mkdirSync(making, { mode: 0o700 });
  const own = ownerOf(postgres);
  own(folder);
  own(making);
  const verifier = `${data}.verifier`;
  writePrivate(verifier, scramVerifier(password), own);
  try {
    const login = ['-U', USER, '--auth=scram-sha-256', `--pwfile=${verifier}`];
    const locale = ['--locale=C', '--locale-provider=builtin', '--builtin-locale=C.UTF-8'];
    await runCommand(
      join(postgres.binaries, 'initdb'),
      ['-D', making, ...login, '--encoding=UTF8', ...locale, '--no-sync', '--no-instructions'],
      {
        timeoutMs: INITDB_TIMEOUT_MS,
        cwd: making,
        env: { PATH: '/usr/bin:/bin' },
        ...postgres.runAs,
      },
    );
  } finally {
    rmSync(verifier, { force: true });
  }
  writePrivate(rulesFile(making), loginRules(password), own);
  renameSync(making, data);
}

/** Gives a file or folder to whom the server runs as. */
function ownerOf({ runAs }: EmbeddedPostgres): (path: string) => void {
  return (path) => {
    if (runAs) chownSync(path, runAs.uid, runAs.gid);
  };
}

/**
 * Changes the password of a cluster that no server runs on. The rules come last: until they name the
 * new password, the next start does this again.
 */
async function tellPassword(
  postgres: EmbeddedPostgres,
  data: string,
  password: string,
): Promise<void> {
  const settings = ['exit_on_error=true', 'log_min_error_statement=panic'];
  await runCommand(
    join(postgres.binaries, 'postgres'),
    ['--single', '-D', data, ...settings.flatMap((setting) => ['-c', setting]), 'postgres'],
    {
      timeoutMs: PASSWORD_TIMEOUT_MS,
      cwd: data,
      env: { PATH: '/usr/bin:/bin' },
      input: `alter role ${USER} password '${scramVerifier(password)}'\n`,
      ...postgres.runAs,
    },
  );
  writePrivate(rulesFile(data), loginRules(password), ownerOf(postgres));
}

/** Larger than any process number can be, so nobody answers to it. */
const NO_PROCESS = 2_147_483_646;

/**
 * A server that was killed leaves its number in the data folder, and Postgres takes a dead process
 * that nobody has waited for yet (in a container that can take for ever) for a running one. The
 * number alone is replaced: by the rest of the file Postgres still finds out whether any child of
 * the dead server is at work on the data.
 */
async function disownDead(pidFile: string): Promise<void> {
  if (!existsSync(pidFile)) return;
  const [pid, ...rest] = readFileSync(pidFile, 'utf8').split('\n');
  if (await processIdentity(Number(pid))) return;
  writeFileSync(pidFile, [String(NO_PROCESS), ...rest].join('\n'));
}

/**
 * Whether the server lets somebody in. An open port says too little: while it recovers from a crash
 * it answers every start of a session with "the database system is starting up".
 */
function answers(port: number): Promise<true | undefined> {
  return new Promise((resolve) => {
    const socket = connect(port, '127.0.0.1');
    const end = (answer: true | undefined) => {
      socket.destroy();
      resolve(answer);
    };
    socket.once('connect', () => socket.write(startupMessage()));
    socket.once('data', (answer) => end(answer[0] === AUTHENTICATION_OK ? true : undefined));
    socket.once('close', () => end(undefined));
    socket.once('error', () => end(undefined));
  });
}

const PROTOCOL_3_0 = 0x0003_0000;
const AUTHENTICATION_OK = 'R'.charCodeAt(0);

function startupMessage(): Buffer {
  const settings = Buffer.from(`user\0${USER}\0database\0postgres\0\0`);
  const head = Buffer.alloc(8);
  head.writeInt32BE(head.length + settings.length, 0);
  head.writeInt32BE(PROTOCOL_3_0, 4);
  return Buffer.concat([head, settings]);
}
