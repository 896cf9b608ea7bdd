import { expect, test } from '@jest/globals';
import { Milestone } from './milestone.js';

test('whoever waits is let go when the number reaches theirs, in the order of the numbers', async () => {
  const milestone = new Milestone();
  const arrived: string[] = [];
  const far = milestone.reached(7).then(() => arrived.push('far'));
  const near = milestone.reached(3).then(() => arrived.push('near'));
  milestone.reach(5);
  await near;
  expect(arrived).toEqual(['near']);
  milestone.reach(7);
  await far;
  expect(arrived).toEqual(['near', 'far']);
});

test('what is reached already is not waited for', async () => {
  const milestone = new Milestone();
  milestone.reach(5);
  await milestone.reached(5);
  expect(milestone.at).toBe(5);
});
