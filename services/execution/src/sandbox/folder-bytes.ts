import { lstat, opendir } from 'node:fs/promises';
import { join } from 'node:path';

/** Files looked at; a folder with more is as large as these. */
const FILES_MAX = 5_000;
const BLOCK_BYTES = 512;

/** What the files below a folder take. Files come and go meanwhile; what is gone counts nothing. */
export async function folderBytes(folder: string): Promise<number> {
  let bytes = 0;
  let files = 0;
  const folders = [folder];
  for (let next = folders.pop(); next !== undefined && files < FILES_MAX; next = folders.pop()) {
    try {
      for await (const entry of await opendir(next)) {
        if (++files > FILES_MAX) break;
        const path = join(next, entry.name);
        if (entry.isDirectory()) folders.push(path);
        else if (entry.isFile()) bytes += (await lstat(path)).blocks * BLOCK_BYTES;
      }
    } catch {
      // Gone while we looked.
    }
  }
  return bytes;
}
