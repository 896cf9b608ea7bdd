import { afterEach, describe, expect, test } from '@jest/globals';
import { ManualClock } from '#libs/clock';
import { create, encodeCommit, envelope, task } from '#libs/contracts';
import { type EventLog, MemoryEventLog, type ReadRange, type StoredCommit } from '#libs/event-log';
import { ProjectionRunner } from './projection-runner.js';
import type { Recorded } from './recorded.js';
import type { RunnerLimits } from './runner-limits.js';
import type { Sink } from './sink.js';

const ROW = { name: 'tasks', version: 1, stream: 'DEFINITIONS' } as const;
const SUBJECT = 'definition.acme.task.report';
const actor = create(envelope.ActorSchema, { kind: envelope.ActorKind.USER, id: 'alice' });

function commit(n: number): Uint8Array {
  return encodeCommit({
    id: `c${n}`,
    aggregate: SUBJECT,
    account: 'acme',
    actor,
    occurredAtMs: n,
    correlationId: `c${n}`,
    events: [{ event: create(task.TaskRenamedSchema, { name: `n${n}` }) }],
  });
}

/** A sink in memory, with the failures that a spec asks of it. */
class Store implements Sink {
  stored = 0;
  readonly seqs: number[] = [];
  readonly batches: number[] = [];
  failWith: Error | undefined;
  poisonSeq = 0;
  writing: Promise<void> = Promise.resolve();

  async position(): Promise<number> {
    if (this.failWith) throw this.failWith;
    return this.stored;
  }

  async write(batch: readonly Recorded[], after: number): Promise<number> {
    await this.writing;
    if (this.failWith) throw this.failWith;
    if (this.stored < after) throw new Error('position moved back');
    if (batch.some(({ seq }) => seq === this.poisonSeq)) throw new RangeError('unstorable');
    const fresh = batch.filter(({ seq }) => seq > this.stored);
    this.batches.push(fresh.length);
    for (const { seq } of fresh) this.seqs.push(seq);
    this.stored = fresh.at(-1)?.seq ?? this.stored;
    return this.stored;
  }

  isPoison(error: unknown): boolean {
    return error instanceof RangeError;
  }
}

class Lines {
  readonly told: string[] = [];
  info = (_fields: object, text: string) => void this.told.push(text);
  warn = (_fields: object, text: string) => void this.told.push(text);
  error = (_fields: object, text: string) => void this.told.push(text);
}

let running: ProjectionRunner | undefined;
afterEach(async () => running?.stop());

function setUp(options: { log?: EventLog; limits?: Partial<RunnerLimits> } = {}) {
  const clock = new ManualClock();
  const memory = new MemoryEventLog(() => clock.now());
  const sink = new Store();
  const logger = new Lines();
  const start = () => {
    running = new ProjectionRunner(ROW, {
      log: options.log ?? memory,
      sink,
      clock,
      logger,
      ...(options.limits && { limits: options.limits }),
    });
    running.start();
    return running;
  };
  let next = 1;
  const append = async (count: number) => {
    for (let i = 0; i < count; i++, next++)
      await memory.append({
        stream: 'DEFINITIONS',
        subject: SUBJECT,
        bytes: commit(next),
        msgId: `c${next}`,
      });
  };
  const until = async (holds: () => boolean) => {
    for (let round = 0; round < 200 && !holds(); round++) await clock.advance(20);
    expect(holds()).toBe(true);
  };
  return { clock, memory, sink, logger, start, append, until };
}

const upTo = (n: number) => Array.from({ length: n }, (_, i) => i + 1);

