// Records the golden logs of this version: `npm run golden`. They are what later builds are held to,
// so this is done once a release, deliberately, and never in CI.
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, isBuildStale } from '../build/build.ts';

const AGAIN = '--again';
/** Only the fingerprint of the fold; the logs stay as they are. */
const FOLD = '--fold';
const root = fileURLToPath(new URL('../..', import.meta.url));
const { version } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'));
const golden = join(root, 'libs/domain/src/golden');
const folder = join(golden, version);
const foldFile = join(root, 'libs/domain/src/dispatch/snapshot/fold.json');
const isFoldOnly = process.argv.includes(FOLD);

if (process.env['CI']) refuse('Golden logs are not recorded in CI.');
if (existsSync(folder) && !isFoldOnly && !process.argv.includes(AGAIN))
  refuse(
    `Version ${version} has its golden logs. Until it is released, ${AGAIN} records them anew; afterwards they stay.`,
  );
if (isBuildStale(root)) await build(root);
// Only now, for they import what was just built.
const { histories } = await import('./histories.ts');
const { readable } = await import('./readable.ts');
const { foldOnDisk, whyNotFold, writeFold } = await import('./fold.ts');

// The logs of before are what tells whether the fold has changed.
const why = whyNotFold(foldFile, foldOnDisk(golden));
if (why !== '') refuse(why);
if (!isFoldOnly) recordLogs();
writeFold(foldFile, foldOnDisk(golden));
process.stdout.write(`${relative(root, foldFile)}\n`);

function recordLogs(): void {
  mkdirSync(folder, { recursive: true });
  for (const [name, record] of Object.entries(histories)) {
    const file = join(folder, `${name}.json`);
    writeFileSync(file, `${JSON.stringify(readable(name, record()), undefined, 1)}\n`);
    process.stdout.write(`${relative(root, file)}\n`);
  }
}

function refuse(why: string): never {
  process.stderr.write(`${why}\n`);
  process.exit(1);
}
