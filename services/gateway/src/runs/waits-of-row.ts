import { type AttemptRow, type ExecutionRow } from '../queries/executions.js';

const COLUMNS = {
  plannerMs: 'planner_ms',
  queueMs: 'queue_ms',
  limitMs: 'limit_ms',
  retryMs: 'retry_ms',
  workerStartMs: 'worker_start_ms',
  userCodeMs: 'user_code_ms',
} as const;

type Part = keyof typeof COLUMNS;
export type WaitsTold = Readonly<Record<Part | 'totalMs', number>>;

/** What a run or an attempt waited for; null when there was no run. */
export function waitsOfRow(
  row: Pick<ExecutionRow | AttemptRow, (typeof COLUMNS)[Part]>,
): WaitsTold | null {
  if (row.planner_ms === null) return null;
  const parts = Object.entries(COLUMNS).map(([part, column]) => [part, row[column] ?? 0] as const);
  const totalMs = parts.reduce((sum, [, ms]) => sum + ms, 0);
  return { ...(Object.fromEntries(parts) as Record<Part, number>), totalMs };
}
