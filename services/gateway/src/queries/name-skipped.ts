import type { ExecutionRow } from './executions.js';
import type { Db } from './tasks.js';

/** The pool of a type that has one of its own name or another (see poolOf in libs/domain). */
const POOL_OF_TYPE: Readonly<Record<string, string>> = {
  browser_automation: 'browser',
  workflow: 'workflow',
  system: 'system',
};

/**
 * A slot that was skipped before it became a run has nothing frozen: its row names the task alone.
 * What the task is called and what it is comes from the task, deleted ones included; one that the
 * read model does not know yet counts as a system task without a name.
 */
export async function nameSkipped(
  db: Db,
  account: string,
  rows: ExecutionRow[],
): Promise<ExecutionRow[]> {
  const ids = [...new Set(rows.filter(({ type }) => type === '').map((row) => row.task_id))];
  if (ids.length === 0) return rows;
  const tasks = await db
    .selectFrom('task')
    .select(['id', 'name', 'type'])
    .where('account', '=', account)
    .where('id', 'in', ids)
    .execute();
  const known = new Map(tasks.map((task) => [task.id, task]));
  return rows.map((row) => {
    if (row.type !== '') return row;
    const { name = '', type = 'system' } = known.get(row.task_id) ?? {};
    return { ...row, task_name: name, type, pool: POOL_OF_TYPE[type] ?? type };
  });
}
