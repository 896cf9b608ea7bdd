import { expect, test } from '@jest/globals';
import {
  attempt as a,
  account as ac,
  create,
  type DomainEvent,
  dispatch as d,
  limit as l,
  pool as p,
  task as t,
  toBinary,
} from '#libs/contracts';
import type { StoredCommit } from '#libs/event-log';
import { checkEngine, type EngineReport } from './check-engine.js';
import type { Effect } from './engine/check-effects.js';
import type { FindingCode } from './finding.js';
import { created, definition, journal } from './testing/history.js';

const T = 1_000_000;
const DELAY_MS = 500;

/** At most two of the task at a time, and two retries, each later than the one before it. */
const settings = create(t.SettingsSchema, {
  timeoutMs: 10_000,
  concurrencyLimit: 2,
  retryPolicy: { maxRetries: 2, initialDelayMs: DELAY_MS, backoffMultiplier: 2, maxDelayMs: 900 },
});
const requested = (executionId: string) =>
  create(d.ExecutionRequestedSchema, {
    executionId,
    account: 'default',
    spec: { taskId: 't1', target: { systemTask: 'http.request' }, settings, pool: 'system' },
    limits: [{ limitId: 'l1', name: 'Shop', key: 'eu' }],
  });
/** The third fence goes to the other worker. */
const released = (
  executionId: string,
  fence: number,
  attempt = 1,
  releasedAtMs = T,
  workerId = fence === 3 ? 'w2' : 'w1',
) => create(d.AttemptReleasedSchema, { executionId, fence, attempt, releasedAtMs, workerId });
const accepted = (executionId: string, fence: number, workerId = 'w1') =>
  create(d.AttemptAcceptedSchema, { executionId, fence, workerId });
const closed = (
  executionId: string,
  fence: number,
  { outcome = a.AttemptOutcome.SUCCEEDED, attempt = 1, workerId = 'w1', endedAtMs = T } = {},
) => create(d.AttemptClosedSchema, { executionId, fence, outcome, attempt, workerId, endedAtMs });
const failure = { outcome: a.AttemptOutcome.FAILED };
const lost = (executionId: string, fence: number, cause = d.LossCause.WORKER_SILENT) =>
  create(d.AttemptLostSchema, { executionId, fence, cause, lostAtMs: T, workerId: 'w1' });
const planned = (executionId: string, delayMs: number, nextAttempt = 2) =>
  create(d.RetryPlannedSchema, { executionId, nextAttempt, dueAtMs: T + delayMs });
const stale = (executionId: string, fence: number, factType = 'attempt.v1.AttemptEnded') =>
  create(d.StaleFactIgnoredSchema, { executionId, fence, factType, workerId: 'w1' });
const finished = (executionId: string, status = d.ExecutionStatus.SUCCESS) =>
  create(d.ExecutionFinishedSchema, { executionId, status });
const letter = (executionId: string, attempts = 3) =>
  create(d.ExecutionDeadLetteredSchema, {
    executionId,
    cause: d.DeadLetterCause.EXHAUSTED,
    attempts,
    error: { code: 'HTTP_FAILED' },
  });
const started = (executionId: string, fence: number, workerId = 'w1') =>
  create(a.AttemptStartedSchema, { executionId, fence, workerId });
const ended = (executionId: string, fence: number, workerId = 'w1') =>
  create(a.AttemptEndedSchema, { executionId, fence, workerId });

