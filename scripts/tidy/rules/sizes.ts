import { isSpec, type RepositoryFile } from '../repository.ts';
import type { Rule, Violation } from '../rule.ts';

const LINES_WARN = 300;
const LINES_MAX = 500;
const SPEC_LINES_MAX = 800;

/** What does not fit into one view is two things. */
export const sizes: Rule = {
  name: 'sizes',
  *check({ code }) {
    for (const file of code) {
      const found = tooLong(file);
      if (found) yield found;
    }
  },
};

function tooLong(file: RepositoryFile): Violation | undefined {
  const { path } = file;
  const count = file.lines.length;
  const most = isSpec(path) ? SPEC_LINES_MAX : LINES_MAX;
  if (count > most)
    return { path, line: most, remedy: `${count} lines, at most ${most}: split it by duty` };
  if (count > LINES_WARN && !isSpec(path))
    return {
      path,
      line: LINES_WARN,
      remedy: `${count} lines: about to be two files`,
      isWarning: true,
    };
  return undefined;
}
