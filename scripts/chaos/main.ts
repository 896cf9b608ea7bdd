// Breaks what can break, and checks what is left: `npm run chaos -- ticker`.
import { randomInt } from 'node:crypto';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { build, isBuildStale } from '../build/build.ts';

const HELP = `npm run chaos -- ticker [options]
  --slots 30000     until so many slots are decided
  --kills 50        kill -9 of the leading ticker
  --zombies 10      the leader stands still, and comes back
  --steps 20        the clock of a machine is moved (libfaketime)
  --brokers 6       kill -9 of the leader of the three brokers
  --hand-overs 10   the leader is told to end
  --edits 20        tasks are paused, changed, replaced meanwhile
  --seed N          the same faults again
  --out FOLDER      for report, timeline, raw log and the witness's file
  --short           about two minutes
`;
const FULL = {
  slots: 30_000,
  kills: 50,
  zombies: 10,
  steps: 20,
  brokers: 6,
  handOvers: 10,
  edits: 20,
};
const SHORT = { slots: 6_000, kills: 8, zombies: 2, steps: 4, brokers: 2, handOvers: 2, edits: 6 };
/** The rest stands in the report. */
const PROBLEMS_SAID = 20;
const SEED_MAX = 2 ** 31;

const root = fileURLToPath(new URL('../..', import.meta.url));
const text = { type: 'string' } as const;
const { values, positionals } = parsed();
if (positionals[0] !== 'ticker' || positionals.length > 1) refuse();
const sizes = values.short ? SHORT : FULL;
const count = (given: string | undefined, otherwise: number) => {
  const number = Number(given ?? otherwise);
  if (Number.isInteger(number) && number >= 0) return number;
  process.stderr.write(`${given} is not a whole number\n`);
  process.exit(2);
};
const seed = count(values.seed, randomInt(SEED_MAX));
const folder = values.out ?? join(tmpdir(), `carillon-chaos-${seed}`);
const say = (line: string) => process.stdout.write(`${line}\n`);

if (isBuildStale(root)) await build(root);
// Only now, for they import what was just built.
const { runTickerTrial } = await import('./ticker-trial.ts');
const { figures } = await import('./figures.ts');
say(`seed ${seed}, everything goes to ${folder}`);
const verdict = await runTickerTrial({
  seed,
  slots: count(values.slots, sizes.slots),
  faults: {
    kill: count(values.kills, sizes.kills),
    zombie: count(values.zombies, sizes.zombies),
    step: count(values.steps, sizes.steps),
    broker: count(values.brokers, sizes.brokers),
    handOver: count(values['hand-overs'], sizes.handOvers),
    edit: count(values.edits, sizes.edits),
  },
  folder,
  dist: join(root, 'dist'),
  say,
});
for (const line of figures(verdict)) say(line);
for (const problem of verdict.problems.slice(0, PROBLEMS_SAID)) say(`WRONG ${problem}`);
process.exitCode = verdict.problems.length > 0 ? 1 : 0;

function parsed() {
  try {
    return parseArgs({
      allowPositionals: true,
      options: {
        ...{ slots: text, kills: text, zombies: text, steps: text, brokers: text },
        ...{ 'hand-overs': text, edits: text, seed: text, out: text },
        short: { type: 'boolean' },
      },
    });
  } catch {
    return refuse();
  }
}

function refuse(): never {
  process.stderr.write(HELP);
  process.exit(2);
}