/** Two runs side by side: one whose first worker falls silent and comes back, one that fails for good. */
const good: readonly DomainEvent[] = [
  requested('one'), // 0
  requested('two'),
  released('one', 1),
  released('two', 2),
  accepted('one', 1), // 4
  accepted('two', 2),
  lost('one', 1), // 6
  planned('one', DELAY_MS),
  closed('two', 2, failure), // 8
  planned('two', DELAY_MS),
  released('one', 3, 2, T + DELAY_MS), // 10
  stale('one', 1),
  accepted('one', 3, 'w2'), // 12
  released('two', 4, 2, T + DELAY_MS),
  accepted('two', 4), // 14
  closed('one', 3, { attempt: 2, workerId: 'w2' }),
  finished('one'), // 16
  closed('two', 4, { ...failure, attempt: 2 }),
  planned('two', 900, 3), // 18
  released('two', 5, 3, T + 900),
  accepted('two', 5), // 20
  closed('two', 5, { ...failure, attempt: 3 }),
  letter('two'), // 22
  finished('two', d.ExecutionStatus.FAILED),
];
const definitions = [
  definition(1, { kind: 'task', id: 't1', event: { ...created('t1', []), settings } }),
];
const and = (kind: 'pool' | 'limit' | 'account', id: string, event: DomainEvent) => [
  ...definitions,
  definition(2, { kind, id, event }),
];
const granted = (slots: number) =>
  toBinary(
    d.DispatchInputsSchema,
    create(d.DispatchInputsSchema, {
      definitionsSeq: 2,
      workers: ['w1', 'w2'].map((workerId) => ({ workerId, pools: [{ pool: 'system', slots }] })),
    }),
  );
const told: readonly DomainEvent[] = [
  started('one', 1), // 0
  started('two', 2),
  ended('two', 2),
  ended('one', 1), // 3: too late
  started('one', 3, 'w2'),
  started('two', 4),
  ended('one', 3, 'w2'),
  ended('two', 4),
  started('two', 5),
  ended('two', 5),
];
const seen: readonly Effect[] = [
  { executionId: 'one', attempt: 1 },
  { executionId: 'one', attempt: 2 },
  { executionId: 'two', attempt: 3 },
];

const saved = (rule: Partial<l.Rule>) =>
  create(l.LimitSavedSchema, { limitId: 'l1', rule: { name: 'Shop', ...rule } as l.Rule });

interface Log {
  readonly definitions?: readonly StoredCommit[];
  readonly slots?: number;
  readonly events?: readonly DomainEvent[];
  readonly facts?: readonly DomainEvent[];
  readonly effects?: readonly Effect[];
}

function check({ events = good, facts = told, effects = seen, ...log }: Log): EngineReport {
  const dispatch = journal(
    'DISPATCH',
    events.map((event) => [event]),
    granted(log.slots ?? 2),
  );
  const attempts = journal(
    'ATTEMPTS',
    facts.map((fact) => [fact]),
  );
  return checkEngine(
    { definitions: log.definitions ?? definitions, ticks: [], dispatch, attempts },
    { isOver: true, witness: { effects, systemTasks: ['http.request'] } },
  );
}

const without = (index: number) => good.toSpliced(index, 1);
const before = (index: number, ...events: DomainEvent[]) => good.toSpliced(index, 0, ...events);

test('finds nothing wrong in lives that were lived in order, and counts what happened', () => {
  expect(check({}).findings).toEqual([]);
  expect(check({})).toMatchObject({
    executions: 2,
    ends: { SUCCESS: 1, FAILED: 1 },
    losses: { WORKER_SILENT: 1 },
    retries: 3,
    stale: 1,
    limitsFull: { task: 2 },
    deadLetters: 1,
  });
});

test('lets an attempt that nobody began be released again under its number, at no cost', () => {
  const again = [lost('one', 1, d.LossCause.UNCLAIMED), released('one', 3, 1, T, 'w1')];
  const events = [...good.slice(0, 4), ...again, accepted('one', 3), closed('one', 3)];
  const report = check({
    events: [...events, finished('one'), accepted('two', 2), closed('two', 2), finished('two')],
    facts: [started('one', 3), ended('one', 3), started('two', 2), ended('two', 2)],
    effects: ['one', 'one', 'two'].map((executionId) => ({ executionId, attempt: 1 })),
  });
  expect(report.findings).toEqual([]);
});

