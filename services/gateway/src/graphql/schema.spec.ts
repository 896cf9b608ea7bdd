import { readFile } from 'node:fs/promises';
import { expect, test } from '@jest/globals';
import { printedSchema } from './schema.js';

test('the committed schema is the one that is served; `npm run gen:graphql` writes it', async () => {
  const committed = await readFile(new URL('../../schema.graphql', import.meta.url), 'utf8');
  expect(await printedSchema()).toBe(committed);
});
