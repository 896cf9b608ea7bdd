import type { Repository } from '../repository.ts';
import type { Rule, Violation } from '../rule.ts';

const ROOM = /^(libs|services|scripts)\/([^/]+)\//;

/** Each room says on one page what it is for: who comes new reads that first. */
export const readmes: Rule = {
  name: 'readmes',
  *check(repository) {
    const rooms = new Set(
      repository.files.flatMap(({ path }) => ROOM.exec(path)?.[0].slice(0, -1) ?? []),
    );
    for (const room of rooms) {
      if (isDescribed(repository, room)) continue;
      const path = `${room}/README.md`;
      yield { path, line: 1, remedy: `write the page of ${room}` } satisfies Violation;
    }
  },
};

/** By a page of its own; a small room of scripts also by a line of the page above it. */
function isDescribed(repository: Repository, room: string): boolean {
  if (repository.file(`${room}/README.md`)?.text.trim()) return true;
  const [floor, name] = room.split('/');
  if (floor !== 'scripts') return false;
  return repository.file('scripts/README.md')?.text.includes(`\`${name}/\``) ?? false;
}
