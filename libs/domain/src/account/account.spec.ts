import { expect, test } from '@jest/globals';
import { isRejection } from '../decider.js';
import { accountDecider } from './account.js';

const { initial, decide, evolve } = accountDecider;
const limits = { type: 'set', maxConcurrent: 9, maxBrowserSessions: 0, weight: 0 } as const;

test('an account keeps its currency over a change that says none, and refuses what is no code', () => {
  const decision = decide({ ...limits, currency: 'EUR' }, initial);
  if (isRejection(decision)) throw new Error(decision.message);
  const state = decision.reduce(evolve, initial);
  expect(state).toMatchObject({ currency: 'EUR', maxConcurrent: 9 });
  expect(decide(limits, state)).toEqual([]);
  expect(decide({ ...limits, weight: 2 }, state)).toMatchObject([{ currency: 'EUR', weight: 2 }]);
  expect(decide({ ...limits, currency: 'Euro' }, state)).toMatchObject({
    rejected: 'currency-invalid',
  });
});
