import {
  existsSync,
  mkdirSync,
  readdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../tools/run-tool.ts';

/** Written last, so its time is that of a build that was whole. */
const STAMP = 'dist/.built';
const ADMIN = 'services/admin';
const SOURCES = ['services', 'libs', 'package-lock.json', '.swcrc', 'tsconfig.json'];
const NOT_SOURCES = /(^|\/)(node_modules|test-results|golden)(\/|$)|\.spec\.tsx?$|\.md$/;

/** Compiles services and libs to `dist/`, then the admin's pages when there are any. */
export async function build(root: string): Promise<void> {
  rmSync(join(root, STAMP), { force: true });
  await compile(root, 'dist');
  const config = `${ADMIN}/vite.config.ts`;
  if (existsSync(join(root, config))) {
    await runTool(root, 'vite', ['build', '--config', config, '--logLevel', 'warn']);
  }
  writeFileSync(join(root, STAMP), '');
}

/**
 * Compiles services and libs into a folder of their own, as a release would be: for tests that start
 * them as processes, while `dist/` may be written by somebody else. Gives what stands for `dist/`.
 */
export async function buildApart(root: string, folder: string): Promise<string> {
  mkdirSync(folder, { recursive: true });
  const imports = { '#libs/*': './dist/libs/*/src/index.js' };
  writeFileSync(join(folder, 'package.json'), JSON.stringify({ type: 'module', imports }));
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
  const dist = join(folder, 'dist');
  await compile(root, dist);
  return dist;
}

async function compile(root: string, to: string): Promise<void> {
  const folders = ['services', 'libs'].filter((folder) => existsSync(join(root, folder)));
  const ignore = `**/*.spec.ts,${ADMIN}/**`;
  await runTool(root, 'swc', [
    ...[...folders, '-d', to, '--config-file', '.swcrc', '--quiet'],
    ...['--ignore', ignore],
  ]);
}

/** Whether something was written since the last whole build. */
export function isBuildStale(root: string): boolean {
  const stamp = join(root, STAMP);
  if (!existsSync(stamp)) return true;
  const builtAtMs = statSync(stamp).mtimeMs;
  return SOURCES.some((source) => newestMs(join(root, source)) > builtAtMs);
}

function newestMs(path: string): number {
  if (!existsSync(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  let newest = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (NOT_SOURCES.test(inside)) continue;
    newest = Math.max(newest, entry.isDirectory() ? newestMs(inside) : statSync(inside).mtimeMs);
  }
  return newest;
}
