import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { extname, join } from 'node:path';
import ts from 'typescript';

/** One file, as its author wrote it. Paths are relative to the root, with slashes. */
export class RepositoryFile {
  readonly path: string;
  readonly #read: () => string;
  #text: string | undefined;
  #tree: ts.SourceFile | undefined;

  constructor(path: string, read: () => string) {
    this.path = path;
    this.#read = read;
  }

  get text(): string {
    this.#text ??= this.#read();
    return this.#text;
  }

  get lines(): string[] {
    return this.text.replace(/\n$/, '').split('\n');
  }

  /** Only of code. */
  get tree(): ts.SourceFile {
    this.#tree ??= ts.createSourceFile(this.path, this.text, ts.ScriptTarget.Latest, true);
    return this.#tree;
  }

  lineOf(node: ts.Node): number {
    return this.tree.getLineAndCharacterOfPosition(node.getStart(this.tree)).line + 1;
  }
}

export class Repository {
  readonly files: readonly RepositoryFile[];

  constructor(files: readonly RepositoryFile[]) {
    this.files = files;
  }

  /** Code that people write: the output of generators is none of it. */
  get code(): readonly RepositoryFile[] {
    return this.files.filter(({ path }) => isCode(path) && !isGenerated(path));
  }

  file(path: string): RepositoryFile | undefined {
    return this.files.find((file) => file.path === path);
  }
}

const CODE = new Set(['.ts', '.tsx', '.mts', '.mjs', '.js']);
const BINARY = new Set(['.png', '.jpg', '.ico', '.woff', '.woff2', '.zst', '.gz', '.bin']);
const GENERATED = /(^|\/)gen\/|\.gen\.ts$|graphql-env\.d\.ts$|\.schema\.d\.ts$/;

function isCode(path: string): boolean {
  return CODE.has(extname(path));
}

function isGenerated(path: string): boolean {
  return GENERATED.test(path);
}

export function isSpec(path: string): boolean {
  return /\.spec\.tsx?$/.test(path);
}

/** Everything that is or may be committed: what git ignores is nobody's business. */
export function readRepository(root: string): Repository {
  const listed = execFileSync(
    'git',
    ['ls-files', '-z', '--cached', '--others', '--exclude-standard'],
    { cwd: root, encoding: 'utf8' },
  );
  const paths = [...new Set(listed.split('\0'))].filter(
    (path) => path !== '' && !BINARY.has(extname(path)) && existsSync(join(root, path)),
  );
  return new Repository(
    paths.map((path) => new RepositoryFile(path, () => readFileSync(join(root, path), 'utf8'))),
  );
}
