import { afterAll, beforeAll, expect, jest, test } from '@jest/globals';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { engineFigures } from './engine-figures.ts';
import { runEngineTrial } from './engine-trial.ts';

// As it is done by hand with more of everything: `npm run chaos -- engine`.
const SEED = 20_261_123;

let folder: string;

jest.setTimeout(300_000);

beforeAll(async () => {
  folder = await temporaryFolder('chaos');
});
afterAll(() => removeFolder(folder));

test('while workers, dispatchers and brokers fail, every run ends once, one attempt at a time', async () => {
  const timeline: string[] = [];
  const verdict = await runEngineTrial({
    seed: SEED,
    executions: 160,
    faults: { workerKill: 4, workerZombie: 1, dispatchKill: 2, dispatchZombie: 1, broker: 1 },
    folder,
    say: (line) => timeline.push(line),
  });
  process.stdout.write(`${engineFigures(verdict).at(-1)}\n`);
  if (verdict.problems.length > 0) throw new Error([...verdict.problems, ...timeline].join('\n'));
  expect(verdict.report.executions).toBe(160);
});
