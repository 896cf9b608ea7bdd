import { edgesOf } from '../imports.ts';
import { isSpec, type Repository } from '../repository.ts';
import type { Rule } from '../rule.ts';

/** Files that a tool or a process starts with. */
const ENTRIES = [
  /(^|\/)main\.tsx?$/,
  /^libs\/[^/]+\/src\/index\.ts$/,
  /\.(config|conf)\.[mc]?[jt]s$/,
  /^[^/]+$/,
  /^scripts\/[^/]+$/,
  /\.d\.ts$/,
  /^services\/admin\/(public|test)\//,
];

/** Code that nobody imports or starts is a riddle to whoever reads it next. */
export const deadFiles: Rule = {
  name: 'dead-files',
  *check(repository) {
    const imported = new Set<string>();
    for (const { to } of edgesOf(repository)) if (to) imported.add(to).add(`${to}x`);
    for (const { path } of repository.code) {
      if (isSpec(path) || imported.has(path) || ENTRIES.some((entry) => entry.test(path))) continue;
      if (isNamedElsewhere(repository, path)) continue;
      yield { path, line: 1, remedy: 'nobody imports it: use it or delete it' };
    }
  },
};

/** Children, workers and fixtures are started by path. */
function isNamedElsewhere({ code, files }: Repository, path: string): boolean {
  const name = path.slice(path.lastIndexOf('/') + 1).replace(/\.[mc]?[jt]sx?$/, '');
  const written = new RegExp(`[/'"\`]${name}\\.[mc]?[jt]sx?\\b`);
  const settings = files.filter((file) => /^[^/]+\.(json|mjs)$|\.html$/.test(file.path));
  return [...code, ...settings].some((file) => file.path !== path && written.test(file.text));
}
