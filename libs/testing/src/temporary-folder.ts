import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const PREFIX = 'carillon-test-';
const REMOVE_RETRIES = 5;

export function temporaryFolder(purpose: string): Promise<string> {
  return mkdtemp(join(tmpdir(), `${PREFIX}${purpose}-`));
}

/** A server that was just killed may still be writing its last file. */
export async function removeFolder(folder: string): Promise<void> {
  await rm(folder, { recursive: true, force: true, maxRetries: REMOVE_RETRIES, retryDelay: 100 });
}
