import { expect, test } from '@jest/globals';
import { namesOfFlow } from './flow-names.js';

test('a flow asks for each parameter once, and not for what the slot gives', () => {
  const flow = {
    title: 'Report of {{customer}}',
    steps: [
      { type: 'navigate', url: 'https://a.example/{{ parameters.page }}?d={{slot.local}}' },
      { type: 'change', selectors: ['#who'], value: '{{customer}} {{user.name}} \\{{not}}' },
    ],
  };
  expect(namesOfFlow(flow)).toEqual(['customer', 'page', 'user']);
});

test('no flow asks for nothing that could be known', () => {
  expect(namesOfFlow(undefined)).toBeUndefined();
});
