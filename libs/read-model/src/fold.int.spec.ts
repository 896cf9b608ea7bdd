import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { type Recorded, toRecorded } from '#libs/consumer';
import { compareTables, tableHashes } from './compare.js';
import { DEFAULT_SCHEMA } from './connect.js';
import { projections } from './projections/projections.js';
import { randomFrom, randomHistory } from './testing/history.js';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from './testing/read-model-under-test.js';

let model: ReadModelUnderTest;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

async function tablesAfter(history: readonly Recorded[], size: () => number, reversed = false) {
  const { db } = await model.open();
  for (const projection of projections) {
    const sources = reversed ? projection.sources.toReversed() : projection.sources;
    await feed(db, { ...projection, sources }, history, size);
  }
  return { db, schema: DEFAULT_SCHEMA };
}

test.each([1, 2, 3])(
  'rows do not depend on where batches end nor on which stream is ahead (seed %d)',
  async (seed) => {
    const history = randomHistory(seed, 900).map(toRecorded);
    const random = randomFrom(seed);
    const oneByOne = await tablesAfter(history, () => 1);
    const inOne = await tablesAfter(history, () => history.length);
    const anyhow = await tablesAfter(history, () => 1 + Math.floor(random() * 50), true);
    expect(await compareTables(oneByOne, inOne)).toBeUndefined();
    expect(await compareTables(oneByOne, anyhow)).toBeUndefined();
    const hashes = await tableHashes(oneByOne);
    expect(await tableHashes(anyhow)).toEqual(hashes);
    // The history reaches every table, or the comparison would prove nothing of it.
    expect(hashes.filter(({ rows }) => rows === 0)).toEqual([]);
  },
);

test('a history that comes again, commit by commit, changes no row', async () => {
  const history = randomHistory(4, 300).map(toRecorded);
  const tables = await tablesAfter(history, () => 25);
  const before = await tableHashes(tables);
  for (const projection of projections) await feedAgain(tables.db, projection, history);
  expect(await tableHashes(tables)).toEqual(before);
});
