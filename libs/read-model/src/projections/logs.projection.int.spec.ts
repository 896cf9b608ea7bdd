import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { create, log } from '#libs/contracts';
import {
  feed,
  feedAgain,
  type ReadModelUnderTest,
  startReadModel,
} from '../testing/read-model-under-test.js';
import { ACCOUNT, recorded, SUBJECT_OF, T0 } from '../testing/recorded.js';
import { logsProjection } from './logs.projection.js';

let model: ReadModelUnderTest;
beforeAll(async () => {
  model = await startReadModel();
});
afterAll(() => model.stop());

const chunk = (firstLine: number, messages: readonly string[], fence = 1) =>
  create(log.LogChunkSchema, {
    account: ACCOUNT,
    executionId: 'run-1',
    attempt: 1,
    fence,
    firstLine,
    lines: messages.map((message, index) => ({
      atMs: T0 + index,
      level: log.Level.WARN,
      message,
      metadataJson: index === 0 ? '{"step":1}' : '',
    })),
  });

const told = (seq: number, ...events: log.LogChunk[]) =>
  recorded({ stream: 'LOGS', subject: SUBJECT_OF.log('run-1'), seq, events });

async function linesAfter(...batches: ReturnType<typeof told>[][]) {
  const { db } = await model.open();
  for (const batch of batches) await feed(db, logsProjection, batch);
  for (const batch of batches) await feedAgain(db, logsProjection, batch);
  return db.selectFrom('log_line').selectAll().orderBy('seq').orderBy('place').execute();
}

test('each line is a row, in the place that the log gave it', async () => {
  const lines = await linesAfter([told(5, chunk(1, ['one', 'two'])), told(9, chunk(3, ['three']))]);
  expect(lines[0]).toEqual({
    account: ACCOUNT,
    execution_id: 'run-1',
    seq: 5,
    place: 0,
    attempt: 1,
    fence: 1,
    line: 1,
    at: new Date(T0),
    level: 'warn',
    message: 'one',
    metadata: { step: 1 },
  });
  expect(lines.map(({ seq, place, line, message }) => [seq, place, line, message])).toEqual([
    [5, 0, 1, 'one'],
    [5, 1, 2, 'two'],
    [9, 0, 3, 'three'],
  ]);
});

test('several chunks in one commit share its places', async () => {
  const lines = await linesAfter([told(5, chunk(1, ['one', 'two']), chunk(3, ['three']))]);
  expect(lines.map(({ place, line }) => [place, line])).toEqual([
    [0, 1],
    [1, 2],
    [2, 3],
  ]);
});

test('a chunk that is told again adds nothing, in the same batch or later', async () => {
  const again = [told(5, chunk(1, ['one'])), told(6, chunk(1, ['one']))];
  expect(await linesAfter(again)).toHaveLength(1);
  expect(await linesAfter(again.slice(0, 1), again.slice(1))).toHaveLength(1);
});

test('another fence is another telling', async () => {
  expect(
    await linesAfter([told(5, chunk(1, ['one'], 1)), told(6, chunk(1, ['one'], 2))]),
  ).toHaveLength(2);
});

test('a line may hold what Postgres cannot', async () => {
  const [line] = await linesAfter([told(5, chunk(1, ['\u001b[31mred\0\u001b[0m']))]);
  expect(line?.message).toBe('\u001b[31mred\ufffd\u001b[0m');
});
