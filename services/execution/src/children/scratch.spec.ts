import { existsSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { SystemClock } from '#libs/clock';
import { removeFolder, temporaryFolder } from '#libs/testing';
import { openScratch, scratchRoot, sweepDeadWorkers } from './scratch.js';

const WORKERS = 30;
/** Beyond what Linux counts to. */
const NOBODY = 99_999_999;
const clock = new SystemClock();
let dataDir: string;

beforeEach(async () => {
  dataDir = await temporaryFolder('scratch');
});
afterEach(() => removeFolder(dataDir));

test('workers that start at once do not sweep each other away', async () => {
  const started = Array.from({ length: WORKERS }, async () => {
    await sweepDeadWorkers(dataDir, clock);
    return openScratch(dataDir);
  });
  const folders = (await Promise.all(started)).map(({ folder }) => folder);
  await sweepDeadWorkers(dataDir, clock);
  expect(folders.filter((folder) => !existsSync(folder))).toEqual([]);
});

test('what a worker died over making is swept, and what one is making is left', async () => {
  const dead = join(scratchRoot(dataDir), `.${NOBODY}-0123abcd`);
  const living = join(scratchRoot(dataDir), `.${process.pid}-0123abcd`);
  for (const folder of [dead, living]) await mkdir(folder, { recursive: true });
  await sweepDeadWorkers(dataDir, clock);
  expect([existsSync(dead), existsSync(living)]).toEqual([false, true]);
});
