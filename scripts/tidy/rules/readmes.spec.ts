import { expect, test } from '@jest/globals';
import { faults } from '../spec.ts';
import { readmes } from './readmes.ts';

test('a lib or a service without a page is caught', () => {
  const files = {
    'libs/a/src/index.ts': '',
    'services/b/src/main.ts': '',
    'libs/c/README.md': '# c',
  };
  expect(faults(readmes, files)).toEqual(['libs/a/README.md:1', 'services/b/README.md:1']);
});

test('an empty page is none', () => {
  expect(faults(readmes, { 'libs/a/README.md': '\n' })).toEqual(['libs/a/README.md:1']);
});

test('a room of scripts may have its line in the page of scripts', () => {
  const files = { 'scripts/build/main.ts': '', 'scripts/start/main.ts': '' };
  const page = '| `run build` | `build/` | builds |';
  expect(faults(readmes, { ...files, 'scripts/README.md': page })).toEqual([
    'scripts/start/README.md:1',
  ]);
});
