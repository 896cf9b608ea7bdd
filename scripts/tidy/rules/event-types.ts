import ts from 'typescript';
import { isSpec, type Repository } from '../repository.ts';
import type { Rule, Violation } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

const REGISTRY = 'libs/contracts/src/registry.ts';
const GOLDEN = /^libs\/domain\/src\/golden\/.*\.json$/;

interface EventType {
  /** Such as `task.v1.TaskCreated`. */
  readonly name: string;
  /** Such as `TaskCreatedSchema`. */
  readonly schema: string;
  readonly line: number;
}

/** A fact that nobody tells is a lie of the registry; one without a golden log may change unseen. */
export const eventTypes: Rule = {
  name: 'event-types',
  *check(repository) {
    const golden = repository.files.filter(({ path }) => GOLDEN.test(path));
    for (const { name, schema, line } of typesIn(repository)) {
      const at = (remedy: string): Violation => ({ path: REGISTRY, line, remedy });
      if (!golden.some(({ text }) => text.includes(`"${name}"`)))
        yield at(`no golden log has a ${name}: extend scripts/record-golden, then npm run golden`);
      if (!isProduced(repository, schema)) yield at(`nobody tells a ${name}: use it or delete it`);
    }
  },
};

/** The entries of the registry's lists, as in `task: [task.TaskCreatedSchema]`. */
function* typesIn(repository: Repository): Iterable<EventType> {
  const file = repository.file(REGISTRY);
  if (!file) return;
  for (const list of nodesOf(file.tree)) {
    if (!ts.isArrayLiteralExpression(list) || !ts.isPropertyAssignment(list.parent)) continue;
    for (const entry of list.elements) {
      if (!ts.isPropertyAccessExpression(entry) || !ts.isIdentifier(entry.expression)) continue;
      const schema = entry.name.text;
      const name = `${entry.expression.text}.v1.${schema.replace(/Schema$/, '')}`;
      yield { name, schema, line: file.lineOf(entry) };
    }
  }
}

function isProduced({ code }: Repository, schema: string): boolean {
  const made = new RegExp(`create\\(\\s*(\\w+\\.)?${schema}\\b`);
  return code.some(
    ({ path, text }) => /^(libs|services)\//.test(path) && !isSpec(path) && made.test(text),
  );
}
