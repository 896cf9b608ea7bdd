// Everything a change must pass before it is shown to anybody: `npm run check`. One line a step;
// what a step says is shown only when it fails, and the steps after it run all the same. With
// `--static` the tests are left out.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runTool, ToolFailed } from '../tools/run-tool.ts';

interface Step {
  readonly name: string;
  readonly tool: string;
  readonly args: readonly string[];
  /** Left out while this file is not there. */
  readonly needs?: string;
  readonly isTest?: boolean;
}

const DEPCRUISE = ['--config', '.dependency-cruiser.mjs', '--output-type', 'err'];

const STEPS: readonly Step[] = [
  {
    name: 'format, lint',
    tool: 'biome',
    args: ['ci', '--colors=off', '--max-diagnostics=50', '.'],
  },
  { name: 'boundaries', tool: 'depcruise', args: ['services', 'libs', 'scripts', ...DEPCRUISE] },
  { name: 'types', tool: 'tsc', args: ['-p', 'tsconfig.json'] },
  {
    name: 'types of the admin',
    tool: 'tsc',
    args: ['-p', 'services/admin'],
    needs: 'services/admin/tsconfig.json',
  },
  { name: 'proto', tool: 'buf', args: ['lint'], needs: 'proto' },
  { name: 'proto format', tool: 'buf', args: ['format', '--diff', '--exit-code'], needs: 'proto' },
  { name: 'lockfile', tool: 'node', args: ['scripts/lockfile/main.ts'] },
  {
    name: 'tidy',
    tool: 'node',
    args: ['scripts/tidy/main.ts'],
    needs: 'scripts/tidy/main.ts',
  },
  { name: 'unit tests', tool: 'npm', args: ['run', '--silent', 'test:unit'], isTest: true },
];

const root = fileURLToPath(new URL('../..', import.meta.url));
const isStatic = process.argv.includes('--static');
for (const step of STEPS) {
  if (isStatic && step.isTest) continue;
  if (step.needs && !existsSync(join(root, step.needs))) continue;
  const startedAt = performance.now();
  try {
    await runTool(root, step.tool, step.args);
    const seconds = ((performance.now() - startedAt) / 1_000).toFixed(1);
    process.stdout.write(`ok    ${step.name} (${seconds} s)\n`);
  } catch (error) {
    if (!(error instanceof ToolFailed)) throw error;
    process.stdout.write(`FAIL  ${step.name}\n${error.output}\n`);
    process.exitCode = 1;
  }
}
