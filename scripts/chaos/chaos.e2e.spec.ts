import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { figures } from './figures.ts';
import { runTickerTrial } from './ticker-trial.ts';

// As it is done by hand with more of everything: `npm run chaos -- ticker`.
const SEED = 20_270_328;

let folder: string;

jest.setTimeout(300_000);

beforeAll(async () => {
  folder = await temporaryFolder('chaos');
});
afterAll(() => removeFolder(folder));

test('while clocks change, tickers, brokers and clocks fail: no slot is missed, twice or early', async () => {
  const timeline: string[] = [];
  const verdict = await runTickerTrial({
    seed: SEED,
    slots: 4_000,
    faults: { kill: 4, zombie: 2, step: 4, broker: 1, handOver: 2, edit: 3 },
    folder,
    say: (line) => timeline.push(line),
  });
  process.stdout.write(`${figures(verdict).at(-1)}\n`);
  if (verdict.problems.length > 0) throw new Error([...verdict.problems, ...timeline].join('\n'));
  expect(verdict.latenessMs.length).toBeGreaterThan(4_000);
});
