import { expect, test } from '@jest/globals';
import { partsOf } from './waits.js';

test('tells the parts that took time, in the order in which a run meets them', () => {
  const waits = {
    plannerMs: 12,
    queueMs: 0,
    limitMs: 400,
    retryMs: 1_000,
    workerStartMs: 0.2,
    userCodeMs: 30,
  };
  expect(partsOf(waits)).toEqual([
    { part: 'planner', ms: 12 },
    { part: 'retry', ms: 1_000 },
    { part: 'limit', ms: 400 },
    { part: 'userCode', ms: 30 },
  ]);
});
