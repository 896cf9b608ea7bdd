import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { type StreamName, SUBJECT_TOKEN } from '#libs/contracts';
import { type By } from '../commands/carry-out.js';
import { readIdempotencyKey } from '../commands/command-id.js';
import { callerFrom } from '../identity.js';
import { invalid, type RequestProblem } from '../problems/problem.js';
import { type Unknown } from '../problems/unknown.js';

/** One call of the API: who makes it, by which Idempotency-Key, and the answer's head. */
export interface ApiCall {
  readonly by: By;
  readonly account: string;
  readonly reply: FastifyReply;
}

export const Call = createParamDecorator((_data: unknown, context: ExecutionContext): ApiCall => {
  const http = context.switchToHttp();
  const request = http.getRequest<FastifyRequest>();
  const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
  const caller = callerFrom(request.ip);
  const by = { caller, ...(idempotencyKey === undefined ? {} : { idempotencyKey }) };
  return { by, account: caller.account, reply: http.getResponse() };
});

const ETAG = /^(?:W\/)?"(\d{1,15})"$/;

/** The position of `If-Match`; undefined when anything will do. */
export const IfMatch = createParamDecorator((_data: unknown, context: ExecutionContext) => {
  const header = context.switchToHttp().getRequest<FastifyRequest>().headers['if-match'];
  if (header === undefined || header === '*') return undefined;
  const position = ETAG.exec(header)?.[1];
  if (position !== undefined) return Number(position);
  throw invalid([
    {
      in: 'header',
      path: '/if-match',
      code: 'bad-format',
      message: 'It is not an ETag that was given out here.',
      remedy: 'Use the ETag of the task as you read it.',
    },
  ]);
});

/** For the next `If-Match`. */
export function tellEtag({ reply }: ApiCall, position: number): void {
  reply.header('etag', `"${position}"`);
}

/** Where in the log the effect of a command stands. */
export function tellPosition({ reply }: ApiCall, stream: StreamName, seq: number): void {
  reply.header('carillon-position', `${stream}/${seq}`);
}

/** Where what was made can be read. */
export function tellLocation({ reply }: ApiCall, collection: string, id: string): void {
  reply.header('location', `/api/scheduler/${collection}/${id}`);
}

/** An id that can't be one of ours is as unknown as any other. */
export function idOr(unknown: Unknown, id: string): string {
  if (!SUBJECT_TOKEN.test(id)) throw unknown(id);
  return id;
}

/** A number in an address. */
export function versionOr(unknown: RequestProblem, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw unknown;
  return Number(text);
}
