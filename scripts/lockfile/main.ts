// Lists platform packages that the lockfile lacks. npm leaves out an optional package that a lagging
// registry does not have yet, without a word, and from then on every `npm ci` fails with EUSAGE. The
// cure is the newest version of the parent whose platform packages are all there.
import { readFileSync } from 'node:fs';

interface Locked {
  readonly version?: string;
  readonly optionalDependencies?: Readonly<Record<string, string>>;
}

const file = process.argv[2] ?? new URL('../../package-lock.json', import.meta.url);
const packages = (JSON.parse(readFileSync(file, 'utf8')) as { packages: Record<string, Locked> })
  .packages;

/** Node looks in the parent's folder, then in each one above it. */
function isLocked(parent: string, name: string): boolean {
  for (let folder = parent; ; folder = folder.slice(0, Math.max(0, upOne(folder)))) {
    if (packages[`${folder ? `${folder}/` : ''}node_modules/${name}`]) return true;
    if (!folder) return false;
  }
}

function upOne(folder: string): number {
  return folder.lastIndexOf('/node_modules/');
}

const missing = Object.entries(packages).flatMap(([parent, locked]) =>
  Object.entries(locked.optionalDependencies ?? {})
    .filter(([name]) => !isLocked(parent, name))
    .map(([name, range]) => `${parent || 'this project'}@${locked.version}: ${name}@${range}`),
);
process.stdout.write(`${[...missing, `${missing.length} missing`].join('\n')}\n`);
if (missing.length > 0) process.exitCode = 1;
