import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type Logger } from '#libs/runtime';
import { problemDocument, retryAfterOf } from '../../problems/problem-document.js';
import { problemOf } from '../../problems/problem-of.js';

/** Every error of HTTP leaves as problem+json, and nothing of its inside with it. */
@Catch()
export class ProblemFilter implements ExceptionFilter {
  readonly #log: Logger;

  constructor(log: Logger) {
    this.#log = log;
  }

  catch(error: unknown, host: ArgumentsHost): void {
    // GraphQL tells its errors itself, see `graphql/format-error.ts`.
    if ((host.getType() as string) === 'graphql') throw error;
    const http = host.switchToHttp();
    answerProblem(this.#log, error, http.getRequest(), http.getResponse());
  }
}

export function answerProblem(
  log: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): void {
  const problem = problemOf(error, statusOf(error));
  if (problem.status >= 500)
    log.error({ err: error, requestId: request.id, route: request.url }, 'a request failed');
  if (reply.sent) return;
  const retryAfter = retryAfterOf(problem);
  if (retryAfter !== undefined) reply.header('retry-after', retryAfter);
  reply
    .status(problem.status)
    .header('cache-control', 'no-store')
    .header('content-type', 'application/problem+json')
    // As bytes: to a text Fastify would add a charset, which this media type does not have.
    .send(Buffer.from(JSON.stringify(problemDocument(problem, request.id))));
}

/** What Nest or Fastify made of it; both have errors of their own. */
function statusOf(error: unknown): number | undefined {
  if (error instanceof HttpException) return error.getStatus();
  const { name, statusCode } = (error ?? {}) as { name?: unknown; statusCode?: unknown };
  return name === 'FastifyError' && typeof statusCode === 'number' ? statusCode : undefined;
}
