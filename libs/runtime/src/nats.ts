import { AuthorizationError, connect, type NatsConnection } from '@nats-io/transport-node';
import type { Logger } from 'pino';
import { withoutCredentials } from '#libs/addresses';
import { natsOptions } from './nats-options.js';

/** Half-open connections are noticed after this times two; the client's default is 2 minutes. */
const PING_INTERVAL_MS = 5_000;
const PING_OUT_MAX = 2;
/** The client's default gives up for good after ten tries. A broker may be away for longer. */
const RECONNECT_FOREVER = -1;
const RECONNECT_WAIT_MS = 250;
const RECONNECT_JITTER_MS = 100;
const CONNECT_TIMEOUT_MS = 2_000;

export interface ConnectOptions {
  /** May carry user and password. */
  readonly url: string;
  readonly token?: string | undefined;
  readonly credentialsFile?: string | undefined;
  /** Shown in the server's list of connections. */
  readonly name: string;
  readonly log: Logger;
}

/** NATS is there and does not let this process in: waiting would not help. */
export class NatsRefused extends Error {
  readonly code = 'nats-refused';

  constructor(url: string, cause: unknown) {
    super(
      `NATS at ${withoutCredentials(url)} refuses the credential of this process: put the right one into NATS_URL (nats://user:password@host:port), NATS_TOKEN or NATS_CREDENTIALS`,
      { cause },
    );
  }
}

/**
 * Connects, waiting for a server that is not there yet, but not for one that refuses. While the connection is down a publish is
 * lost without a word (core) or times out (JetStream): whoever sends must be told or send again.
 */
export async function connectNats(options: ConnectOptions): Promise<NatsConnection> {
  const { url, token: natsToken, credentialsFile: natsCredentials } = options;
  const connection = await connect({
    ...natsOptions({ natsUrl: url, natsToken, natsCredentials }),
    name: options.name,
    waitOnFirstConnect: true,
    timeout: CONNECT_TIMEOUT_MS,
    maxReconnectAttempts: RECONNECT_FOREVER,
    reconnectTimeWait: RECONNECT_WAIT_MS,
    reconnectJitter: RECONNECT_JITTER_MS,
    pingInterval: PING_INTERVAL_MS,
    maxPingOut: PING_OUT_MAX,
    // Two stacks for each request, kept for the one in a million that fails; they cost more than the request.
    noAsyncTraces: true,
  }).catch((error: unknown) => {
    throw error instanceof AuthorizationError ? new NatsRefused(url, error) : error;
  });
  void tellStatus(connection, options.log);
  return connection;
}

/** Ends by itself when the connection is closed. */
async function tellStatus(connection: NatsConnection, log: Logger): Promise<void> {
  for await (const status of connection.status()) {
    if (status.type === 'disconnect') log.warn({ server: status.server }, 'NATS went away');
    else if (status.type === 'reconnect') log.info({ server: status.server }, 'NATS is back');
    else if (status.type === 'error') log.error({ err: status.error }, 'NATS refused something');
  }
}
