import type { Clock } from '#libs/clock';
import type { Json } from '#libs/workflow';
import type { Channel } from '../channel.js';
import { JobFailure } from '../job-failure.js';
import { headersOf, sendRequest, withoutSecrets } from '../run-http-request.js';
import type { HttpCallJob } from './workflow-job.js';

/** Of an answer; a line from a child, into which it is written, is not much longer. */
const ANSWER_BYTES_MAX = 128 * 1024;
const ANSWER_JSON_CHARS_MAX = 200 * 1024;

export const ANSWER = 'answer';

/** Sends the request once, and tells the answer whatever its status. */
export async function callHttp(
  { call, idempotencyKey }: HttpCallJob,
  { channel, signal }: { channel: Channel; clock: Clock; signal: AbortSignal },
): Promise<void> {
  const { method, uri, authentication, isRaw } = call;
  const headers: Record<string, string> = { ...call.headers };
  const has = (name: string) => Object.keys(headers).some((key) => key.toLowerCase() === name);
  if (authentication && !has('authorization'))
    headers['authorization'] =
      'basic' in authentication
        ? `Basic ${Buffer.from(`${authentication.basic.username}:${authentication.basic.password}`).toString('base64')}`
        : `Bearer ${authentication.bearer.token}`;
  const { body } = call;
  const hasBody = body !== undefined && body !== null;
  if (hasBody && typeof body !== 'string' && !has('content-type'))
    headers['content-type'] = 'application/json';
  const request = {
    url: uri,
    method,
    headers,
    body: hasBody ? (typeof body === 'string' ? body : JSON.stringify(body)) : undefined,
    followRedirects: call.followRedirects,
  };
  const { answer, bytes } = await sendRequest(
    { request, idempotencyKey },
    signal,
    ANSWER_BYTES_MAX,
  );
  const value = {
    request: { method, uri: withoutSecrets(uri), headers: {} },
    statusCode: answer.status,
    headers: headersOf(answer),
    content: contentOf(bytes, answer.headers.get('content-type') ?? '', isRaw),
  };
  if (bytes.length > ANSWER_BYTES_MAX || JSON.stringify(value).length > ANSWER_JSON_CHARS_MAX)
    throw new JobFailure(
      'ANSWER_TOO_LARGE',
      `The answer has more than ${ANSWER_BYTES_MAX} bytes. Ask for less of it at a time.`,
      { final: true },
    );
  channel.send({ type: 'output', name: ANSWER, value });
}

/** JSON where it says so, text where it is some, and base64 otherwise. */
function contentOf(bytes: Buffer, type: string, isRaw: boolean): Json {
  if (isRaw) return bytes.toString('base64');
  if (bytes.length === 0) return null;
  const text = bytes.toString('utf8');
  if (/[/+]json\b/i.test(type)) {
    try {
      return JSON.parse(text) as Json;
    } catch {
      return text;
    }
  }
  return Buffer.compare(Buffer.from(text, 'utf8'), bytes) === 0 ? text : bytes.toString('base64');
}
