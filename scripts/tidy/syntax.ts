import ts from 'typescript';

/** Every node of a tree, parents first. */
export function* nodesOf(node: ts.Node): Iterable<ts.Node> {
  yield node;
  const children: ts.Node[] = [];
  node.forEachChild((child) => {
    children.push(child);
  });
  for (const child of children) yield* nodesOf(child);
}

/** `a.b` and `a['b']` as `a.b`; undefined for anything else. */
export function memberName(node: ts.Node): string | undefined {
  if (ts.isPropertyAccessExpression(node))
    return ts.isIdentifier(node.expression)
      ? `${node.expression.text}.${node.name.text}`
      : undefined;
  if (ts.isElementAccessExpression(node) && ts.isStringLiteralLike(node.argumentExpression))
    return ts.isIdentifier(node.expression)
      ? `${node.expression.text}.${node.argumentExpression.text}`
      : undefined;
  return undefined;
}

export interface Import {
  readonly specifier: string;
  readonly node: ts.Node;
}

/** Of all forms: static, type-only, re-exports, and dynamic ones with a literal. */
export function* importsOf(tree: ts.SourceFile): Iterable<Import> {
  for (const node of nodesOf(tree)) {
    const named =
      ts.isImportDeclaration(node) || ts.isExportDeclaration(node)
        ? node.moduleSpecifier
        : ts.isCallExpression(node) && node.expression.kind === ts.SyntaxKind.ImportKeyword
          ? node.arguments[0]
          : undefined;
    if (named && ts.isStringLiteralLike(named)) yield { specifier: named.text, node };
  }
}
