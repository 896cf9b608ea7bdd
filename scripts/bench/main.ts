// Measures Carillon on this machine: `npm run bench -- spine|ticker|engine [--profile]`. Everything
// that is measured runs from what was built, as real processes over real servers.
import { fileURLToPath } from 'node:url';
import { build, isBuildStale } from '../build/build.ts';
import { ToolFailed } from '../tools/run-tool.ts';
import type { Bench } from './bench.ts';

interface Entry {
  /** Loaded only when asked for, and only after the build: they import what is built. */
  readonly load: () => Promise<Bench>;
  /** To run a part of it. */
  readonly flags: readonly string[];
}

const benches: Readonly<Record<string, Entry>> = {
  spine: { load: async () => (await import('./spine/spine.ts')).spine, flags: [] },
  ticker: { load: async () => (await import('./ticker/ticker.ts')).ticker, flags: [] },
  engine: {
    load: async () => (await import('./engine/engine.ts')).engine,
    flags: ['--ours', '--peers', '--throughput', '--latency', '--at-once'],
  },
};

const root = fileURLToPath(new URL('../..', import.meta.url));
const [name = '', ...flags] = process.argv.slice(2);
const entry = benches[name];
if (!entry || flags.some((flag) => flag !== '--profile' && !entry.flags.includes(flag))) refuse();
try {
  if (isBuildStale(root)) await build(root);
  const { describeMachine } = await import('./machine.ts');
  const bench = await entry.load();
  describeMachine();
  await bench({ root, isProfiled: flags.includes('--profile'), flags: new Set(flags) });
} catch (error) {
  if (!(error instanceof ToolFailed)) throw error;
  process.stderr.write(`${error.output}\n${error.message}\n`);
  process.exitCode = 1;
}

function refuse(): never {
  for (const [known, { flags: own }] of Object.entries(benches))
    process.stderr.write(`npm run bench -- ${[known, '--profile', ...own].join(' ')}\n`);
  process.exit(1);
}
