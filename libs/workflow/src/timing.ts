/** Durations within a run: waits, time-outs, and the delays of retries. */
import { createHash } from 'node:crypto';
import type { Duration, RetryPolicy, Timeout } from './definition.js';
import { durationMs } from './duration.js';
import { enclosed } from './expression.js';
import { fault } from './fault.js';
import type { Json } from './json.js';
import { WORKFLOW_LIMITS } from './limits.js';
import type { Machine, Sight } from './machine.js';

export function timeOf(machine: Machine, duration: Duration, input: Json, sight: Sight): number {
  const expression = typeof duration === 'string' ? enclosed(duration) : undefined;
  const given = expression === undefined ? duration : machine.evaluate(expression, input, sight);
  const ms = typeof given === 'object' || typeof given === 'string' ? durationOf(given) : undefined;
  if (ms === undefined || ms > WORKFLOW_LIMITS.durationMs)
    throw fault('expression', sight.place.path, {
      title: 'The duration is none, or is too long',
      detail: 'A duration is written by ISO 8601, such as PT30S, and is of 366 days at most.',
    });
  return ms;
}

function durationOf(given: unknown): number | undefined {
  return given === null ? undefined : durationMs(given as Duration);
}

/** By name or as it stands; undefined: none. */
export function timeoutOf(
  machine: Machine,
  timeout: Timeout | undefined,
  input: Json,
  sight: Sight,
): number | undefined {
  if (timeout === undefined) return undefined;
  const meant = typeof timeout === 'string' ? machine.workflow.use?.timeouts?.[timeout] : timeout;
  if (!meant) throw new Error('A validated definition names only time-outs that it has.');
  return timeOf(machine, meant.after, input, sight);
}

/**
 * Delay before retry `count` (from 1), without jitter: the same, `count` times, or doubled each time.
 * Longer than a wait may be it never gets.
 */
export function backoffMs(policy: RetryPolicy, count: number, delayMs: number): number {
  const { backoff = {} } = policy;
  const factor = backoff.exponential ? 2 ** Math.min(count - 1, 50) : backoff.linear ? count : 1;
  return Math.min(delayMs * factor, WORKFLOW_LIMITS.durationMs);
}

/** A place in the range that follows from the seed alone: spread over runs, the same at each replay. */
export function jitterMs(seed: string, fromMs: number, toMs: number): number {
  const part = createHash('sha256').update(seed).digest().readUInt32BE(0) / 2 ** 32;
  return Math.round(fromMs + part * Math.max(0, toMs - fromMs));
}
