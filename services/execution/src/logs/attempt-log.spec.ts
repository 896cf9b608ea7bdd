import { beforeEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { attempt as a, create, decodeCommit, type log as l } from '#libs/contracts';
import {
  type AppendRequest,
  type AppendResult,
  type EventLog,
  LogUnavailable,
  MemoryEventLog,
} from '#libs/event-log';
import { createLogger } from '#libs/runtime';
import { LIMITS } from '../limits.js';
import { AttemptLog, LogBuffer } from './attempt-log.js';
import { redactor } from './redact.js';

const attempt = create(a.OfferedAttemptSchema, {
  executionId: 'e1',
  attempt: 2,
  fence: 7,
  account: 'default',
});
let clock: ManualClock;
let eventLog: MemoryEventLog;
let abandon: AbortController;

beforeEach(() => {
  clock = new ManualClock();
  eventLog = new MemoryEventLog(() => 0);
  abandon = new AbortController();
});

function open(port: EventLog = eventLog, buffer = new LogBuffer()): AttemptLog {
  const deps = {
    eventLog: port,
    clock,
    buffer,
    log: createLogger('execution', { level: 'silent' }),
    workerId: 'w1',
    abandon: abandon.signal,
  };
  return new AttemptLog(deps, { shard: 1, attempt }, redactor({ password: 'hunter2' }));
}

async function chunks(): Promise<l.LogChunk[]> {
  const found: l.LogChunk[] = [];
  for await (const { bytes, subject } of eventLog.read({ stream: 'LOGS', fromSeq: 1 })) {
    expect(subject).toBe('log.1.e1');
    for (const { event } of decodeCommit(bytes).events)
      if (event.$typeName === 'log.v1.LogChunk') found.push(event);
  }
  return found;
}
const line = (message: string) => ({ atMs: 5, level: 'info' as const, message });
const messages = async () => (await chunks()).flatMap((one) => one.lines.map((it) => it.message));

/** An event log that is away until it is told otherwise. */
class AwayLog extends MemoryEventLog {
  away = true;
  tries = 0;

  override async append(request: AppendRequest): Promise<AppendResult> {
    this.tries += 1;
    if (this.away) throw new LogUnavailable('away');
    return super.append(request);
  }
}

describe('the log of an attempt', () => {
  test('stores the lines of 50 ms together, numbered from 1 without a gap', async () => {
    const log = open();
    log.write(line('one'));
    log.write(line('two'));
    await clock.advance(LIMITS.logBatchMs - 1);
    expect(await chunks()).toEqual([]);
    await clock.advance(1);
    log.write(line('three'));
    await log.close();
    expect(await chunks()).toMatchObject([
      { executionId: 'e1', attempt: 2, fence: 7, firstLine: 1, lines: [{}, {}] },
      { firstLine: 3, lines: [{ message: 'three', atMs: 5 }] },
    ]);
    expect(clock.armed).toBe(0);
  });

  test('does not wait when there is enough for a chunk', async () => {
    const log = open();
    const long = 'x'.repeat(LIMITS.logMessageChars);
    for (let i = 0; i < 20; i++) log.write(line(long));
    await clock.advance(0);
    expect((await chunks()).map((one) => one.lines.length)).toEqual([8, 8]);
    await log.close();
    expect((await chunks()).map((one) => one.firstLine)).toEqual([1, 9, 17]);
  });

  test('keeps secrets out, cuts long lines and says so', async () => {
    const log = open();
    log.write({ ...line('typed hunter2'), metadata: { url: 'https://x/?p=hunter2' } });
    log.write(line('y'.repeat(LIMITS.logMessageChars + 5)));
    log.write({ ...line('much'), metadata: { x: 'z'.repeat(LIMITS.logMetadataChars) } });
    await log.close();
    const [first, second, third] = (await chunks()).flatMap((one) => one.lines);
    expect(first).toMatchObject({
      message: 'typed [secret]',
      metadataJson: '{"url":"https://x/?p=[secret]"}',
    });
    expect(second?.message).toMatch(/y… \(5 more characters\)$/);
    expect(third?.metadataJson).toBe('{"metadata":"too large to keep"}');
  });

  test('holds a flood to its cap, counts the rest, and still tells what the worker says', async () => {
    const log = open();
    for (let i = 0; i < LIMITS.logLinesPerAttempt + 100; i++) log.write(line('flood'));
    log.tell('error', 'timed out');
    await log.close();
    const all = await messages();
    expect(all.length).toBe(LIMITS.logLinesPerAttempt + 3);
    expect(all.slice(-3)).toEqual([
      'The log of this attempt is full: what follows is counted, not kept.',
      'timed out',
      '100 lines were dropped: too many.',
    ]);
    expect(log.usage.lines).toBe(LIMITS.logLinesPerAttempt + 100);
  });

  test('keeps lines while the log is away, and stores each once when it is back', async () => {
    const away = new AwayLog(() => 0);
    eventLog = away;
    const log = open(away);
    log.write(line('one'));
    await clock.advance(5_000);
    log.write(line('two'));
    expect(away.tries).toBeGreaterThan(3);
    away.away = false;
    await clock.advance(LIMITS.retryPauseMaxMs + LIMITS.logBatchMs);
    expect(await messages()).toEqual(['one', 'two']);
    await log.close();
  });

  test('loses lines when the buffer is full, and says how many', async () => {
    const away = new AwayLog(() => 0);
    eventLog = away;
    const buffer = new LogBuffer();
    const log = open(away, buffer);
    buffer.take(LIMITS.logBufferBytes - 10);
    log.write(line('one'));
    log.write(line('much too long'));
    log.write(line('also too long'));
    buffer.release(LIMITS.logBufferBytes - 10);
    away.away = false;
    log.write(line('two'));
    await log.close();
    expect(await messages()).toEqual([
      'one',
      '2 lines were dropped: the log could not be stored fast enough.',
      'two',
    ]);
  });

  test('does not keep the end of an attempt waiting for ever', async () => {
    const away = new AwayLog(() => 0);
    const log = open(away);
    log.write(line('one'));
    let closed = false;
    const closing = log.close().then(() => (closed = true));
    await clock.advance(LIMITS.logCloseMs - 1);
    expect(closed).toBe(false);
    await clock.advance(1);
    await closing;
    abandon.abort(new Error('the worker ends'));
    await clock.advance(LIMITS.retryPauseMaxMs);
    expect(clock.armed).toBe(0);
  });
});
