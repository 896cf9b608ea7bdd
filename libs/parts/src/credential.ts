import { randomBytes } from 'node:crypto';
import { chmodSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const BITS = 256;
const KNOWN = /^[A-Za-z0-9_-]{43}$/;
const FOLDER = 'credentials';
const PRIVATE_FILE = 0o600;
const PRIVATE_FOLDER = 0o700;

/** Of letters that need no escape in an address, a configuration or a statement. */
export function newPassword(): string {
  return randomBytes(BITS / 8).toString('base64url');
}

/**
 * The password of a server that is run on a data folder: made at its first start, and kept in a file
 * that only its owner can read. One that was lost is replaced; the servers are told at their start.
 */
export function credentialIn(dataFolder: string, name: 'nats' | 'postgres'): string {
  const folder = join(dataFolder, FOLDER);
  mkdirSync(folder, { recursive: true, mode: PRIVATE_FOLDER });
  chmodSync(folder, PRIVATE_FOLDER);
  const file = join(folder, name);
  const known = read(file);
  if (known !== undefined) {
    chmodSync(file, PRIVATE_FILE);
    return known;
  }
  const password = newPassword();
  writePrivate(file, `${password}\n`);
  return password;
}

/** Whole or not at all, and never readable by others, whoever could read the file of before. */
export function writePrivate(
  file: string,
  text: string,
  prepare: (file: string) => void = () => {},
): void {
  const arriving = `${file}.new`;
  rmSync(arriving, { force: true });
  writeFileSync(arriving, text, { mode: PRIVATE_FILE, flag: 'wx', flush: true });
  prepare(arriving);
  renameSync(arriving, file);
}

function read(file: string): string | undefined {
  try {
    const text = readFileSync(file, 'utf8').trim();
    return KNOWN.test(text) ? text : undefined;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined;
    throw error;
  }
}
