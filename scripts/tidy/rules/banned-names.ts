import { basename } from 'node:path';
import type { Rule, Violation } from '../rule.ts';

/** Names that say nothing, and so gather everything. */
const EMPTY_WORDS = ['common', 'util', 'utils', 'helper', 'helpers', 'shared', 'misc'];
const LAYERS = /\.(service|dto|entity|mapper|handler)\.tsx?$/;
const DOOR = /^libs\/[^/]+\/src\/index\.ts$/;

/** Files are named for what happens in them. */
export const bannedNames: Rule = {
  name: 'banned-names',
  *check({ files }) {
    for (const { path } of files) {
      const remedy = remedyOf(path);
      if (remedy) yield { path, line: 1, remedy } satisfies Violation;
    }
  },
};

function remedyOf(path: string): string | undefined {
  const name = basename(path);
  const word = path
    .split('/')
    .map((part) => part.replace(/\..*$/, '').split('-').at(-1) ?? '')
    .find((last) => EMPTY_WORDS.includes(last));
  if (word) return `"${word}" names no duty: call it by what it does`;
  if (LAYERS.test(name)) return 'name the file for what happens in it, not for its layer';
  if (/^index\.[mc]?[jt]sx?$/.test(name) && !DOOR.test(path))
    return 'only a lib has a door (libs/<name>/src/index.ts): import the file itself';
  return undefined;
}
