import { posix } from 'node:path';
import { type Repository, type RepositoryFile } from './repository.ts';
import { importsOf } from './syntax.ts';

/** One import, by where it leads: a file of the repository, one of our libs, or a package. */
export interface Edge {
  readonly file: RepositoryFile;
  readonly line: number;
  readonly specifier: string;
  /** Path of the file that is meant; undefined for packages. */
  readonly to: string | undefined;
}

export function* edgesOf(repository: Repository): Iterable<Edge> {
  for (const file of repository.code)
    for (const { specifier, node } of importsOf(file.tree))
      yield { file, line: file.lineOf(node), specifier, to: targetOf(file.path, specifier) };
}

const LIB = /^#libs\/([^/]+)$/;

/** Sources are imported by the names that their output will have. */
function targetOf(from: string, specifier: string): string | undefined {
  const lib = LIB.exec(specifier)?.[1];
  if (lib) return `libs/${lib}/src/index.ts`;
  if (!specifier.startsWith('.')) return undefined;
  const path = posix.join(posix.dirname(from), specifier.replace(/\?.*$/, ''));
  return path.replace(/\.js$/, '.ts').replace(/\.jsx$/, '.tsx');
}

/** `@scope/name` or `name` of a specifier such as `@scope/name/part`. */
export function packageOf(specifier: string): string {
  const [first = '', second = ''] = specifier.split('/');
  return first.startsWith('@') ? `${first}/${second}` : first;
}
