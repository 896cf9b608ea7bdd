import { JSON_DEPTH_MAX } from '../limits.js';

/**
 * What a JSON text may be, beyond what the grammar says. Postgres refuses NUL and lone surrogates
 * in jsonb, a very deep value overflows every recursive walk after the parser, and `__proto__`
 * has no business in data. All of it is refused here, with its place, before anything
 * is sent anywhere.
 */
export interface JsonFault {
  /** JSON pointer. */
  readonly path: string;
  readonly code: 'nul-character' | 'lone-surrogate' | 'forbidden-key' | 'too-deep';
  readonly message: string;
}

const OPENING = new Set([0x5b, 0x7b]); // [ {
const CLOSING = new Set([0x5d, 0x7d]); // ] }
const QUOTE = 0x22;
const BACKSLASH = 0x5c;

/** Whether a JSON text nests deeper than allowed; one pass over its bytes, without parsing it. */
export function nestsTooDeep(bytes: Uint8Array, depthMax = JSON_DEPTH_MAX): boolean {
  let depth = 0;
  let inString = false;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i] as number;
    if (inString) {
      if (byte === BACKSLASH) i++;
      else if (byte === QUOTE) inString = false;
    } else if (byte === QUOTE) inString = true;
    else if (OPENING.has(byte)) {
      if (++depth > depthMax) return true;
    } else if (CLOSING.has(byte)) depth--;
  }
  return false;
}

const FORBIDDEN_KEYS = new Set(['__proto__']);

/** The first thing in a parsed value that may not be there. */
export function findJsonFault(value: unknown, path = '', depth = 0): JsonFault | undefined {
  if (typeof value === 'string') return textFault(value, path);
  if (typeof value !== 'object' || value === null) return undefined;
  if (depth >= JSON_DEPTH_MAX)
    return { path, code: 'too-deep', message: `JSON may nest ${JSON_DEPTH_MAX} levels deep.` };
  if (Array.isArray(value)) {
    for (let i = 0; i < value.length; i++) {
      const fault = findJsonFault(value[i], `${path}/${i}`, depth + 1);
      if (fault !== undefined) return fault;
    }
    return undefined;
  }
  for (const key of Object.keys(value)) {
    const at = `${path}/${escapePointer(key)}`;
    if (FORBIDDEN_KEYS.has(key))
      return { path: at, code: 'forbidden-key', message: `A key may not be called \`${key}\`.` };
    const fault =
      textFault(key, at) ?? findJsonFault((value as Record<string, unknown>)[key], at, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

function textFault(text: string, path: string): JsonFault | undefined {
  if (text.includes('\u0000'))
    return { path, code: 'nul-character', message: 'Text may not hold the character U+0000.' };
  if (!text.isWellFormed())
    return { path, code: 'lone-surrogate', message: 'Text may not hold half a surrogate pair.' };
  return undefined;
}

/** One reference token of a JSON pointer (RFC 6901). */
export function escapePointer(token: string): string {
  return token.toWellFormed().replaceAll('~', '~0').replaceAll('/', '~1');
}
