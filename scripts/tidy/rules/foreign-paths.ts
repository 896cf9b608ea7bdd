import type { Rule } from '../rule.ts';

/** Brackets keep these patterns from finding themselves. */
const TRACES: readonly (readonly [RegExp, string])[] = [
  [/(?:^|[\s"'`(=:])[/](?:work|root|Users|home)[/][\w.-]+/, 'a path of one machine'],
  [/[A-Z]:\\Users\\/, 'a path of one machine'],
  [/https?:[/][/][^\s"'`)]*(?:registry|artifactory|verdaccio|nexus)[^\s"'`)]*/i, 'a registry host'],
  [/\bregistry[.][a-z0-9-]+[.][a-z]{2,}/i, 'a registry host'],
  [/^\s*"resolved":\s*"/, 'a registry host (omit-lockfile-registry-resolved)'],
  [/_auth(?:Token)?\s*=/, 'a credential of a registry'],
];

/** What is true of one machine alone breaks on all others, and tells strangers about it. */
export const foreignPaths: Rule = {
  name: 'foreign-paths',
  *check({ files }) {
    for (const { path, lines } of files)
      for (const [at, line] of lines.entries()) {
        const what = TRACES.find(([pattern]) => pattern.test(line))?.[1];
        if (what)
          yield { path, line: at + 1, remedy: `${what}: write it relative, or as a setting` };
      }
  },
};
