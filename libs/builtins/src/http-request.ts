import { z } from 'zod';
import { BUILTIN_LIMITS as L } from './limits.js';
import { parseStatusRange, type StatusRange } from './status-range.js';

/** The client writes these itself; a second opinion would break the request's framing. */
const RESERVED_HEADERS = new Set([
  'connection',
  'content-length',
  'expect',
  'host',
  'keep-alive',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
]);
const HEADER_NAME = /^[!#$%&'*+.^_`|~0-9A-Za-z-]+$/;
const HEADER_VALUE = /^[\t\x20-\x7e\x80-\xff]*$/;
const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;
const BODYLESS: ReadonlySet<string> = new Set(['GET', 'HEAD']);

const templated = (text: string) => text.includes('{{');
const isHttpUrl = (text: string) => {
  const url = URL.parse(text);
  return url !== null && (url.protocol === 'http:' || url.protocol === 'https:');
};

const status = z
  .union([z.number(), z.string()])
  .refine((written) => parseStatusRange(written) !== undefined, {
    error: 'not a status such as 204, "2xx" or "200-299"',
  });

/** Parameters of `http.request` as a task has them; templates may stand in every text. */
export const HttpRequestSchema = z
  .strictObject({
    url: z
      .string()
      .min(1)
      .max(L.urlChars)
      .refine((text) => templated(text) || isHttpUrl(text), {
        error: 'not a whole http:// or https:// address',
      }),
    method: z
      .string()
      .transform((text) => text.toUpperCase())
      .pipe(z.enum(METHODS))
      .default('GET'),
    headers: z
      .record(
        z
          .string()
          .max(L.headerNameChars)
          .regex(HEADER_NAME, { error: 'not a name of a header' })
          .refine((name) => !RESERVED_HEADERS.has(name.toLowerCase()), {
            error: 'a header that is written by the client itself',
          }),
        z
          .string()
          .max(L.headerValueChars)
          .regex(HEADER_VALUE, { error: 'line breaks and letters beyond Latin-1 are not allowed' }),
      )
      .refine((all) => Object.keys(all).length <= L.headers, { error: `more than ${L.headers}` })
      .default({}),
    /** Text is sent as it is, an object or array as JSON. */
    body: z
      .union([z.string(), z.record(z.string(), z.unknown()), z.array(z.unknown())])
      .refine((body) => textOf(body).length <= L.bodyChars, {
        error: `more than ${L.bodyChars} characters`,
      })
      .optional(),
    expectedStatus: z
      .union([status, z.array(status).min(1).max(L.expectedStatuses)])
      .default('2xx'),
    followRedirects: z.boolean().default(true),
  })
  .refine((it) => it.body === undefined || !BODYLESS.has(it.method), {
    path: ['body'],
    error: 'a GET or HEAD request has no body',
  });

export interface HttpRequest {
  readonly url: string;
  readonly method: (typeof METHODS)[number];
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | undefined;
  readonly expected: readonly StatusRange[];
  readonly followRedirects: boolean;
}

/** The request as it is sent. */
export function requestOf(parsed: z.output<typeof HttpRequestSchema>): HttpRequest {
  const asked = parsed.expectedStatus;
  const { body } = parsed;
  const named = Object.keys(parsed.headers).some((name) => name.toLowerCase() === 'content-type');
  return {
    url: parsed.url,
    method: parsed.method,
    headers:
      body === undefined || typeof body === 'string' || named
        ? parsed.headers
        : { ...parsed.headers, 'content-type': 'application/json' },
    body: body === undefined ? undefined : textOf(body),
    expected: (Array.isArray(asked) ? asked : [asked]).flatMap((one) => {
      const range = parseStatusRange(one);
      return range ? [range] : [];
    }),
    followRedirects: parsed.followRedirects,
  };
}

const textOf = (body: unknown): string => (typeof body === 'string' ? body : JSON.stringify(body));
