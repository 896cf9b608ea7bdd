import { expect, test } from '@jest/globals';
import { LineBudget } from './line-budget.js';

function read(budget: { lines: number; bytes: number }, ...chunks: string[]) {
  const lines: string[] = [];
  const reader = new LineBudget({ ...budget, lineBytes: 8, onLine: (line) => lines.push(line) });
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
  reader.end();
  return { lines, dropped: reader.dropped };
}
const ROOMY = { lines: 100, bytes: 1_000 };

test('cuts a stream into lines, wherever its chunks end', () => {
  expect(read(ROOMY, 'a\nb', 'c\n\nlast')).toEqual({ lines: ['a', 'bc', 'last'], dropped: 0 });
});

test('counts the lines beyond its share, and keeps none of them', () => {
  expect(read({ lines: 2, bytes: 1_000 }, 'a\nb\nc\n', 'd\ne\n')).toEqual({
    lines: ['a', 'b'],
    dropped: 3,
  });
  expect(read({ lines: 100, bytes: 4 }, 'abc\n', 'd\n')).toEqual({ lines: ['abc'], dropped: 1 });
});

test('cuts a line that never ends, and holds no more than that of it', () => {
  expect(read(ROOMY, 'x'.repeat(20))).toEqual({ lines: ['xxxxxxxx'], dropped: 0 });
});
