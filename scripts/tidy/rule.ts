import type { Repository } from './repository.ts';

/** One breach of a rule, and how to mend it. */
export interface Violation {
  readonly path: string;
  /** From 1; the file as a whole when there is no better one. */
  readonly line: number;
  readonly remedy: string;
  /** It is told, and fails nothing. */
  readonly isWarning?: boolean;
}

/** A sentence of the design, as a test of the repository. */
export interface Rule {
  readonly name: string;
  check(repository: Repository): Iterable<Violation>;
}

/** A file that a rule lets be, and why. */
export type Exceptions = Readonly<Record<string, string>>;

/** Exceptions of files that are gone, so that no list outlives its reasons. */
export function* staleExceptions(
  repository: Repository,
  exceptions: Exceptions,
  listedIn: string,
): Iterable<Violation> {
  if (repository.file(listedIn) === undefined) return;
  for (const path of Object.keys(exceptions))
    if (repository.file(path) === undefined)
      yield { path: listedIn, line: 1, remedy: `${path} is gone: take it off the list` };
}
