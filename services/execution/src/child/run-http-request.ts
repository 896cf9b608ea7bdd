import type { Clock } from '#libs/clock';
import type { Channel } from './channel.js';
import { JobFailure } from './job-failure.js';
import type { Job } from './protocol.js';

/** Of the answer's body, kept in the output. */
const BODY_BYTES_MAX = 32 * 1024;
const HEADERS_MAX = 64;
const HEADER_CHARS_MAX = 1_024;

/** Statuses of which the next try may be rid: the server was busy, late or broken. */
const PASSING_STATUS = new Set([408, 425, 429]);

export interface HttpRunDeps {
  readonly channel: Channel;
  readonly clock: Clock;
  readonly signal: AbortSignal;
}

type HttpJob = Extract<Job, { kind: 'http.request' }>;

/** Sends the request once. Its answer is the output, whatever the status. */
export async function runHttpRequest(job: HttpJob, deps: HttpRunDeps): Promise<void> {
  const { channel, clock, signal } = deps;
  const { request } = job;
  const shownUrl = withoutSecrets(request.url);
  channel.log('info', `${request.method} ${shownUrl}`);
  const startedAtMs = clock.monotonic();
  const { answer, bytes } = await sendRequest(job, signal, BODY_BYTES_MAX);
  const body = textOf(answer, bytes);
  const tookMs = Math.round(clock.monotonic() - startedAtMs);
  const output = {
    status: answer.status,
    url: withoutSecrets(answer.url),
    headers: headersOf(answer),
    durationMs: tookMs,
    body: body.text,
    bodyTruncated: body.truncated,
  };
  for (const [name, value] of Object.entries(output)) channel.send({ type: 'output', name, value });
  const expected = request.expected.some(
    ([from, to]) => answer.status >= from && answer.status <= to,
  );
  channel.log(expected ? 'info' : 'error', `Answered ${answer.status} in ${tookMs} ms`, {
    status: answer.status,
    durationMs: tookMs,
  });
  if (!expected)
    throw new JobFailure(
      'HTTP_STATUS_UNEXPECTED',
      `${request.method} ${shownUrl} answered ${answer.status}; expected ${request.expected
        .map(([from, to]) => (from === to ? `${from}` : `${from}-${to}`))
        .join(', ')}.`,
      { final: answer.status < 500 && !PASSING_STATUS.has(answer.status) },
    );
}

export interface SentRequest {
  readonly request: {
    readonly url: string;
    readonly method: string;
    readonly headers: Readonly<Record<string, string>>;
    readonly body: string | undefined;
    readonly followRedirects: boolean;
  };
  readonly idempotencyKey: string;
}

/** The answer, and its body as far as one byte beyond what is wanted of it. */
export async function sendRequest(
  sent: SentRequest,
  signal: AbortSignal,
  bytesMax: number,
): Promise<{ answer: Response; bytes: Buffer }> {
  const answer = await send(sent, signal);
  return { answer, bytes: await readBytes(answer, signal, bytesMax) };
}

async function send(
  { request, idempotencyKey }: SentRequest,
  signal: AbortSignal,
): Promise<Response> {
  const headers = new Headers(request.headers);
  // Outside effects are at-least-once, unless the target honours this.
  if (!headers.has('idempotency-key')) headers.set('idempotency-key', idempotencyKey);
  if (!headers.has('user-agent')) headers.set('user-agent', 'carillon');
  try {
    return await fetch(request.url, {
      method: request.method,
      headers,
      redirect: request.followRedirects ? 'follow' : 'manual',
      signal,
      ...(request.body !== undefined && { body: request.body }),
    });
  } catch (error) {
    throw networkFailure(error, signal);
  }
}

async function readBytes(answer: Response, signal: AbortSignal, bytesMax: number): Promise<Buffer> {
  const parts: Uint8Array[] = [];
  let bytes = 0;
  try {
    for await (const part of answer.body ?? []) {
      parts.push(part);
      bytes += part.length;
      // Leaving the loop cancels the rest of the answer.
      if (bytes > bytesMax) break;
    }
  } catch (error) {
    throw networkFailure(error, signal);
  }
  return Buffer.concat(parts);
}