const forged: readonly [string, FindingCode, Log][] = [
  ['an attempt while one is out', 'attempt-overlap', { events: without(6) }],
  ['a start while one runs', 'attempt-overlap', { events: before(14, accepted('two', 4)) }],
  ['a fence given twice', 'fence-order', { events: good.with(10, released('one', 2, 2, T + 500)) }],
  ['a fence that falls', 'fence-order', { events: good.with(13, released('two', 1, 2, T + 500)) }],
  ['a late end taken for one in time', 'stale-effect', { events: good.with(11, closed('one', 1)) }],
  [
    "another worker's end",
    'stale-effect',
    { events: good.with(15, closed('one', 3, { attempt: 2, workerId: 'w9' })) },
  ],
  [
    'one attempt more than its retries',
    'attempts-exceeded',
    { events: before(22, released('two', 6, 4, T + 900)) },
  ],
  [
    'an attempt under the wrong number',
    'attempt-number',
    { events: good.with(10, released('one', 3, 5, T + 500)) },
  ],
  ['a delay that is too short', 'retry-delay', { events: good.with(9, planned('two', 100)) }],
  ['a delay beyond its cap', 'retry-delay', { events: good.with(18, planned('two', 1_000, 3)) }],
  ['a retry before it was due', 'retry-early', { events: good.with(13, released('two', 4, 2, T)) }],
  ['a retry of nothing', 'retry-unfounded', { events: before(2, planned('one', DELAY_MS)) }],
  [
    'three at a time where two may',
    'limit-exceeded',
    { events: before(4, requested('three'), released('three', 3)) },
  ],
  [
    'more than the account may',
    'limit-exceeded',
    {
      definitions: and(
        'account',
        'limits',
        create(ac.AccountLimitsSetSchema, { maxConcurrent: 1 }),
      ),
    },
  ],
  [
    'more of a pool than the account may',
    'limit-exceeded',
    { definitions: and('pool', 'system', create(p.PoolSavedSchema, { maxConcurrent: 1 })) },
  ],
  [
    'an attempt in a paused pool',
    'pool-paused',
    { definitions: and('pool', 'system', create(p.PoolPausedSchema)) },
  ],
  [
    'more under one key than a limit allows',
    'limit-exceeded',
    { definitions: and('limit', 'l1', saved({ maxConcurrent: 1 })) },
  ],
  [
    'starts faster than a rate',
    'rate-exceeded',
    {
      definitions: and(
        'limit',
        'l1',
        saved({ rate: create(l.RateSchema, { count: 2, perMs: 600 }) }),
      ),
    },
  ],
  ['more than a worker has granted', 'slots-exceeded', { slots: 1 }],
  ['a bad end without its dead letter', 'dead-letter-missing', { events: without(22) }],
  [
    'a dead letter of a good end',
    'dead-letter-unfounded',
    { events: before(16, letter('one', 2)) },
  ],
  ['two dead letters of one run', 'dead-letter-twice', { events: before(22, letter('two')) }],
  [
    'a dead letter that tells wrongly',
    'dead-letter-incomplete',
    { events: good.with(22, letter('two', 1)) },
  ],
  ['an end that came before', 'ended-twice', { events: before(17, finished('one')) }],
  ['a success of a failed attempt', 'end-unfounded', { events: good.with(23, finished('two')) }],
  [
    'a failure of a good attempt',
    'end-unfounded',
    { events: good.with(16, finished('one', d.ExecutionStatus.FAILED)) },
  ],
  ['a run that never ends', 'run-unfinished', { events: without(23) }],
  ['a run that nobody asked for', 'run-unrequested', { events: without(1) }],
  ['a late result that was not kept', 'fact-ignored', { events: without(11) }],
  ['a start that was not taken in', 'fact-ignored', { facts: [...told, started('one', 3, 'w3')] }],
  ['an end that nobody told', 'fact-invented', { facts: told.toSpliced(6, 1) }],
  ['a late result that nobody told', 'fact-invented', { events: before(16, stale('two', 2)) }],
  [
    'an effect of no attempt',
    'effect-unknown',
    { effects: [...seen, { executionId: 'one', attempt: 3 }] },
  ],
  ['an effect that came twice', 'effect-twice', { effects: [...seen, seen[1] as Effect] }],
  ['a success without its effect', 'effect-missing', { effects: seen.toSpliced(1, 1) }],
];

test.each(forged)('%s is found as %s', (_what, code, log) => {
  expect(check(log).findings.map((finding) => finding.code)).toContain(code);
});
