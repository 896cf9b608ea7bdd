import { edgesOf, packageOf } from '../imports.ts';
import { isSpec } from '../repository.ts';
import type { Rule, Violation } from '../rule.ts';

interface Row {
  /** Other libs. */
  readonly libs: readonly string[];
  /** Packages, by name or by scope. */
  readonly packages: readonly string[];
}

/**
 * Who may lean on whom. A lib that is not here must be added here, with thought: each line makes
 * something harder to replace. That libs are entered by their doors, never know services, and that
 * the core knows no Node, is checked by dependency-cruiser.
 */
const TABLE: Readonly<Record<string, Row>> = {
  addresses: { libs: [], packages: [] },
  audit: { libs: ['contracts', 'cron', 'domain', 'event-log'], packages: [] },
  builtins: { libs: ['flow'], packages: ['zod'] },
  clock: { libs: [], packages: [] },
  consumer: { libs: ['clock', 'contracts', 'event-log'], packages: ['pino'] },
  contracts: { libs: [], packages: ['@bufbuild/protobuf'] },
  cron: { libs: [], packages: ['cronstrue', 'cron-parser'] },
  domain: { libs: ['contracts', 'cron'], packages: ['@marcbachmann/cel-js'] },
  'event-log': { libs: ['clock', 'contracts'], packages: ['@nats-io'] },
  flow: { libs: [], packages: ['zod'] },
  leadership: { libs: ['clock', 'contracts'], packages: ['@nats-io'] },
  parts: { libs: ['clock'], packages: [] },
  'read-model': {
    libs: ['consumer', 'contracts', 'domain', 'event-log'],
    packages: ['kysely', 'pg'],
  },
  rig: {
    libs: ['addresses', 'clock', 'contracts', 'event-log', 'parts', 'testing'],
    packages: ['@nats-io'],
  },
  runtime: {
    libs: ['addresses', 'clock'],
    packages: ['@nats-io', '@nestjs', '@opentelemetry', 'pino', 'reflect-metadata', 'zod'],
  },
  testing: {
    libs: ['addresses', 'clock', 'contracts', 'event-log', 'parts'],
    packages: ['@nats-io', 'pg'],
  },
  workflow: {
    libs: ['contracts'],
    packages: ['@serverlessworkflow/sdk', 'ajv', 'jq-wasm', 'yaml'],
  },
};

/** What only specs and their harness may use besides. */
const IN_TESTS = {
  libs: ['testing', 'clock'],
  packages: ['@jest/globals', 'fast-check', 'croner', 'luxon', 'uuid'],
};

/** The rest of a lib's harness: histories and suites that several specs have in common. */
const HARNESS = /^libs\/(testing|[^/]+\/src\/(testing\/|contract\.ts$))/;

export const importTable: Rule = {
  name: 'import-table',
  *check(repository) {
    const unlisted = new Set<string>();
    for (const { file, line, specifier } of edgesOf(repository)) {
      const lib = /^libs\/([^/]+)\//.exec(file.path)?.[1];
      if (lib === undefined || specifier.startsWith('.') || specifier.startsWith('node:')) continue;
      const row = TABLE[lib];
      if (row === undefined) {
        unlisted.add(lib);
        continue;
      }
      const isTest = isSpec(file.path) || HARNESS.test(file.path);
      if (!isAllowed(specifier, row) && !(isTest && isAllowed(specifier, IN_TESTS)))
        yield { path: file.path, line, remedy: remedyOf(lib, specifier) } satisfies Violation;
    }
    for (const lib of unlisted)
      yield {
        path: `libs/${lib}/src/index.ts`,
        line: 1,
        remedy: `say in scripts/tidy/rules/import-table.ts what libs/${lib} may import`,
      };
  },
};

function isAllowed(specifier: string, { libs, packages }: Row): boolean {
  if (specifier.startsWith('#libs/')) return libs.includes(specifier.slice('#libs/'.length));
  const name = packageOf(specifier);
  return packages.some((one) => one === name || one === name.split('/')[0]);
}

function remedyOf(lib: string, specifier: string): string {
  return `libs/${lib} may not know ${specifier}: take it as a parameter, or move the code to who does`;
}
