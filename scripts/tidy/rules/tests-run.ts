import ts from 'typescript';
import type { Rule } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

const RUNNERS = ['test', 'it', 'describe'];
const FOCUSED = ['fit', 'fdescribe', 'ftest'];
const SKIPPED = ['xit', 'xtest', 'xdescribe'];
const TWISTS = ['only', 'skip', 'todo', 'failing', 'fixme'];
const TEST_FILE = /\.(spec|test)\.tsx?$/;

/** A test that does not run proves nothing, and a focused one hides all others. */
export const testsRun: Rule = {
  name: 'tests-run',
  *check({ code }) {
    for (const file of code.filter(({ path }) => TEST_FILE.test(path)))
      for (const node of nodesOf(file.tree)) {
        const found = twistIn(node);
        if (found)
          yield {
            path: file.path,
            line: file.lineOf(node),
            remedy: `${found}: let it run, or delete it; where the machine lacks a part, write "has ? test : test.skip"`,
          };
      }
  },
};

function twistIn(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node)) {
    const root = rootOf(node.expression);
    const isTwist = RUNNERS.includes(root) && TWISTS.includes(node.name.text);
    return isTwist && !isChosenByTheMachine(node) ? `${root}.${node.name.text}` : undefined;
  }
  if (ts.isCallExpression(node) && ts.isIdentifier(node.expression)) {
    const { text } = node.expression;
    return [...FOCUSED, ...SKIPPED].includes(text) ? text : undefined;
  }
  return undefined;
}

/** `describe` of `describe.configure.skip`. */
function rootOf(node: ts.Expression): string {
  if (ts.isPropertyAccessExpression(node)) return rootOf(node.expression);
  return ts.isIdentifier(node) ? node.text : '';
}

/** `testChromium ? test : test.skip`: the run says what was left out. */
function isChosenByTheMachine(node: ts.PropertyAccessExpression): boolean {
  return ts.isConditionalExpression(node.parent) && node.name.text === 'skip';
}
