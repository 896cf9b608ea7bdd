import { beforeEach, describe, expect, test } from '@jest/globals';
import type { StopCause } from './child/protocol.js';
import { LIMITS } from './limits.js';
import { OutputValues } from './output-values.js';
import { RunningAttempts } from './running-attempts.js';

const entry = (executionId: string, fence = 1) => ({
  pool: 'system',
  shard: 0,
  executionId,
  fence,
});
let running: RunningAttempts;
let stopped: StopCause[];
const run = { stop: (cause: StopCause) => stopped.push(cause) };

beforeEach(() => {
  running = new RunningAttempts(new Map([['system', 2]]));
  stopped = [];
});

describe('the attempts of a worker', () => {
  test('take slots until their end is told', () => {
    let freed = 0;
    running.onFree(() => (freed += 1));
    expect(running.add(entry('a'))).toBe(true);
    expect(running.add(entry('a'))).toBe(false);
    running.add(entry('a', 2));
    expect(running.free('system')).toBe(0);
    running.add(entry('b'));
    expect(running.free('system')).toBe(0);
    running.remove(entry('b'));
    running.remove(entry('b'));
    running.remove(entry('a'));
    expect([running.free('system'), freed]).toEqual([1, 2]);
    expect(running.pools()).toEqual([{ pool: 'system', slots: 2, free: 1 }]);
    expect(running.list()).toEqual([entry('a', 2)]);
    expect([running.inUse('system', 0), running.inUse('system', 1)]).toEqual([1, 0]);
  });

  test('are stopped by execution and fence, also before they have begun', () => {
    running.add(entry('a'));
    running.stop('a', 2, 'cancelled');
    running.stop('a', 1, 'cancelled');
    expect(stopped).toEqual([]);
    running.begin(entry('a'), run);
    expect(stopped).toEqual(['cancelled']);
    running.stopAll('drained');
    expect(stopped).toEqual(['cancelled', 'drained']);
  });

  test('are waited for', async () => {
    await running.idle();
    running.add(entry('a'));
    const idle = running.idle();
    running.remove(entry('a'));
    await idle;
  });
});

test('output is kept as far as there is room, the last value of a name', () => {
  const output = new OutputValues();
  expect(output.json).toBe('');
  expect(output.add('a', 1)).toBe(true);
  expect(output.add('large', 'x'.repeat(LIMITS.outputBytes))).toBe(false);
  expect(output.add('a', undefined)).toBe(true);
  expect(output.add('b"', { c: ['d'] })).toBe(true);
  expect(JSON.parse(output.json)).toEqual({ a: null, 'b"': { c: ['d'] } });
});
