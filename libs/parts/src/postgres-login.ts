import { createHash, createHmac, pbkdf2Sync, randomBytes } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

/** What Postgres takes by default; the password has 256 random bits and needs no more. */
const ITERATIONS = 4_096;
const SALT_BYTES = 16;
const KEY_BYTES = 32;
const FINGERPRINT_CHARS = 32;

/**
 * What Postgres keeps in place of a password (RFC 5802). Made here, so that the password itself is
 * never given to a program of Postgres, whose log might tell it.
 */
export function scramVerifier(password: string): string {
  const salt = randomBytes(SALT_BYTES);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, KEY_BYTES, 'sha256');
  const keyed = (name: string) => createHmac('sha256', salted).update(name).digest();
  const stored = createHash('sha256').update(keyed('Client Key')).digest('base64');
  const server = keyed('Server Key').toString('base64');
  return `SCRAM-SHA-256$${ITERATIONS}:${salt.toString('base64')}$${stored}:${server}`;
}

/**
 * Who is let in: whoever reaches the loopback and knows the password. The line with the fingerprint
 * tells whether the cluster knows this one. No line lets anybody in by a socket.
 */
export function loginRules(password: string): string {
  const fingerprint = createHash('sha256').update(password).digest('hex');
  return [
    '# Written by Carillon at each change of the password.',
    `# password ${fingerprint.slice(0, FINGERPRINT_CHARS)}`,
    'host all all 127.0.0.1/32 scram-sha-256',
    '',
  ].join('\n');
}

export const rulesFile = (data: string) => join(data, 'pg_hba.conf');

export function knowsPassword(data: string, password: string): boolean {
  return readFileSync(rulesFile(data), 'utf8') === loginRules(password);
}
