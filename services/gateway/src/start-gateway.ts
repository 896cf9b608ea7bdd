import 'reflect-metadata';
import { randomUUID } from 'node:crypto';
import { type AddressInfo } from 'node:net';
import { NestFactory } from '@nestjs/core';
import { GraphQLSchemaHost } from '@nestjs/graphql';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { nestLogger } from '#libs/runtime';
import { GatewayModule } from './gateway.module.js';
import { type GatewayDeps } from './gateway-parts.js';
import { serveSockets } from './graphql/server/socket.js';
import { serveAdmin } from './http/server/admin-pages.js';
import { guardTheDoor, hostCheck } from './http/server/headers.js';
import { describeApi, serveApiDocs } from './http/server/openapi.js';
import { serveOps } from './http/server/ops-routes.js';
import { answerProblem } from './http/server/problem-filter.js';
import { readBodies, readQuery } from './http/server/read-body.js';
import { measureRequests } from './http/server/request-metrics.js';
import { BODY_MAX_BYTES, PARAM_MAX_CHARS, REQUEST_TIMEOUT_MS } from './limits.js';

export interface RunningGateway {
  /** Such as `http://127.0.0.1:7070`. */
  readonly address: string;
  stop(): Promise<void>;
}

/** Starts the gateway: REST, GraphQL with its subscriptions, the documentation and the admin. */
export async function startGateway(deps: GatewayDeps): Promise<RunningGateway> {
  const { settings, log, ops, version } = deps;
  const app = await NestFactory.create<NestFastifyApplication>(
    GatewayModule.register(deps),
    adapterFor(deps),
    // Ours to tell and to end; bodies are read by `read-body.ts` alone.
    { logger: nestLogger(log), abortOnError: false, bodyParser: false },
  );
  const instance = app.getHttpAdapter().getInstance() as unknown as FastifyInstance;
  readBodies(instance);
  measureRequests(instance);
  guardTheDoor(instance, settings);
  serveApiDocs(app, describeApi(app, version));
  serveOps(instance, ops);
  serveAdmin(instance, settings.adminDir);
  await app.init();
  const sockets = serveSockets(app.getHttpServer(), app.get(GraphQLSchemaHost).schema, {
    ...deps,
    hostIsKnown: hostCheck(settings),
  });
  await app.listen(settings.port, settings.host);
  const address = addressOf(app.getHttpServer().address() as AddressInfo);
  log.info({ address }, 'the gateway listens');
  return {
    address,
    stop: async () => {
      await sockets.stop();
      await app.close();
    },
  };
}

function adapterFor({ log }: GatewayDeps): FastifyAdapter {
  return new FastifyAdapter({
    bodyLimit: BODY_MAX_BYTES,
    requestTimeout: REQUEST_TIMEOUT_MS,
    // A keep-alive connection without a request must not hold a stop up.
    forceCloseConnections: true,
    genReqId: () => randomUUID(),
    requestIdHeader: false,
    routerOptions: { maxParamLength: PARAM_MAX_CHARS, querystringParser: readQuery },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      answerProblem(log, error, request, reply),
  });
}

function addressOf({ address, port, family }: AddressInfo): string {
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`;
}
