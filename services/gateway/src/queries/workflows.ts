import { type Selectable } from 'kysely';
import { type RunStepTable, type WorkflowTable, type WorkflowVersionTable } from '#libs/read-model';
import { RUN_STEPS_MAX, WORKFLOW_VERSIONS_MAX, WORKFLOWS_MAX } from '../limits.js';
import { type Db } from './tasks.js';

export type WorkflowRow = Selectable<WorkflowTable>;
export type WorkflowVersionRow = Selectable<WorkflowVersionTable>;
export type RunStepRow = Selectable<RunStepTable>;

/** By name. */
export function listWorkflows(db: Db, account: string): Promise<WorkflowRow[]> {
  return db
    .selectFrom('workflow')
    .selectAll()
    .where('account', '=', account)
    .where('deleted', '=', false)
    .orderBy('name')
    .orderBy('id')
    .limit(WORKFLOWS_MAX)
    .execute();
}

export function findWorkflow(
  db: Db,
  account: string,
  id: string,
): Promise<WorkflowRow | undefined> {
  return db
    .selectFrom('workflow')
    .selectAll()
    .where('account', '=', account)
    .where('id', '=', id)
    .where('deleted', '=', false)
    .executeTakeFirst();
}

/** The newest first; also of a deleted one, whose runs still refer to it. */
export function versionsOfWorkflow(
  db: Db,
  account: string,
  workflowId: string,
): Promise<WorkflowVersionRow[]> {
  return db
    .selectFrom('workflow_version')
    .selectAll()
    .where('account', '=', account)
    .where('workflow_id', '=', workflowId)
    .orderBy('version', 'desc')
    .limit(WORKFLOW_VERSIONS_MAX)
    .execute();
}

/** In the order in which they were begun. */
export function stepsOfRun(db: Db, account: string, executionId: string): Promise<RunStepRow[]> {
  return db
    .selectFrom('run_step')
    .selectAll()
    .where('account', '=', account)
    .where('execution_id', '=', executionId)
    .orderBy('position')
    .orderBy('place')
    .limit(RUN_STEPS_MAX)
    .execute();
}
