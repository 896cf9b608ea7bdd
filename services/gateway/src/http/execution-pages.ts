import { type ExecutionConditions, type ExecutionRow } from '../queries/executions.js';
import { type Page, readTimeCursor } from '../queries/page.js';
import { type Window } from '../queries/tasks.js';
import { type ExecutionsQuery } from '../shapes/requests.js';
import { executionAnswerOf } from './execution-answers.js';
import { paginationOf } from './pagination.js';

type ListExecutions = (
  filter: ExecutionConditions,
  window: Window<{ at: Date; id: string }>,
) => Promise<Page<ExecutionRow>>;

/** A page of executions as REST has it. */
export async function executionPageOf(query: ExecutionsQuery, list: ListExecutions) {
  const { limit, offset, after, status, trigger, search, taskId, backfillId } = query;
  const page = await list(
    {
      taskId,
      backfillId,
      trigger,
      search,
      status: status?.flatMap((one) => (one === 'queued' ? ['queued', 'retrying'] : [one])),
      from: query['dateRange[start]'],
      to: query['dateRange[end]'],
    },
    { limit, offset, after: after === undefined ? undefined : readTimeCursor(after) },
  );
  return {
    executions: page.rows.slice(0, limit).map(executionAnswerOf),
    pagination: paginationOf(page, { limit, offset }, (row) => ({
      key: row.requested_at.getTime(),
      id: row.id,
    })),
  };
}