describe('a projection runner', () => {
  test('carries every commit once and in order, from the stored position on', async () => {
    const { sink, start, append, until } = setUp();
    await append(30);
    sink.stored = 10;
    const runner = start();
    await until(() => sink.stored === 30);
    await append(5);
    await until(() => sink.stored === 35);
    expect(sink.seqs).toEqual(upTo(35).slice(10));
    expect(runner.health()).toMatchObject({ state: 'following', position: 35, commits: 25 });
  });

  test('writes in batches of bounded size, and takes what has gathered while it wrote', async () => {
    const { sink, start, append, until } = setUp({ limits: { batchCommits: 8 } });
    await append(100);
    start();
    await until(() => sink.stored === 100);
    expect(Math.max(...sink.batches)).toBe(8);
    expect(sink.batches.length).toBeLessThan(16);
  });

  test('bounds a batch by its bytes too, but never below one commit', async () => {
    const { sink, start, append, until } = setUp({ limits: { batchBytes: 1 } });
    await append(5);
    start();
    await until(() => sink.stored === 5);
    expect(sink.batches).toEqual([1, 1, 1, 1, 1]);
  });

  test('waits out a sink that is away, ever more patiently, and catches up by itself', async () => {
    const { sink, logger, clock, start, append, until } = setUp({
      limits: { backoffMs: { first: 100, most: 400 } },
    });
    await append(3);
    sink.failWith = Object.assign(new Error('no connection'), { code: 'ECONNREFUSED' });
    const runner = start();
    await until(() => runner.health().state === 'waiting');
    expect(runner.health().error).toMatchObject({ code: 'ECONNREFUSED' });
    await clock.advance(60_000);
    const waits = logger.told.length;
    expect(waits).toBeGreaterThan(140);
    expect(waits).toBeLessThan(160);
    sink.failWith = undefined;
    await until(() => sink.stored === 3);
    expect(runner.health()).toMatchObject({ state: 'following' });
    expect(runner.health().error).toBeUndefined();
  });

  test('reads again from where the sink has come back to', async () => {
    const { sink, start, append, until } = setUp();
    await append(10);
    start();
    await until(() => sink.stored === 10);
    sink.stored = 4;
    sink.seqs.length = 0;
    await append(1);
    await until(() => sink.stored === 11);
    expect(sink.seqs).toEqual([5, 6, 7, 8, 9, 10, 11]);
  });

  test('halts at a commit that cannot be read, with everything before it stored', async () => {
    const { memory, sink, logger, start, append, until } = setUp();
    await append(4);
    await memory.append({
      stream: 'DEFINITIONS',
      subject: SUBJECT,
      bytes: new Uint8Array([0xff, 0xff]),
      msgId: 'poison',
    });
    await append(2);
    const runner = start();
    await until(() => runner.health().state === 'halted');
    expect(sink.seqs).toEqual([1, 2, 3, 4]);
    expect(runner.health()).toMatchObject({
      position: 4,
      error: { code: 'poison-commit', seq: 5 },
    });
    expect(logger.told).toContain('projection halted');
  });

  test('halts at exactly the commit that the sink refuses for good', async () => {
    const { sink, start, append, until } = setUp();
    await append(9);
    sink.poisonSeq = 6;
    const runner = start();
    await until(() => runner.health().state === 'halted');
    expect(sink.seqs).toEqual([1, 2, 3, 4, 5]);
    expect(runner.health().error).toMatchObject({ seq: 6 });
  });

  test('halts when the rows have come from a longer log than this', async () => {
    const { sink, start, append, until } = setUp();
    await append(3);
    sink.stored = 50;
    const runner = start();
    await until(() => runner.health().state === 'halted');
    expect(runner.health().error).toMatchObject({ code: 'foreign-log' });
  });

  test('ends with the batch that is being written', async () => {
    const { sink, start, append, until } = setUp({ limits: { batchCommits: 2 } });
    await append(10);
    let release = () => {};
    const runner = start();
    sink.writing = new Promise((resolve) => {
      release = resolve;
    });
    await until(() => runner.health().state === 'following');
    const stopped = runner.stop();
    release();
    await stopped;
    expect(sink.stored).toBe(sink.seqs.length);
    expect(sink.stored).toBeLessThanOrEqual(2);
    expect(runner.health().state).toBe('stopped');
  });
});

describe('a reading that has gone silent', () => {
  /** A log whose first readings never give anything and never end. */
  function silentLog(memory: MemoryEventLog, silentReadings: number) {
    const readings: number[] = [];
    const log: EventLog = {
      append: (request) => memory.append(request),
      last: (stream, subject) => memory.last(stream, subject),
      get: (stream, seq) => memory.get(stream, seq),
      lastSeq: (stream) => memory.lastSeq(stream),
      read: (range) => memory.read(range),
      follow: (range: ReadRange, signal: AbortSignal): AsyncIterable<StoredCommit> => {
        readings.push(range.fromSeq);
        if (readings.length > silentReadings) return memory.follow(range, signal);
        return { [Symbol.asyncIterator]: () => ({ next: () => new Promise(() => {}) }) };
      },
    };
    return { log, readings };
  }

  test('is begun anew from the position, although it never ended', async () => {
    const clock = new ManualClock();
    const memory = new MemoryEventLog(() => clock.now());
    const { log, readings } = silentLog(memory, 2);
    const sink = new Store();
    await memory.append({
      stream: 'DEFINITIONS',
      subject: SUBJECT,
      bytes: commit(1),
      msgId: 'c1',
    });
    const runner = new ProjectionRunner(ROW, { log, sink, clock, logger: new Lines() });
    running = runner;
    runner.start();
    for (let second = 0; second < 60 && sink.stored === 0; second++) await clock.advance(1_000);
    expect(sink.stored).toBe(1);
    expect(readings).toEqual([1, 1, 1]);
    expect(runner.health()).toMatchObject({ stalls: 2 });
  });

  test('is left alone while the stream has nothing more either', async () => {
    const clock = new ManualClock();
    const memory = new MemoryEventLog(() => clock.now());
    const { log, readings } = silentLog(memory, 0);
    const runner = new ProjectionRunner(ROW, {
      log,
      sink: new Store(),
      clock,
      logger: new Lines(),
    });
    running = runner;
    runner.start();
    for (let second = 0; second < 60; second++) await clock.advance(1_000);
    expect(readings).toEqual([1]);
  });
});
