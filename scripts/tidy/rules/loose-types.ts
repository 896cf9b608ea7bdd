import ts from 'typescript';
import { type Exceptions, type Rule, staleExceptions } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

/** Files in which a type can't be had, each with its reason. */
const LISTED: Exceptions = {};

const SILENCERS = /@ts-(ignore|nocheck)\b/;

/** `any` switches the compiler off for everything that it touches. */
export const looseTypes: Rule = {
  name: 'loose-types',
  *check(repository) {
    yield* staleExceptions(repository, LISTED, 'scripts/tidy/rules/loose-types.ts');
    for (const file of repository.code) {
      if (file.path in LISTED) continue;
      const { path } = file;
      for (const node of nodesOf(file.tree))
        if (node.kind === ts.SyntaxKind.AnyKeyword)
          yield { path, line: file.lineOf(node), remedy: 'say the type, or take unknown' };
      for (const [at, line] of file.lines.entries())
        if (/^\s*(\/\/|\/?\*)/.test(line) && SILENCERS.test(line))
          yield { path, line: at + 1, remedy: 'use @ts-expect-error, which ends with its cause' };
    }
  },
};
