import { describe, expect, test } from '@jest/globals';
import { attempt as a, create, type MessageInitShape, task as t } from '#libs/contracts';
import { isFinal, jitteredDelayMs, matchesCode, retryDelayMs, retryTimeline } from './retry.js';

const DAY = 86_400_000;
const policy = (more: MessageInitShape<typeof t.RetryPolicySchema> = {}) =>
  create(t.RetryPolicySchema, {
    maxRetries: 3,
    initialDelayMs: 1_000,
    backoffMultiplier: 3,
    maxDelayMs: 5_000,
    ...more,
  });

describe('the delay of a retry', () => {
  test('grows by the multiplier, up to its cap', () => {
    expect([1, 2, 3].map((n) => retryDelayMs(policy(), n))).toEqual([1_000, 3_000, 5_000]);
  });

  test('reaches days, and never more than 30 of them', () => {
    const slow = policy({ initialDelayMs: DAY, backoffMultiplier: 100, maxDelayMs: 0 });
    expect([1, 2, 100].map((n) => retryDelayMs(slow, n))).toEqual([DAY, 30 * DAY, 30 * DAY]);
  });

  test('loses at most its jitter, and always the same for one execution and retry', () => {
    const jittery = policy({ jitter: 0.5 });
    const drawn = Array.from({ length: 200 }, (_, n) => jitteredDelayMs(jittery, 1, `e${n}`));
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(500);
    expect(Math.max(...drawn)).toBeLessThanOrEqual(1_000);
    expect(new Set(drawn).size).toBeGreaterThan(100);
    expect(jitteredDelayMs(jittery, 1, 'e7')).toBe(drawn[7]);
  });

  test('is spread evenly by a jitter of 1', () => {
    const full = policy({ initialDelayMs: 10_000, maxDelayMs: 0, jitter: 1 });
    const tenths = new Array<number>(10).fill(0);
    for (let n = 0; n < 5_000; n++) {
      const tenth = Math.min(9, Math.floor(jitteredDelayMs(full, 1, `execution ${n}`) / 1_000));
      tenths[tenth] = (tenths[tenth] ?? 0) + 1;
    }
    for (const count of tenths) expect(Math.abs(count - 500)).toBeLessThan(120);
  });
});

test('a timeline tells each delay at its shortest and longest, and what they sum up to', () => {
  expect(retryTimeline(policy({ jitter: 0.1 }))).toEqual([
    { retry: 1, delayMinMs: 900, delayMaxMs: 1_000, sinceFirstMs: 1_000 },
    { retry: 2, delayMinMs: 2_700, delayMaxMs: 3_000, sinceFirstMs: 4_000 },
    { retry: 3, delayMinMs: 4_500, delayMaxMs: 5_000, sinceFirstMs: 9_000 },
  ]);
  expect(retryTimeline(policy({ maxRetries: 0 }))).toEqual([]);
});

describe('an error is final', () => {
  const { FAILED, TIMED_OUT } = a.AttemptOutcome;
  const failed = (code: string, final = false) => ({
    outcome: FAILED,
    lost: false,
    error: create(a.AttemptErrorSchema, { code, final }),
  });

  test('when the worker says so, and the task says nothing', () => {
    expect(isFinal(policy(), failed('BAD_INPUT', true))).toBe(true);
    expect(isFinal(policy(), failed('HTTP_STATUS_UNEXPECTED'))).toBe(false);
  });

  test('when the task names its code, or how it begins', () => {
    const strict = policy({ finalErrors: ['HTTP_*', 'NO_SUCH_PAGE'] });
    expect(isFinal(strict, failed('HTTP_TIMED_OUT'))).toBe(true);
    expect(isFinal(strict, failed('NO_SUCH_PAGE'))).toBe(true);
    expect(isFinal(strict, failed('NO_SUCH_PAGES'))).toBe(false);
  });

  test('but not when the task always retries it', () => {
    const patient = policy({ finalErrors: ['*'], retriedErrors: ['HTTP_*'] });
    expect(isFinal(patient, failed('HTTP_TIMED_OUT', true))).toBe(false);
    expect(isFinal(patient, failed('BROKEN'))).toBe(true);
  });

  test('of a timeout or a loss where the task wants it so', () => {
    const timedOut = { ...failed('TIMED_OUT'), outcome: TIMED_OUT };
    const lost = { ...failed('WORKER_LOST'), lost: true };
    expect([isFinal(policy(), timedOut), isFinal(policy(), lost)]).toEqual([false, false]);
    expect(isFinal(policy({ timeoutIsFinal: true }), timedOut)).toBe(true);
    expect(isFinal(policy({ lossIsFinal: true }), lost)).toBe(true);
  });
});

test('a pattern names a code, or with a star all that begin like it', () => {
  expect(matchesCode(['A_*'], 'A_B')).toBe(true);
  expect(matchesCode(['A_*'], 'B_A_')).toBe(false);
  expect(matchesCode(['*'], 'ANY')).toBe(true);
  expect(matchesCode([], 'ANY')).toBe(false);
});
