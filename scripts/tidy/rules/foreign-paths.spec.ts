import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { foreignPaths } from './foreign-paths.ts';

// In pieces, so that this file is not found itself.
const slash = '/';
const dot = '.';

test.each([
  `const root = '${slash}home/ada/carillon';`,
  `see ${slash}work/main/notes.md`,
  `folder=${slash}root/.cache`,
  `const mac = "${slash}Users/ada";`,
  `npm config set url https:${slash}/registry${dot}example${dot}org/`,
  `host: registry${dot}npmjs${dot}org`,
  `      "resolved": ${JSON.stringify(`https:${slash}/x`)},`,
  `//host/:_authToken${'='}abc`,
])('catches %s', (line) => {
  expect(faults(foreignPaths, { 'a.txt': `ok\n${line}` })).toEqual(['a.txt:2']);
});

test.each(['GET /users/home/1', 'work.<pool>.<priority>', 'see registry.ts', '/usr/bin/chromium'])(
  'lets %s be',
  (line) => {
    expect(faults(foreignPaths, { 'a.md': line })).toEqual([]);
  },
);
