import ts from 'typescript';
import type { Rule } from '../rule.ts';
import { memberName, nodesOf } from '../syntax.ts';

/** Settings are read in one place of each process and handed on; scripts are such places. */
const READERS = [/(^|\/)config\.ts$/, /^libs\/runtime\/src\//, /^scripts\//, /^[^/]+\.mjs$/];

/** A process says in its `config.ts` what it takes from its environment, and nowhere else. */
export const environment: Rule = {
  name: 'environment',
  *check({ code }) {
    for (const file of code) {
      if (READERS.some((reader) => reader.test(file.path))) continue;
      for (const node of nodesOf(file.tree)) {
        const isImport =
          ts.isImportSpecifier(node) &&
          (node.propertyName ?? node.name).text === 'env' &&
          /['"](node:)?process['"]/.test(node.parent.parent.parent.getText());
        const isPattern =
          ts.isVariableDeclaration(node) &&
          node.initializer?.getText() === 'process' &&
          /\benv\b/.test(node.name.getText());
        if (memberName(node) === 'process.env' || isImport || isPattern)
          yield {
            path: file.path,
            line: file.lineOf(node),
            remedy: 'read the setting in config.ts and take it as a parameter',
          };
      }
    }
  },
};
