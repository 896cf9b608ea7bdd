import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiResponse } from '@nestjs/swagger';
import { type z } from 'zod';

export interface Documented {
  readonly status: number;
  readonly says: string;
  readonly is?: z.ZodType;
  /** It changes something, and takes an Idempotency-Key. */
  readonly idempotent?: boolean;
  readonly ifMatch?: boolean;
  readonly etag?: boolean;
  /** A limit may have no room for it. */
  readonly rateLimited?: boolean;
}

const retryAfter = { 'Retry-After': text('Seconds.') };
const problemContent = {
  'application/problem+json': { schema: { $ref: '#/components/schemas/Problem' } },
};

/** What a route answers, also in OpenAPI: the good case, and problem+json for everything else. */
export function Answers({ status, says, is, idempotent, ifMatch, etag, rateLimited }: Documented) {
  const answer = is === undefined ? {} : { standardSchema: is };
  const headers = {
    ...(idempotent ? { 'Carillon-Position': text('Where in the log the effect stands.') } : {}),
    ...(etag || ifMatch ? { ETag: text('For `If-Match`.') } : {}),
  };
  return applyDecorators(
    HttpCode(status),
    ApiOperation({ summary: says }),
    ApiResponse({ status, description: says, headers, ...answer }),
    ApiResponse({
      status: '4XX',
      description: 'Nothing was done; `errors` names each field at fault.',
      content: problemContent,
    }),
    ...(rateLimited
      ? [
          ApiResponse({
            status: 429,
            description: '`rate-limited`: beyond a rate that lets nothing wait. Nothing was done.',
            headers: retryAfter,
            content: problemContent,
          }),
        ]
      : []),
    ApiResponse({
      status: 503,
      headers: retryAfter,
      description: 'A part does not answer; safe to send again with the same Idempotency-Key.',
      content: problemContent,
    }),
    ...(idempotent
      ? [header('Idempotency-Key', 'The same key means the same command, however often it comes.')]
      : []),
    ...(ifMatch ? [header('If-Match', 'The ETag the change is based on; else 412.')] : []),
  );
}

function header(name: string, description: string) {
  return ApiHeader({ name, description, required: false, schema: { type: 'string' } });
}

function text(description: string) {
  return { description, schema: { type: 'string' as const } };
}
