import { expect, test } from '@jest/globals';
import { projections, TABLE_NAMES } from '#libs/read-model';
import { wiring } from './projection.wiring.js';

test('every source of every projection is read, each once', () => {
  const wanted = projections.flatMap(({ name, sources }) =>
    sources.map(({ stream }) => `${name} ${stream}`),
  );
  expect(wiring.map(({ name, stream }) => `${name} ${stream}`).sort()).toEqual(wanted.sort());
});

test('every table is written by one projection', () => {
  expect(projections.flatMap(({ tables }) => tables).sort()).toEqual([...TABLE_NAMES].sort());
});
