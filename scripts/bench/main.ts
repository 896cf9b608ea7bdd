// Measures Carillon on this machine: `npm run bench -- spine|ticker [--profile]`. Everything that is
// measured runs from what was built, as real processes over real servers.
import { fileURLToPath } from 'node:url';
import { build, isBuildStale } from '../build/build.ts';
import { ToolFailed } from '../tools/run-tool.ts';
import type { Bench } from './bench.ts';

/** Loaded only when asked for, and only after the build: they import what is built. */
const benches: Readonly<Record<string, () => Promise<Bench>>> = {
  spine: async () => (await import('./spine/spine.ts')).spine,
  ticker: async () => (await import('./ticker/ticker.ts')).ticker,
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const [name = '', ...flags] = process.argv.slice(2);
const load = benches[name];
if (!load || flags.some((flag) => flag !== '--profile')) {
  process.stderr.write(`npm run bench -- ${Object.keys(benches).join('|')} [--profile]\n`);
  process.exit(1);
}
try {
  if (isBuildStale(root)) await build(root);
  const { describeMachine } = await import('./machine.ts');
  const bench = await load();
  describeMachine();
  await bench({ root, isProfiled: flags.includes('--profile') });
} catch (error) {
  if (!(error instanceof ToolFailed)) throw error;
  process.stderr.write(`${error.output}\n${error.message}\n`);
  process.exitCode = 1;
}