function textOf(answer: Response, whole: Buffer): { text: string; truncated: boolean } {
  const bytes = whole.length;
  const type = answer.headers.get('content-type') ?? '';
  if (whole.length > 0 && !isText(type)) return { text: '', truncated: true };
  // A letter may be cut in two at the end; the decoder would show that as a replacement character.
  return {
    text: new TextDecoder('utf-8').decode(whole.subarray(0, BODY_BYTES_MAX), {
      stream: bytes > BODY_BYTES_MAX,
    }),
    truncated: bytes > BODY_BYTES_MAX,
  };
}

const isText = (type: string) =>
  type === '' || /^text\/|[/+](json|xml|yaml|javascript|x-www-form-urlencoded)\b/i.test(type);

/** Cookies of an answer are secrets of whoever was signed in. */
const HIDDEN_HEADERS = new Set(['set-cookie', 'set-cookie2']);

export function headersOf(answer: Response): Record<string, string> {
  return Object.fromEntries(
    [...answer.headers]
      .filter(([name]) => !HIDDEN_HEADERS.has(name))
      .slice(0, HEADERS_MAX)
      .map(([name, value]) => [name, value.slice(0, HEADER_CHARS_MAX)]),
  );
}

/** Neither user nor password, nor what stands in the query, belongs into a log. */
export function withoutSecrets(text: string): string {
  const url = URL.parse(text);
  if (url === null) return '';
  return `${url.origin}${url.pathname}${url.search === '' ? '' : '?…'}`;
}

const failures: Readonly<Record<string, { code: string; final?: boolean }>> = {
  ENOTFOUND: { code: 'HTTP_HOST_NOT_FOUND' },
  EAI_AGAIN: { code: 'HTTP_HOST_NOT_FOUND' },
  ECONNREFUSED: { code: 'HTTP_CONNECTION_REFUSED' },
  ECONNRESET: { code: 'HTTP_CONNECTION_LOST' },
  EPIPE: { code: 'HTTP_CONNECTION_LOST' },
  UND_ERR_SOCKET: { code: 'HTTP_CONNECTION_LOST' },
  ETIMEDOUT: { code: 'HTTP_TIMED_OUT' },
  UND_ERR_CONNECT_TIMEOUT: { code: 'HTTP_TIMED_OUT' },
  UND_ERR_HEADERS_TIMEOUT: { code: 'HTTP_TIMED_OUT' },
  UND_ERR_BODY_TIMEOUT: { code: 'HTTP_TIMED_OUT' },
  CERT_HAS_EXPIRED: { code: 'HTTP_CERTIFICATE_REFUSED', final: true },
  DEPTH_ZERO_SELF_SIGNED_CERT: { code: 'HTTP_CERTIFICATE_REFUSED', final: true },
  SELF_SIGNED_CERT_IN_CHAIN: { code: 'HTTP_CERTIFICATE_REFUSED', final: true },
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: { code: 'HTTP_CERTIFICATE_REFUSED', final: true },
  ERR_TLS_CERT_ALTNAME_INVALID: { code: 'HTTP_CERTIFICATE_REFUSED', final: true },
};

function networkFailure(error: unknown, signal: AbortSignal): JobFailure {
  if (signal.aborted) return new JobFailure('STOPPED', 'It was stopped.');
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  const code = causeCode(cause);
  const known = failures[code] ?? { code: 'HTTP_FAILED' };
  const said = cause instanceof Error ? cause.message : String(cause);
  return new JobFailure(known.code, code === '' ? said : `${code}: ${said}`, {
    cause: error,
    final: known.final ?? false,
  });
}

/** Node tries every address of a host and reports the failures as one. */
function causeCode(cause: unknown): string {
  if (cause instanceof AggregateError) return causeCode(cause.errors[0]);
  return cause instanceof Error && 'code' in cause ? String(cause.code) : '';
}
