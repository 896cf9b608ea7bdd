import { type ApolloServerPlugin } from '@apollo/server';
import { ApolloDriver, type ApolloDriverConfig } from '@nestjs/apollo';
import { type FastifyRequest } from 'fastify';
import { type Logger } from '#libs/runtime';
import { readIdempotencyKey } from '../../commands/command-id.js';
import { type GatewayParts } from '../../gateway-parts.js';
import { GRAPHQL_TOKENS_MAX } from '../../limits.js';
import { problemOf } from '../../problems/problem-of.js';
import { type OperationContext, operationContext } from '../context.js';
import { costRefusal, documentRules } from './document-limits.js';
import { formatError } from './format-error.js';

/** GraphQL over HTTP. Subscriptions are served by `socket.ts`. */
export function apolloOptions({ db, clock, log }: GatewayParts): ApolloDriverConfig {
  return {
    driver: ApolloDriver,
    path: '/graphql',
    autoSchemaFile: true,
    sortSchema: true,
    graphiql: false,
    introspection: true,
    csrfPrevention: true,
    includeStacktraceInErrorResponses: false,
    hideSchemaDetailsFromClientErrors: true,
    persistedQueries: false,
    stopOnTerminationSignals: false,
    stopOnApplicationShutdown: true,
    parseOptions: { maxTokens: GRAPHQL_TOKENS_MAX },
    validationRules: [...documentRules],
    plugins: [costLimit, failuresTo(log)],
    autoTransformHttpErrors: false,
    formatError,
    context: (request: FastifyRequest) =>
      operationContext(
        { db, clock },
        {
          ip: request.ip,
          requestId: request.id,
          idempotencyKey: readIdempotencyKey(request.headers['idempotency-key']),
        },
      ),
  };
}

const costLimit: ApolloServerPlugin = {
  requestDidStart: async () => ({
    didResolveOperation: async ({ schema, document, request }) => {
      const refusal = costRefusal({
        schema,
        document,
        variables: request.variables ?? {},
        operationName: request.operationName ?? undefined,
      });
      if (refusal) throw refusal;
    },
  }),
};

/** What is masked in the answer is in the log, under the id of the request. */
function failuresTo(log: Logger): ApolloServerPlugin<OperationContext> {
  return {
    requestDidStart: async () => ({
      didEncounterErrors: async ({ errors, contextValue }) => {
        for (const error of errors) {
          const cause = error.originalError;
          if (cause === undefined || problemOf(cause).status < 500) continue;
          log.error({ err: cause, requestId: contextValue?.requestId }, 'an operation failed');
        }
      },
    }),
  };
}
