import type { attempt, dispatch } from '#libs/contracts';
import { dispatch as dispatches } from '#libs/contracts';
import { unitsOf } from '#libs/domain';
import type { Row } from '../columns.js';
import { instant, int4, int8, jsonOf, jsonOrNull, key, keyOrNull } from '../storable.js';
import { artifactsJson, errorJson } from './execution-rows.js';
import { keyOf } from './keyed-rows.js';
import { attemptOutcome } from './words.js';

export type AttemptRow = Row<'attempt'>;
export type AttemptKey = Pick<AttemptRow, 'account' | 'execution_id' | 'attempt' | 'fence'>;

/** What moves after the release. */
export const ATTEMPT_MOVING = [
  'status',
  'worker_id',
  'started_at',
  'ended_at',
  'error',
  'output',
  'artifacts',
  'usage',
  'compute_cost_micros',
  'api_cost_micros',
  'currency',
  'planner_ms',
  'queue_ms',
  'limit_ms',
  'retry_ms',
  'worker_start_ms',
  'user_code_ms',
] as const;

interface NamesAttempt {
  readonly account: string;
  readonly executionId: string;
  readonly attempt: number;
  readonly fence: number;
}

export function attemptKey(event: NamesAttempt): AttemptKey {
  return {
    account: key(event.account),
    execution_id: key(event.executionId),
    attempt: int4(event.attempt),
    fence: int8(event.fence),
  };
}

export function attemptKeyText(of: AttemptKey): string {
  return keyOf(of.account, of.execution_id, of.attempt, of.fence);
}

export function releasedAttempt(event: dispatch.AttemptReleased): AttemptRow {
  return {
    ...attemptKey(event),
    status: 'released',
    worker_id: null,
    released_at: instant(event.releasedAtMs),
    started_at: null,
    ended_at: null,
    error: null,
    output: null,
    artifacts: '[]',
    usage: null,
    queue_ms: null,
    limit_ms: null,
    planner_ms: null,
    retry_ms: null,
    worker_start_ms: null,
    user_code_ms: null,
    compute_cost_micros: null,
    api_cost_micros: null,
    currency: null,
  };
}

export function acceptedAttempt(row: AttemptRow, event: dispatch.AttemptAccepted): AttemptRow {
  return {
    ...row,
    status: 'running',
    worker_id: keyOrNull(event.workerId),
    started_at: instant(event.startedAtMs),
  };
}

export function closedAttempt(row: AttemptRow, event: dispatch.AttemptClosed): AttemptRow {
  return {
    ...row,
    status: attemptOutcome(event.outcome),
    ended_at: instant(event.endedAtMs),
    error: errorJson(event.error),
    output: jsonOrNull(event.outputJson),
    artifacts: artifactsJson(event.artifacts),
    usage: usageJson(event.usage),
    compute_cost_micros: int8(event.computeCostMicros),
    api_cost_micros: int8(event.apiCostMicros),
    currency: keyOrNull(event.currency),
  };
}

export function lostAttempt(row: AttemptRow, event: dispatch.AttemptLost): AttemptRow {
  const unclaimed = event.cause === dispatches.LossCause.UNCLAIMED;
  return {
    ...row,
    status: unclaimed ? 'unclaimed' : 'lost',
    ended_at: instant(event.lostAtMs),
  };
}

function usageJson(usage: attempt.Usage | undefined): string | null {
  if (usage === undefined) return null;
  const { cpuMs, peakMemoryBytes, logBytes, logLines, peakDiskBytes } = usage;
  const { processStartMs, logLinesDropped, isolation, apiCosts } = usage;
  return jsonOf({
    cpuMs,
    peakMemoryBytes,
    logBytes,
    logLines,
    peakDiskBytes,
    processStartMs,
    logLinesDropped,
    isolation,
    ...(apiCosts.length > 0 && {
      apiCosts: apiCosts.map(({ micros, note }) => ({ amount: unitsOf(micros), note })),
    }),
  });
}
