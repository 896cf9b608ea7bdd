import { type IncomingMessage, type Server } from 'node:http';
import { type Duplex } from 'node:stream';
import { GraphQLError, type GraphQLSchema, parse, specifiedRules, validate } from 'graphql';
import { type Context, GRAPHQL_TRANSPORT_WS_PROTOCOL, type SubscribePayload } from 'graphql-ws';
import { type Extra, useServer } from 'graphql-ws/use/ws';
import { type WebSocket, WebSocketServer } from 'ws';
import { type Clock } from '#libs/clock';
import { type Logger } from '#libs/runtime';
import { isOfAnotherSite } from '../../http/server/headers.js';
import {
  GRAPHQL_TOKENS_MAX,
  SOCKET_INIT_WAIT_MS,
  SOCKET_MESSAGE_MAX_BYTES,
  SOCKET_PING_MS,
  SOCKETS_MAX,
  SUBSCRIPTIONS_PER_SOCKET_MAX,
} from '../../limits.js';
import { type Db } from '../../queries/tasks.js';
import { operationContext } from '../context.js';
import { costRefusal, documentRules } from './document-limits.js';
import { formatSocketError } from './format-error.js';

export interface SocketDeps {
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly hostIsKnown: (host: string | undefined) => boolean;
}

type Peer = Context<
  Record<string, unknown> | undefined,
  Extra & Partial<Record<PropertyKey, never>>
>;

const PATH = '/graphql';
const POLICY_VIOLATION = 1008;
const TRY_AGAIN_LATER = 1013;

/**
 * Subscriptions over graphql-ws. Served by hand and not by Nest's module, which neither limits what
 * a socket may send nor lets an origin be checked: a page of another site may open a WebSocket here
 * like any other, since no browser asks first. Nest's also checks no document, see `documentRules`.
 * A push waits until the one before it has left the socket, so a slow reader costs no memory.
 */
export function serveSockets(
  server: Server,
  schema: GraphQLSchema,
  deps: SocketDeps,
): { stop(): Promise<void> } {
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: SOCKET_MESSAGE_MAX_BYTES,
    handleProtocols: (offered) =>
      offered.has(GRAPHQL_TRANSPORT_WS_PROTOCOL) && GRAPHQL_TRANSPORT_WS_PROTOCOL,
  });
  const served = useServer<Record<string, unknown> | undefined, Record<PropertyKey, never>>(
    {
      schema,
      connectionInitWaitTimeout: SOCKET_INIT_WAIT_MS,
      context: (peer) =>
        operationContext(deps, {
          ip: peer.extra.request.socket.remoteAddress ?? '',
          requestId: crypto.randomUUID(),
        }),
      onSubscribe: (peer, _id, payload) => checkSubscription(schema, peer as Peer, payload),
      onError: (_peer, _id, _payload, errors) => errors.map(formatSocketError),
      onNext: (_peer, _id, _payload, _args, result) => ({
        ...result,
        ...(result.errors ? { errors: result.errors.map(formatSocketError) } : {}),
      }),
    },
    sockets,
    SOCKET_PING_MS,
  );
  sockets.on('connection', (socket: WebSocket) => {
    // graphql-ws writes to the console what a client did wrong; `ws` closes such a socket by itself.
    socket.removeAllListeners('error');
    socket.on('error', (error) => deps.log.debug({ err: error }, 'a socket failed'));
    if (sockets.clients.size > SOCKETS_MAX) socket.close(TRY_AGAIN_LATER, 'too many sockets');
  });
  const upgrade = (request: IncomingMessage, stream: Duplex, head: Buffer) => {
    const path = request.url?.split('?', 1)[0];
    if (path !== PATH) return refuse(stream, '404 Not Found');
    if (!deps.hostIsKnown(request.headers.host) || isOfAnotherSite(request))
      return refuse(stream, '403 Forbidden');
    sockets.handleUpgrade(request, stream, head, (socket) =>
      sockets.emit('connection', socket, request),
    );
  };
  server.on('upgrade', upgrade);
  return {
    stop: async () => {
      server.off('upgrade', upgrade);
      await served.dispose();
    },
  };
}

/** Every error of a document; undefined lets graphql-ws go on with it. */
function checkSubscription(
  schema: GraphQLSchema,
  peer: Peer,
  payload: SubscribePayload,
): readonly GraphQLError[] | undefined {
  if (Object.keys(peer.subscriptions).length > SUBSCRIPTIONS_PER_SOCKET_MAX) {
    peer.extra.socket.close(POLICY_VIOLATION, 'too many subscriptions');
    return [new GraphQLError('There are too many subscriptions on this socket.')];
  }
  let document: ReturnType<typeof parse>;
  try {
    document = parse(payload.query, { maxTokens: GRAPHQL_TOKENS_MAX });
  } catch (error) {
    return [error as GraphQLError];
  }
  const operations = document.definitions.filter((one) => one.kind === 'OperationDefinition');
  if (operations.some((one) => one.operation !== 'subscription'))
    return [new GraphQLError('Only subscriptions are served here; send the rest over HTTP.')];
  const errors = validate(schema, document, [...specifiedRules, ...documentRules]);
  if (errors.length > 0) return errors;
  const refusal = costRefusal({
    schema,
    document,
    variables: payload.variables ?? {},
    operationName: payload.operationName ?? undefined,
  });
  return refusal ? [refusal] : undefined;
}

function refuse(stream: Duplex, status: string): void {
  stream.end(`HTTP/1.1 ${status}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`);
}
