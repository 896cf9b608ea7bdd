import { type FastifyInstance, type FastifyRequest } from 'fastify';
import { BODY_MAX_BYTES, JSON_DEPTH_MAX } from '../../limits.js';
import { findJsonFault, nestsTooDeep } from '../../problems/check-json.js';
import { invalid, RequestProblem } from '../../problems/problem.js';
import { icsImportOf } from '../calendar-text.js';

const utf8 = new TextDecoder('utf-8', { fatal: true });

/** A body is JSON, or a calendar that is imported; any other media type is answered with 415. */
export function readBodies(instance: FastifyInstance): void {
  instance.removeAllContentTypeParsers();
  instance.addContentTypeParser(
    /^application\/(?:[\w.+-]+\+)?json(?:\s*;|$)/i,
    { parseAs: 'buffer', bodyLimit: BODY_MAX_BYTES },
    async (_request: unknown, body: Buffer) => parseBody(body),
  );
  instance.addContentTypeParser(
    /^text\/calendar(?:\s*;|$)/i,
    { parseAs: 'buffer', bodyLimit: BODY_MAX_BYTES },
    async (request: FastifyRequest, body: Buffer) => icsImportOf(request, body),
  );
}

/** Throws the problem that the body is. Nesting is measured before anything is parsed. */
export function parseBody(body: Uint8Array): unknown {
  if (body.length === 0) return undefined;
  if (nestsTooDeep(body))
    throw invalid([
      {
        path: '',
        code: 'too-deep',
        message: `JSON may nest ${JSON_DEPTH_MAX} levels deep.`,
        remedy: 'Make it flatter.',
      },
    ]);
  const value = parseJson(body);
  const fault = findJsonFault(value);
  if (fault !== undefined) throw invalid([{ ...fault, remedy: 'Take it out.' }]);
  return value;
}

function parseJson(body: Uint8Array): unknown {
  let text: string;
  try {
    text = utf8.decode(body);
  } catch {
    throw new RequestProblem('invalid-json', 'The body is not UTF-8.');
  }
  try {
    return JSON.parse(text);
  } catch (error) {
    // The parser's own words quote the body; of them only the place is told.
    const place = /position (\d+)/.exec((error as Error).message)?.[1];
    throw new RequestProblem(
      'invalid-json',
      place === undefined
        ? 'The body is not JSON: it ends too early, or is empty.'
        : `The body is not JSON: character ${place} does not belong there.`,
    );
  }
}

/** A query string as plain keys; one that is given several times is a list. */
export function readQuery(text: string): Record<string, unknown> {
  const values = new Map<string, string | string[]>();
  for (const [key, value] of new URLSearchParams(text)) {
    const before = values.get(key);
    values.set(key, before === undefined ? value : [before, value].flat());
  }
  return Object.fromEntries(values);
}
