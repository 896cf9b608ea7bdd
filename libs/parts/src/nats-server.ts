import { mkdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { writePrivate } from './credential.js';
import { awaitReady, type ServerProcess, startServer } from './server-process.js';

const READY_WITHIN_MS = 60_000;
const READY_POLL_MS = 10;
const MAX_PAYLOAD = '1MB';
const USER = 'carillon';

export interface NatsServerOptions {
  readonly binary: string;
  /** Holds the configuration, the log and, in `jetstream/`, the streams. */
  readonly folder: string;
  /** Left out: any free one. */
  readonly port?: number;
  /** Left out: whoever reaches it is let in. */
  readonly password?: string;
  readonly cluster?: {
    readonly serverName: string;
    readonly name: string;
    readonly port: number;
    readonly routePorts: readonly number[];
  };
  /** Delete the folder too when this process dies unforeseen: for temporary ones only. */
  readonly temporary?: boolean;
}

export interface NatsServer {
  readonly pid: number;
  readonly port: number;
  /** With the credential, when there is one. */
  readonly url: string;
  readonly exited: Promise<void>;
  stop(): Promise<void>;
  kill9(): Promise<void>;
}

/** Starts a nats-server with JetStream that acknowledges nothing before it is on disk. */
export async function startNatsServer(options: NatsServerOptions): Promise<NatsServer> {
  const { folder } = options;
  await mkdir(folder, { recursive: true });
  const configFile = join(folder, 'nats.conf');
  const logFile = join(folder, 'nats.log');
  writePrivate(configFile, configOf(options));
  const server = await startServer({
    binary: options.binary,
    args: ['-c', configFile],
    logFile,
    leash: { signal: 'TERM', ...(options.temporary ? { removeFolder: folder } : {}) },
  });
  const ready = { name: 'nats-server', logFile, withinMs: READY_WITHIN_MS, pollMs: READY_POLL_MS };
  const portsFile = join(folder, `nats-server_${server.pid}.ports`);
  const port = await awaitReady(server, ready, () => readPort(portsFile));
  await rm(portsFile, { force: true });
  return {
    pid: server.pid,
    port,
    url: natsUrl(port, options.password),
    exited: server.exited,
    stop: () => server.stop('SIGTERM'),
    kill9: server.kill9,
  } satisfies NatsServer & Partial<ServerProcess>;
}

export function natsUrl(port: number, password?: string): string {
  const credential = password === undefined ? '' : `${USER}:${password}@`;
  return `nats://${credential}127.0.0.1:${port}`;
}

/** The server writes this file when it takes connections, and so tells the port it chose. */
async function readPort(file: string): Promise<number | undefined> {
  try {
    const ports = JSON.parse(await readFile(file, 'utf8')) as { nats?: string[] };
    const port = Number(new URL(ports.nats?.[0] ?? '').port);
    return port > 0 ? port : undefined;
  } catch {
    return undefined;
  }
}

function configOf(options: NatsServerOptions): string {
  const quoted = (text: string) => JSON.stringify(text);
  const lines = [
    'host: "127.0.0.1"',
    `port: ${options.port ?? -1}`,
    `max_payload: ${MAX_PAYLOAD}`,
    `pid_file: ${quoted(join(options.folder, 'nats.pid'))}`,
    `ports_file_dir: ${quoted(options.folder)}`,
    'jetstream {',
    `  store_dir: ${quoted(options.folder)}`,
    // The default acknowledges first and syncs every two minutes.
    '  sync_interval: always',
    '}',
  ];
  const { cluster, password } = options;
  if (password !== undefined)
    lines.push(`authorization { user: ${quoted(USER)}, password: ${quoted(password)} }`);
  if (cluster) {
    const routes = cluster.routePorts.map((port) => quoted(`nats://127.0.0.1:${port}`));
    lines.push(
      `server_name: ${quoted(cluster.serverName)}`,
      'cluster {',
      `  name: ${quoted(cluster.name)}`,
      `  listen: "127.0.0.1:${cluster.port}"`,
      `  routes: [${routes.join(', ')}]`,
      '}',
    );
  }
  return `${lines.join('\n')}\n`;
}
