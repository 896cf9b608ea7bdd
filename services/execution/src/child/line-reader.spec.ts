import { beforeEach, describe, expect, test } from '@jest/globals';
import { LineReader } from './line-reader.js';
import { encode, fromChild } from './protocol.js';

const MAX = 10;
let lines: string[];
let tooLong: number;
let reader: LineReader;

beforeEach(() => {
  lines = [];
  tooLong = 0;
  reader = new LineReader({
    maxBytes: MAX,
    onLine: (line) => lines.push(line),
    onTooLong: () => (tooLong += 1),
  });
});
const push = (...chunks: string[]) => {
  for (const chunk of chunks) reader.push(Buffer.from(chunk));
};

describe('LineReader', () => {
  test('puts lines together, however they are cut', () => {
    push('a', 'b\nc', '\n\nde', 'f\n', 'g');
    expect(lines).toEqual(['ab', 'c', 'def']);
    reader.end();
    expect(lines.at(-1)).toBe('g');
  });

  test('does not cut a letter in two', () => {
    const bytes = Buffer.from('ä\n');
    reader.push(bytes.subarray(0, 1));
    reader.push(bytes.subarray(1));
    expect(lines).toEqual(['ä']);
  });

  test.each([
    ['in one piece', ['x'.repeat(MAX + 1), '\nok\n']],
    ['with its end', [`${'x'.repeat(MAX + 1)}\nok\n`]],
    ['in many pieces', ['xxxxxx', 'xxxxxx', 'xxxxxx', 'x\nok\n']],
  ])('drops a line that is too long, %s, and reads on after it', (_how, chunks) => {
    push(...chunks);
    expect({ lines, tooLong }).toEqual({ lines: ['ok'], tooLong: 1 });
  });

  test('takes a line of just the limit', () => {
    push('x'.repeat(MAX), '\n');
    expect({ count: lines.length, tooLong }).toEqual({ count: 1, tooLong: 0 });
  });
});

describe('what a child may say', () => {
  const measured = { cpuMs: 1, peakMemoryBytes: 2 };

  test.each([
    [{ type: 'log', id: 1, line: { atMs: 1, level: 'info', message: 'x', metadata: { a: 1 } } }],
    [{ type: 'output', id: 1, name: 'a', value: [1] }],
    [{ type: 'artifact', id: 1, name: 'a.png', mediaType: 'image/png', file: '/tmp/a' }],
    [{ type: 'end', id: 1, measured }],
    [{ type: 'end', id: 1, measured, failure: { code: 'A', message: 'b', final: true } }],
  ] as const)('%j', (message) => {
    expect(fromChild(encode(message))).toEqual(message);
  });

  test.each([
    'no JSON',
    '[]',
    'null',
    '{"type":"start"}',
    '{"type":"log","id":1,"line":{"level":"loud","message":"x","atMs":1}}',
    '{"type":"log","line":{"level":"info","message":"of no job","atMs":1}}',
    '{"type":"log","id":1,"line":{"level":"info","message":1,"atMs":1}}',
    '{"type":"output","id":1}',
    '{"type":"artifact","id":1,"name":"x"}',
    '{"type":"end","id":1}',
    '{"type":"end","id":1,"measured":{"cpuMs":1,"peakMemoryBytes":1},"failure":{}}',
  ])('but not %s', (line) => {
    expect(fromChild(line)).toBe(undefined);
  });
});
