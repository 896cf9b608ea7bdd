import { readdirSync, renameSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const LIBRARY = 'faketime/libfaketimeMT.so.1';

/** Debian's libfaketime, where it is installed (`apt-get install faketime`). */
export function findFakeTime(): string | undefined {
  for (const folder of folders('/usr/lib'))
    if (folders(join(folder, 'faketime')).some((file) => file.endsWith('libfaketimeMT.so.1')))
      return join(folder, LIBRARY);
  return undefined;
}

function folders(path: string): string[] {
  try {
    return readdirSync(path).map((name) => join(path, name));
  } catch {
    return [];
  }
}

/** The wall clock of one process, to be moved while it runs; its monotonic clock stays as it is. */
export class FakeTime {
  readonly env: NodeJS.ProcessEnv;
  readonly #file: string;

  constructor(library: string, file: string) {
    this.#file = file;
    this.set('+0');
    this.env = {
      LD_PRELOAD: library,
      FAKETIME_TIMESTAMP_FILE: file,
      FAKETIME_NO_CACHE: '1',
      FAKETIME_DONT_FAKE_MONOTONIC: '1',
    };
  }

  /** In the words of libfaketime: `+3600` is an hour ahead, `+0 x10` ten times as fast. */
  set(words: string): void {
    // At once or not at all: the process reads it whenever it asks for the time.
    writeFileSync(`${this.#file}.new`, `${words}\n`);
    renameSync(`${this.#file}.new`, this.#file);
  }
}
