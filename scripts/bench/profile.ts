import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { BenchOptions } from './bench.ts';
import { say } from './say.ts';

/** What a service's environment needs so that it writes a CPU profile when it is stopped in order. */
export function profileEnv(options: BenchOptions): NodeJS.ProcessEnv {
  if (!options.isProfiled) return {};
  const folder = profilesFolder(options);
  mkdirSync(folder, { recursive: true });
  say(`Profiles   ${folder}`);
  return { NODE_OPTIONS: `--cpu-prof --cpu-prof-dir=${folder}` };
}

export function profilesFolder({ root }: BenchOptions): string {
  return join(root, '.carillon', 'profiles');
}
