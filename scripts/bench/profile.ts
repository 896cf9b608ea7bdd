import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './bench.ts';
import { say } from './say.ts';

/** What a service's environment needs so that it writes a CPU profile when it is stopped in order. */
export function profileEnv({ root, isProfiled }: BenchOptions): NodeJS.ProcessEnv {
  if (!isProfiled) return {};
  const folder = join(root, '.carillon', 'profiles');
  mkdirSync(folder, { recursive: true });
  say(`Profiles   ${folder}`);
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
}
