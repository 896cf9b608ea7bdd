import { expect, test } from '@jest/globals';
import { foldedSource } from './projection.js';

const nothing = async () => undefined;
const save = async () => [];

test('a source does not compile while an event of its aggregates is neither handled nor ignored', () => {
  const stream = 'DEFINITIONS';
  const sources = [
    foldedSource({
      stream,
      aggregates: ['automation'],
      open: nothing,
      save,
      // @ts-expect-error AutomationDeleted is missing
      handles: { AutomationSaved: () => {} },
      ignores: [],
    }),
    foldedSource({
      stream,
      aggregates: ['automation'],
      open: nothing,
      save,
      handles: { AutomationSaved: () => {} },
      ignores: ['AutomationDeleted'],
    }),
    foldedSource({
      stream,
      aggregates: ['automation'],
      open: nothing,
      save,
      handles: { AutomationSaved: () => {} },
      // @ts-expect-error there is no such event
      ignores: ['AutomationDeleted', 'AutomationForgotten'],
    }),
  ];
  expect(sources).toHaveLength(3);
});
