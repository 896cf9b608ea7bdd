import { Repository, RepositoryFile } from './repository.ts';
import type { Rule } from './rule.ts';

/** A repository made of what a spec says. */
export function repositoryOf(files: Readonly<Record<string, string>>): Repository {
  return new Repository(
    Object.entries(files).map(([path, text]) => new RepositoryFile(path, () => text)),
  );
}

/** Where a rule finds fault, as `path:line`. */
export function faults(rule: Rule, files: Readonly<Record<string, string>>): string[] {
  return [...rule.check(repositoryOf(files))].map(({ path, line }) => `${path}:${line}`);
}
