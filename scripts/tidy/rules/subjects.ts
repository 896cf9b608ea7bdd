import ts from 'typescript';
import { isSpec, type Repository, type RepositoryFile } from '../repository.ts';
import type { Rule, Violation } from '../rule.ts';
import { importsOf, memberName, nodesOf } from '../syntax.ts';

const SPELLED_IN = 'libs/contracts/src/subjects.ts';
const README = /^services\/([^/]+)\/README\.md$/;
/** Words in code type that may be subjects; not those of packages (`task.v1.X`) and files. */
const SUBJECT = /`([a-z]+(?:\.(?:<[\w ]+>|\*|>|[\w-]+))+)`/g;
const NO_SUBJECT = /\.v\d+\.|\.(ts|tsx|js|mjs|json|md|yaml)$/;

/**
 * The page of a service names the subjects that it uses, neither more nor fewer. What a lib uses on
 * its behalf may be named there, and need not.
 */
export const subjectsOnPages: Rule = {
  name: 'subjects',
  *check(repository) {
    const patterns = spelledPatterns(repository);
    if (patterns.size === 0) return;
    for (const readme of repository.files) {
      const service = README.exec(readme.path)?.[1];
      if (service) yield* checkPage(repository, readme, service, patterns);
    }
  },
};

function* checkPage(
  repository: Repository,
  readme: RepositoryFile,
  service: string,
  patterns: ReadonlyMap<string, string>,
): Iterable<Violation> {
  const own = roomOf(repository, `services/${service}/`);
  const used = namesUsedIn(own);
  const lent = namesUsedIn(libsOf(own).flatMap((lib) => roomOf(repository, `libs/${lib}/`)));
  const written = subjectsIn(readme, patterns);
  const { path } = readme;
  for (const name of used) {
    const pattern = patterns.get(name);
    if (pattern && !written.some(({ subject }) => fits(subject, pattern)))
      yield { path, line: 1, remedy: `name \`${pattern}\`, which the code uses` };
  }
  for (const { subject, line } of written) {
    const known = [...used, ...lent].some((name) => fits(subject, patterns.get(name) ?? ''));
    if (!known) yield { path, line, remedy: `\`${subject}\` is not used by the code: take it out` };
  }
}

/** Name of each subject in `subjects`, and its form with placeholders. */
function spelledPatterns(repository: Repository): Map<string, string> {
  const patterns = new Map<string, string>();
  const tree = repository.file(SPELLED_IN)?.tree;
  if (!tree) return patterns;
  for (const node of nodesOf(tree)) {
    if (!ts.isPropertyAssignment(node)) continue;
    const value = ts.isArrowFunction(node.initializer) ? node.initializer.body : node.initializer;
    if (ts.isStringLiteralLike(value)) patterns.set(node.name.getText(), value.text);
    else if (ts.isTemplateExpression(value))
      patterns.set(
        node.name.getText(),
        value.templateSpans.reduce(
          (text, { expression, literal }) => `${text}<${expression.getText()}>${literal.text}`,
          value.head.text,
        ),
      );
  }
  return patterns;
}

function roomOf({ code }: Repository, folder: string): RepositoryFile[] {
  return code.filter(({ path }) => path.startsWith(folder) && !isSpec(path));
}

function namesUsedIn(files: readonly RepositoryFile[]): Set<string> {
  const names = new Set<string>();
  for (const { tree } of files)
    for (const node of nodesOf(tree)) {
      const [owner, name] = memberName(node)?.split('.') ?? [];
      if (owner === 'subjects' && name) names.add(name);
    }
  return names;
}

function libsOf(files: readonly RepositoryFile[]): string[] {
  const libs = new Set<string>();
  for (const { tree } of files)
    for (const { specifier } of importsOf(tree))
      if (specifier.startsWith('#libs/')) libs.add(specifier.slice('#libs/'.length));
  return [...libs].filter((lib) => lib !== 'contracts');
}

interface Written {
  readonly subject: string;
  readonly line: number;
}

function subjectsIn(readme: RepositoryFile, patterns: ReadonlyMap<string, string>): Written[] {
  const roots = new Set([...patterns.values()].map((pattern) => pattern.split('.')[0]));
  return readme.lines.flatMap((text, at) =>
    [...text.matchAll(SUBJECT)].flatMap(([, subject = '']) =>
      roots.has(subject.split('.')[0]) && !NO_SUBJECT.test(subject)
        ? [{ subject, line: at + 1 }]
        : [],
    ),
  );
}

/** A placeholder stands for one token or several, and a final `>` for all that may follow. */
function fits(subject: string, pattern: string): boolean {
  if (subject.endsWith('.>') && pattern.startsWith(subject.slice(0, -1))) return true;
  const tokens = pattern
    .split('.')
    .map((token) => (/^(<.*>|\*|>)$/.test(token) ? '.+' : token))
    .join('\\.');
  return new RegExp(`^${tokens}$`).test(subject);
}
