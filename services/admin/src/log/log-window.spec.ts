import { describe, expect, test } from '@jest/globals';
import {
  addLines,
  filterLines,
  type LogLevel,
  type LogLine,
  MAX_LINES,
  newWindow,
} from './log-window.js';

const line = (place: number, level: LogLevel = 'info', attempt = 1): LogLine => ({
  cursor: `7-${place}`,
  timestamp: '2026-01-15T14:03:07.000Z',
  level,
  message: `Line ${place}`,
  metadata: null,
  attempt,
  line: place,
});
const lines = (from: number, to: number): LogLine[] =>
  Array.from({ length: to - from }, (_, n) => line(from + n));

describe('the window of a log', () => {
  test('keeps every line once when history and tail overlap', () => {
    let window = addLines(newWindow(), lines(0, 10));
    window = addLines(window, lines(8, 14));
    expect(window.lines.map((each) => each.line)).toEqual(lines(0, 14).map((each) => each.line));
    expect(window.counts.info).toBe(14);
  });

  test('goes on from the cursor that the server named last', () => {
    const window = addLines(newWindow(), lines(0, 3));
    expect(window.cursor).toBe('7-2');
    expect(addLines(window, [], '9-0').cursor).toBe('9-0');
    expect(addLines(window, [])).toBe(window);
  });

  test('lets the oldest lines go and says how many', () => {
    let window = newWindow();
    for (let at = 0; at < MAX_LINES + 1000; at += 500)
      window = addLines(window, lines(at, at + 500));
    expect(window.lines.length).toBeLessThanOrEqual(MAX_LINES);
    expect(window.dropped + window.lines.length).toBe(MAX_LINES + 1000);
    expect(window.counts.info).toBe(window.lines.length);
    expect(window.lines.at(-1)?.line).toBe(MAX_LINES + 999);
  });
});

describe('the filter of a log', () => {
  const all = [line(1, 'debug'), line(2), line(3, 'warn'), line(4, 'error', 2)];

  test('shows a level and what is graver', () => {
    expect(filterLines(all, { level: 'warn' }).map((each) => each.line)).toEqual([3, 4]);
  });

  test('narrows to an attempt and to a text in any capitals', () => {
    expect(filterLines(all, { level: 'debug', attempt: 2 })).toHaveLength(1);
    expect(filterLines(all, { level: 'debug', text: 'LINE 3' })).toHaveLength(1);
  });

  test('of nothing is the list itself', () => {
    expect(filterLines(all, { level: 'debug' })).toBe(all);
  });
});
