import ts from 'typescript';
import type { RepositoryFile } from '../repository.ts';
import { type Exceptions, type Rule, staleExceptions } from '../rule.ts';
import { memberName, nodesOf } from '../syntax.ts';

const LIB = 'libs/clock/src/';

/** Thin shells that read a clock or arm a timer by themselves, each with its reason. */
const SHELLS: Exceptions = {
  'libs/event-log/src/jetstream-event-log.ts': 'waits between two tries of one append',
  'libs/event-log/src/stall-watch.ts': 'looks after a consumer that has gone quiet',
  'scripts/bench/peers/bullmq.mjs': 'runs without anything of ours',
  'scripts/bench/peers/engine.mjs': 'runs without anything of ours',
  'scripts/bench/peers/graphile-worker.mjs': 'runs without anything of ours',
  'scripts/jest/quiet-reporter.mjs': 'counts from the instant that jest itself took',
  'services/admin/src/clock.ts': "the browser's clock port",
};

const READINGS = ['Date.now', 'Math.random'];
const TIMERS = ['setTimeout', 'setInterval'];
const GLOBALS = ['globalThis', 'window', 'self'];

/** Time and chance are parameters: what reads them by itself can't be replayed, nor tested. */
export const clocks: Rule = {
  name: 'clocks',
  *check(repository) {
    yield* staleExceptions(repository, SHELLS, 'scripts/tidy/rules/clocks.ts');
    for (const file of repository.code) {
      if (file.path.startsWith(LIB) || file.path in SHELLS) continue;
      for (const node of nodesOf(file.tree)) {
        const found = readingIn(node);
        if (found)
          yield {
            path: file.path,
            line: file.lineOf(node),
            remedy: `${found}: take the time from a Clock (#libs/clock), chance from a parameter`,
          };
      }
      yield* timersModule(file);
    }
  },
};

function readingIn(node: ts.Node): string | undefined {
  const member = memberName(node);
  if (member !== undefined) {
    const [owner = '', name = ''] = member.split('.');
    if (READINGS.includes(member)) return member;
    return GLOBALS.includes(owner) && TIMERS.includes(name) ? member : undefined;
  }
  if (ts.isNewExpression(node) && isDate(node.expression) && !node.arguments?.length)
    return 'new Date()';
  if (ts.isCallExpression(node) && isDate(node.expression)) return 'Date()';
  if (ts.isIdentifier(node) && TIMERS.includes(node.text) && isUse(node)) return node.text;
  return undefined;
}

function isDate(node: ts.Expression): boolean {
  return ts.isIdentifier(node) && node.text === 'Date';
}

/** Not the name of somebody's member, as in `jest.setTimeout`, nor of an import or a type. */
function isUse(node: ts.Identifier): boolean {
  const { parent } = node;
  if (ts.isPropertyAccessExpression(parent)) return parent.expression === node;
  return ![ts.isTypeQueryNode, ts.isPropertyAssignment, ts.isImportSpecifier].some((is) =>
    is(parent),
  );
}

function* timersModule(file: RepositoryFile) {
  for (const node of file.tree.statements)
    if (
      ts.isImportDeclaration(node) &&
      ts.isStringLiteral(node.moduleSpecifier) &&
      /^(node:)?timers/.test(node.moduleSpecifier.text)
    )
      yield {
        path: file.path,
        line: file.lineOf(node),
        remedy: 'timers come from a Clock (#libs/clock): sleep or setTimer',
      };
}
