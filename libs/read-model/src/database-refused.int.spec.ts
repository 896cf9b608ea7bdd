import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startOwnTestPostgres, type TestPostgres } from '#libs/testing';
import { withRemedy } from './database-refused.js';
import { migrate } from './migrate.js';

let postgres: TestPostgres;
beforeAll(async () => {
  postgres = await startOwnTestPostgres();
});
afterAll(() => postgres.stop());

test.each([
  ['a wrong password', (url: URL) => Object.assign(url, { password: 'wrong' })],
  ['no password', (url: URL) => Object.assign(url, { password: '' })],
  ['an unknown user', (url: URL) => Object.assign(url, { username: 'nobody' })],
])('%s is a refusal that says what to mend, and tells no secret', async (_, spoil) => {
  const given = new URL(postgres.url);
  const { href } = spoil(new URL(postgres.url));
  const refused = migrate(href);
  await expect(refused).rejects.toMatchObject({ code: 'database-refused' });
  await expect(refused).rejects.toThrow(`Postgres at ${given.host}/postgres refuses`);
  await expect(refused).rejects.not.toThrow(/wrong|:[^ ]+@127/);
});

test('a database that is away refuses nothing', async () => {
  const away = 'postgres://u@127.0.0.1:1/nothing';
  const error = await migrate(away).catch((cause: unknown) => cause);
  expect(error).toMatchObject({ code: 'ECONNREFUSED' });
  expect(withRemedy(error, away)).toBe(error);
});
