import { listExecutions } from '../queries/executions.js';
import { type Db } from '../queries/tasks.js';
import { type ExecutionsQuery } from '../shapes/requests.js';
import { type ExecutionStatusWord } from '../shapes/words.js';
import { executionAnswerOf } from './execution-answers.js';
import { paginationOf } from './pagination.js';

/** What one word of REST stands for. */
const REST_WORDS: Readonly<Record<string, readonly ExecutionStatusWord[]>> = {
  queued: ['queued', 'retrying'],
  running: ['running', 'waiting'],
};

/** A page of executions as REST has it. */
export async function executionPageOf(db: Db, account: string, query: ExecutionsQuery) {
  const { limit, offset, after, status, trigger, search, taskId, backfillId } = query;
  const window = { limit, offset, after };
  const filter = {
    taskId,
    backfillId,
    trigger,
    search,
    status: status?.flatMap((one) => REST_WORDS[one] ?? [one]),
    from: query['dateRange[start]'],
    to: query['dateRange[end]'],
  };
  const page = await listExecutions(db, account, filter, window);
  return {
    executions: page.rows.map(executionAnswerOf),
    pagination: paginationOf(page, window),
  };
}
