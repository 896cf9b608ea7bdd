import ts from 'typescript';
import type { Rule } from '../rule.ts';
import { nodesOf } from '../syntax.ts';

/** Rooms that Node and browsers run as they are written, types stripped. */
const UNBUILT = /^(libs\/(domain|cron|contracts|clock|parts)|scripts)\//;

/** TypeScript that says something at run time can't be stripped, and Node refuses it. */
export const erasable: Rule = {
  name: 'erasable',
  *check({ code }) {
    for (const file of code.filter(({ path }) => UNBUILT.test(path) && path.endsWith('.ts')))
      for (const node of nodesOf(file.tree)) {
        const found = livelyIn(node);
        if (found) yield { path: file.path, line: file.lineOf(node), remedy: found };
      }
  },
};

function livelyIn(node: ts.Node): string | undefined {
  if (ts.isEnumDeclaration(node)) return 'enum: write a union, or a const object';
  if (ts.isModuleDeclaration(node) && !isAmbient(node)) return 'namespace: write a module';
  if (ts.isParameter(node) && ts.isParameterPropertyDeclaration(node, node.parent))
    return 'parameter property: declare the field and assign it';
  if (ts.isImportEqualsDeclaration(node)) return 'import =: write import ... from';
  return undefined;
}

function isAmbient(node: ts.ModuleDeclaration): boolean {
  return node.modifiers?.some(({ kind }) => kind === ts.SyntaxKind.DeclareKeyword) ?? false;
}
