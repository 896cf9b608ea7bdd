import { createParamDecorator, type ExecutionContext } from '@nestjs/common';
import { type FastifyRequest } from 'fastify';
import { SUBJECT_TOKEN } from '#libs/contracts';
import { type By } from '../change-task.js';
import { readIdempotencyKey } from '../command-id.js';
import { callerFrom } from '../identity.js';
import { invalid, type RequestProblem } from '../problem.js';

/** Who asks, and by which Idempotency-Key. */
export const AskedBy = createParamDecorator((_data: unknown, context: ExecutionContext): By => {
  const request = context.switchToHttp().getRequest<FastifyRequest>();
  const idempotencyKey = readIdempotencyKey(request.headers['idempotency-key']);
  return {
    caller: callerFrom(request.ip),
    ...(idempotencyKey === undefined ? {} : { idempotencyKey }),
  };
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

export function etagOf(position: number): string {
  return `"${position}"`;
}

/** An id that can't be one of ours is as unknown as any other. */
export function idOr(unknown: (id: string) => RequestProblem, id: string): string {
  if (!SUBJECT_TOKEN.test(id)) throw unknown(id);
  return id;
}

/** A number in an address. */
export function versionOr(unknown: RequestProblem, text: string): number {
  if (!/^\d{1,9}$/.test(text)) throw unknown;
  return Number(text);
}
