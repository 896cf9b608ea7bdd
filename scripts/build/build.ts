import { existsSync, readdirSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { runTool } from '../tools/run-tool.ts';

/** Written last, so its time is that of a build that was whole. */
const STAMP = 'dist/.built';
/** The same for services and libs alone. */
const SERVICES_STAMP = 'dist/.built-services';
const ADMIN = 'services/admin';
const SOURCES = ['services', 'libs', 'package-lock.json', '.swcrc', 'tsconfig.json'];
const NOT_SOURCES = /(^|\/)(node_modules|test-results|golden)(\/|$)|\.spec\.tsx?$|\.md$/;

/** Compiles services and libs to `dist/`, then the admin's pages when there are any. */
export async function build(root: string): Promise<void> {
  rmSync(join(root, STAMP), { force: true });
  await buildServices(root);
  const config = `${ADMIN}/vite.config.ts`;
  if (existsSync(join(root, config))) {
    await runTool(root, 'vite', ['build', '--config', config, '--logLevel', 'warn']);
  }
  writeFileSync(join(root, STAMP), '');
}

/** For tests that start services as processes and need no pages. */
export async function buildServicesWhenStale(root: string): Promise<void> {
  if (isStale(root, SERVICES_STAMP, [ADMIN])) await buildServices(root);
}

async function buildServices(root: string): Promise<void> {
  rmSync(join(root, SERVICES_STAMP), { force: true });
  const folders = ['services', 'libs'].filter((folder) => existsSync(join(root, folder)));
  const ignore = `**/*.spec.ts,${ADMIN}/**`;
  await runTool(root, 'swc', [
    ...[...folders, '-d', 'dist', '--config-file', '.swcrc', '--quiet'],
    ...['--ignore', ignore],
  ]);
  writeFileSync(join(root, SERVICES_STAMP), '');
}

/** Whether something was written since the last whole build. */
export function isBuildStale(root: string): boolean {
  return isStale(root, STAMP);
}

function isStale(root: string, stampFile: string, except: readonly string[] = []): boolean {
  const stamp = join(root, stampFile);
  if (!existsSync(stamp)) return true;
  const builtAtMs = statSync(stamp).mtimeMs;
  const ignored = except.map((path) => join(root, path));
  return SOURCES.some((source) => newestMs(join(root, source), ignored) > builtAtMs);
}

function newestMs(path: string, ignored: readonly string[]): number {
  if (!existsSync(path) || ignored.includes(path)) return 0;
  const own = statSync(path);
  if (!own.isDirectory()) return own.mtimeMs;
  let newest = 0;
  for (const entry of readdirSync(path, { withFileTypes: true })) {
    const inside = join(path, entry.name);
    if (NOT_SOURCES.test(inside)) continue;
    newest = Math.max(
      newest,
      entry.isDirectory() ? newestMs(inside, ignored) : statSync(inside).mtimeMs,
    );
  }
  return newest;
}
