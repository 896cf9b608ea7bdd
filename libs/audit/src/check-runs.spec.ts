import { expect, test } from '@jest/globals';
import { attempt as a, create, type DomainEvent, dispatch as d } from '#libs/contracts';
import { checkRuns, type RunReport } from './check-runs.js';
import type { FindingCode } from './finding.js';
import { created, faultless, journal, schedule } from './testing/history.js';

const START_MS = Date.parse('2026-03-01T09:00:00Z');

/** Two slots that fired. */
const { ticks } = faultless({
  definitions: [
    { atMs: START_MS, taskId: 't1', event: created('t1', [schedule('s1', '* * * * *')]) },
  ],
  looks: [60_000, 120_000].map((afterMs) => ({ atMs: START_MS + afterMs, term: 1 })),
});
const [one = '', two = ''] = firedIn();

function firedIn(): string[] {
  const dispatch = journal('DISPATCH', []);
  const lost = checkRuns({ ticks, dispatch, attempts: [] }, { isOver: true }).findings;
  return lost.map(({ what }) => what.slice(0, what.indexOf(' ')));
}

const requested = (executionId: string) =>
  create(d.ExecutionRequestedSchema, { executionId, slot: { scheduleId: 's1' } });
const skipped = (executionId: string) => create(d.ExecutionSkippedSchema, { executionId });
const released = (executionId: string, fence: number, attempt = 1) =>
  create(d.AttemptReleasedSchema, { executionId, fence, attempt });
const accepted = (executionId: string, fence: number) =>
  create(d.AttemptAcceptedSchema, { executionId, fence });
const closed = (executionId: string, fence: number) =>
  create(d.AttemptClosedSchema, { executionId, fence });
const lost = (executionId: string, fence: number) =>
  create(d.AttemptLostSchema, { executionId, fence });
const finished = (executionId: string) =>
  create(d.ExecutionFinishedSchema, { executionId, status: d.ExecutionStatus.SUCCESS });
const started = (executionId: string, fence: number) =>
  create(a.AttemptStartedSchema, { executionId, fence });

/** One run that lost its first attempt, and one slot that did not run for a reason. */
const good: readonly DomainEvent[] = [
  requested(one),
  released(one, 1),
  accepted(one, 1),
  skipped(two),
  lost(one, 1),
  create(d.RetryPlannedSchema, { executionId: one }),
  create(d.ExecutionQueuedSchema, { executionId: one }),
  released(one, 2, 2),
  accepted(one, 2),
  closed(one, 2),
  finished(one),
];

function check(events: readonly DomainEvent[], isOver = true): RunReport {
  const dispatch = journal('DISPATCH', [events]);
  const attempts = journal('ATTEMPTS', [[started(one, 1)], [started(one, 2)], [started(one, 2)]]);
  return checkRuns({ ticks, dispatch, attempts }, { isOver });
}

const without = (index: number) => good.toSpliced(index, 1);
const twice = (index: number) => good.toSpliced(index, 0, good[index] as DomainEvent);

test('finds nothing wrong in a life that was lived in order, and counts it', () => {
  expect(check(good)).toMatchObject({
    found: 0,
    executions: 1,
    succeeded: 1,
    skipped: 1,
    attempts: 2,
    lost: 1,
    inVain: 1,
  });
});

test('does not ask of a run under way that it be ended', () => {
  expect(check(good.slice(0, 3), false).found).toBe(0);
  expect(check(good.slice(0, 3)).findings.map(({ code }) => code)).toEqual([
    'run-lost',
    'run-unfinished',
  ]);
});

const spoilt: readonly [string, FindingCode, readonly DomainEvent[]][] = [
  ['a slot without its run', 'run-lost', without(3)],
  ['a run of no slot', 'run-unfounded', [...good, requested('nobody')]],
  ['a slot that runs twice', 'run-twice', [...good, requested(one)]],
  ['a slot that was skipped twice', 'run-twice', twice(3)],
  ['a run that was never asked for', 'run-order', without(0)],
  ['an attempt nobody released', 'run-order', without(1)],
  ['two attempts at the same time', 'run-order', without(4)],
  ['an attempt that was accepted twice', 'run-order', twice(2)],
  ['a fence that does not rise', 'run-order', good.with(7, released(one, 1, 2))],
  ['an accepted start with another fence', 'run-order', good.with(8, accepted(one, 1))],
  ['an end with an old fence', 'run-order', good.with(9, closed(one, 1))],
  ['an end while it runs', 'run-order', without(9)],
  ['something after the end', 'run-order', [...good, released(one, 3, 3)]],
  ['two ends', 'run-order', twice(10)],
  ['no end', 'run-unfinished', without(10)],
];

test.each(spoilt)('%s is found as %s', (_what, code, events) => {
  expect(check(events).findings.map((finding) => finding.code)).toContain(code);
});
