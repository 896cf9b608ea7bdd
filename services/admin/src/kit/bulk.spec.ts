import { expect, test } from '@jest/globals';
import type { Answer } from '../graphql/actions.js';
import { BULK_AT_ONCE, type BulkItem, runBulk } from './bulk.js';

const items: BulkItem[] = Array.from({ length: 10 }, (_, place) => ({
  id: `${place}`,
  name: `task ${place}`,
}));
const ok: Answer<unknown> = { ok: true, value: undefined };
const no = (code: string): Answer<unknown> => ({
  ok: false,
  refusal: { code, message: code, field: null, remedy: null, problems: [] },
});

const run = (act: (item: BulkItem) => Promise<Answer<unknown>>, isStopped = () => false) =>
  runBulk({
    items,
    act,
    isStopped,
    reasonOf: ({ refusal }) => refusal.code,
    onProgress: () => undefined,
  });

test('one that is refused does not hold up the others, and is told with its reason', async () => {
  const end = await run(async ({ id }) => (id === '3' ? no('task-deleted') : ok));
  expect(end.done).toBe(9);
  expect(end.refused).toEqual([{ item: items[3], reason: 'task-deleted' }]);
});

test('only a few are asked for at once', async () => {
  let open = 0;
  let most = 0;
  await run(async () => {
    open += 1;
    most = Math.max(most, open);
    await Promise.resolve();
    open -= 1;
    return ok;
  });
  expect(most).toBe(BULK_AT_ONCE);
});

test('what was not begun when it was stopped is left as it was', async () => {
  let asked = 0;
  const act = async () => {
    asked += 1;
    return ok;
  };
  const end = await run(act, () => asked >= 4);
  expect(end.done + end.left.length).toBe(10);
  expect(end.left.length).toBeGreaterThan(0);
});
