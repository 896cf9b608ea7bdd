// The rules of the repository, as tests of it: one line for each breach, `file:line rule: remedy`.
// `node scripts/tidy/main.ts [rule ...]`
import { fileURLToPath } from 'node:url';
import { readRepository } from './repository.ts';
import { rules } from './rules.ts';

const asked = process.argv.slice(2);
const unknown = asked.find((name) => !rules.some((rule) => rule.name === name));
if (unknown) {
  process.stderr.write(
    `There is no rule ${unknown}: ${rules.map(({ name }) => name).join(', ')}\n`,
  );
  process.exit(1);
}

const repository = readRepository(fileURLToPath(new URL('../..', import.meta.url)));
for (const rule of rules) {
  if (asked.length > 0 && !asked.includes(rule.name)) continue;
  for (const { path, line, remedy, isWarning } of rule.check(repository)) {
    process.stdout.write(
      `${path}:${line} ${rule.name}: ${remedy}${isWarning ? ' (warning)' : ''}\n`,
    );
    if (!isWarning) process.exitCode = 1;
  }
}
