// Breaks what can break, and checks what is left: `npm run chaos -- ticker|engine`.
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuildStale } from '../build/build.ts';
import { type Sizes, TRIALS, type Trial } from './trials.ts';

/** The rest stands in the report. */
const PROBLEMS_SAID = 20;
const SEED_MAX = 2 ** 31;

const root = fileURLToPath(new URL('../..', import.meta.url));
const say = (line: string) => process.stdout.write(`${line}\n`);
const [name = '', ...args] = process.argv.slice(2);
const trial = TRIALS[name];
if (trial === undefined) refuse(Object.entries(TRIALS));
const values = parsed(trial);
const sizes = Object.fromEntries(
  Object.entries(trial.sizes).map(([size, { full, short }]) => [
    size,
    count(values[size], values['short'] ? short : full),
  ]),
);
const seed = count(values['seed'], randomInt(SEED_MAX));
const folder = String(values['out'] ?? join(tmpdir(), `carillon-chaos-${name}-${seed}`));

if (isBuildStale(root)) await build(root);
say(`seed ${seed}, everything goes to ${folder}`);
// Loads only now what imports what was just built.
const { figures, problems } = await trial.run(sizes, {
  seed,
  folder,
  dist: join(root, 'dist'),
  say,
});
for (const line of figures) say(line);
for (const problem of problems.slice(0, PROBLEMS_SAID)) say(`WRONG ${problem}`);
process.exitCode = problems.length > 0 ? 1 : 0;

function parsed(of: Trial): Readonly<Record<string, string | boolean | undefined>> {
  try {
    const options = Object.fromEntries(
      [...Object.keys(of.sizes), 'seed', 'out'].map((size) => [size, { type: 'string' } as const]),
    );
    return parseArgs({ args, options: { ...options, short: { type: 'boolean' } } }).values;
  } catch {
    return refuse([[name, of]]);
  }
}

function count(given: string | boolean | undefined, otherwise: number): number {
  const number = Number(given ?? otherwise);
  if (Number.isInteger(number) && number >= 0) return number;
  process.stderr.write(`${given} is not a whole number\n`);
  process.exit(2);
}

function refuse(trials: readonly (readonly [string, { readonly sizes: Sizes }])[]): never {
  const line = (option: string, what: string) => `  --${option.padEnd(24)}${what}\n`;
  for (const [each, of] of trials) {
    process.stderr.write(`npm run chaos -- ${each} [options]\n`);
    for (const [size, { full, says }] of Object.entries(of.sizes))
      process.stderr.write(line(`${size} ${full}`, says));
    process.stderr.write(line('seed N', 'the same faults again'));
    process.stderr.write(line('out FOLDER', 'for report, timeline, raw log and witness'));
    process.stderr.write(line('short', 'about two minutes'));
  }
  process.exit(2);
}
