import { randomUUID } from 'node:crypto';
import { v5 as uuidv5 } from 'uuid';
import { invalid } from '../problems/problem.js';

/** A random UUID, fixed for ever: an Idempotency-Key means the same command after every upgrade. */
const NAMESPACE = 'a3f8f4a4-44a5-4f5e-9a54-1c8d0f6f0b3e';

const KEY = /^[\x21-\x7e](?:[\x20-\x7e]{0,253}[\x21-\x7e])?$/;

/**
 * The id of a command. With a key of the caller it derives from account and key, so that a request
 * that is sent twice is one command; without one it is new.
 */
export function commandIdOf(account: string, key: string | undefined): string {
  return key === undefined ? randomUUID() : uuidv5(`${account}:${key}`, NAMESPACE);
}

/** The commands of a bulk request derive from its own. */
export function partOfCommand(commandId: string, part: string): string {
  return uuidv5(`${commandId}:${part}`, NAMESPACE);
}

export function readIdempotencyKey(header: unknown): string | undefined {
  if (header === undefined) return undefined;
  if (typeof header === 'string' && KEY.test(header)) return header;
  throw invalid([
    {
      in: 'header',
      path: '/idempotency-key',
      code: 'bad-format',
      message: 'An Idempotency-Key has 1 to 255 printable ASCII characters.',
      remedy: 'Use a UUID.',
    },
  ]);
}
