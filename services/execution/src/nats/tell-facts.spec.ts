import { beforeEach, describe, expect, test } from '@jest/globals';
import { SystemClock } from '#libs/clock';
import { attempt as a, create, decodeCommit } from '#libs/contracts';
import { type AppendRequest, MemoryEventLog } from '#libs/event-log';
import { eventually } from '#libs/testing';
import { FactTeller } from './tell-facts.js';

const SHARD = 0;
const clock = new SystemClock();

/** Stores nothing before it is told to, and then in any order. */
class SlowLog extends MemoryEventLog {
  readonly held: { readonly request: AppendRequest; readonly store: () => void }[] = [];
  isOpen = false;

  override append(request: AppendRequest) {
    if (this.isOpen) return super.append(request);
    const stored = Promise.withResolvers<Awaited<ReturnType<MemoryEventLog['append']>>>();
    this.held.push({ request, store: () => stored.resolve(super.append(request)) });
    return stored.promise;
  }
}

let log: SlowLog;
let facts: FactTeller;

beforeEach(() => {
  log = new SlowLog(() => clock.now());
  const abandon = new AbortController().signal;
  facts = new FactTeller({ eventLog: log, clock, abandon, workerId: 'w' });
});

const start = (fence: number) =>
  facts.tellStart(SHARD, create(a.AttemptStartedSchema, { executionId: `e${fence}`, fence }));
const end = (fence: number) =>
  facts.tellEnd(SHARD, create(a.AttemptEndedSchema, { executionId: `e${fence}`, fence }));

const wordsOf = (bytes: Uint8Array) =>
  decodeCommit(bytes).events.map(({ event }) => {
    const fact = event as a.AttemptStarted | a.AttemptEnded;
    return `${fact.$typeName === 'attempt.v1.AttemptStarted' ? 'start' : 'end'} ${fact.fence}`;
  });
const heldCommits = () => log.held.map(({ request }) => wordsOf(request.bytes));

async function sent(commits: number): Promise<void> {
  await eventually(async () => expect(log.held).toHaveLength(commits));
}

describe('facts', () => {
  test('of a short job go out together, the start before the end', async () => {
    void start(1);
    void end(1);
    await sent(1);
    expect(heldCommits()).toEqual([['start 1', 'end 1']]);
  });

  test('that come together share a commit, and several commits are under way', async () => {
    for (const fence of [1, 2, 3]) void start(fence);
    await sent(1);
    for (const fence of [4, 5]) void start(fence);
    await sent(2);
    expect(heldCommits()).toEqual([
      ['start 1', 'start 2', 'start 3'],
      ['start 4', 'start 5'],
    ]);
  });

  test('an end waits for a start that is under way, and nobody else does', async () => {
    void start(1);
    await sent(1);
    const told = end(1);
    void start(2);
    void end(2);
    await sent(2);
    expect(heldCommits()[1]).toEqual(['start 2', 'end 2']);
    log.isOpen = true;
    for (const { store } of log.held.toReversed()) store();
    await told;
    const stored: string[] = [];
    for await (const { bytes } of log.read({ stream: 'ATTEMPTS', fromSeq: 1 }))
      stored.push(...wordsOf(bytes));
    expect(stored.indexOf('start 1')).toBeLessThan(stored.indexOf('end 1'));
    expect(stored).toHaveLength(4);
  });
});
