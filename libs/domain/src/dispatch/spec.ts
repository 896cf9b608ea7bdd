/** What is frozen into an execution when it is requested. */
import { create, dispatch as d, task as t } from '#libs/contracts';
import { impossible } from '../decider.js';
import type { DispatchState } from './state.js';

/** The pool whose workers can run a type of task. */
export function poolOf(type: t.TaskType): string {
  switch (type) {
    case t.TaskType.BROWSER_AUTOMATION:
      return 'browser';
    case t.TaskType.WORKFLOW:
      return 'workflow';
    case t.TaskType.SYSTEM:
    case t.TaskType.UNSPECIFIED:
      return 'system';
    default:
      return impossible(type);
  }
}

/** What a slot that leads to no run is told by. */
export type Named = Pick<d.ExecutionSpec, 'taskName' | 'type' | 'pool'>;

/** Of a task as it is, or was before it was deleted. */
export function namesOf(state: DispatchState, account: string, taskId: string): Named {
  const task = state.definitions.task(account, taskId);
  if (task.status === 'none') return { taskName: '', type: NO_TYPE, pool: poolOf(NO_TYPE) };
  const pool = 'settings' in task ? task.settings.pool : '';
  return { taskName: task.name, type: task.type, pool: pool || poolOf(task.type) };
}

const NO_TYPE = t.TaskType.UNSPECIFIED;

/** Of a run that was requested. */
export function namesIn({ taskName, type, pool }: d.ExecutionSpec): Named {
  return { taskName, type, pool };
}

/** Overrides win by top-level key. Both are JSON objects, or empty. */
export function mergeParameters(baseJson: string, overridesJson: string): string {
  if (overridesJson === '') return baseJson;
  return JSON.stringify({ ...JSON.parse(baseJson || '{}'), ...JSON.parse(overridesJson) });
}

/** `parametersJson`: the whole input; undefined: the task's own with `overridesJson`. */
export function specOf(
  state: DispatchState,
  account: string,
  taskId: string,
  overridesJson: string,
  parametersJson: string | undefined,
): d.ExecutionSpec | 'task-unknown' | 'target-missing' {
  const task = state.definitions.task(account, taskId);
  if (task.status === 'none' || task.status === 'deleted') return 'task-unknown';
  const { automationId } = task.target;
  const automation =
    automationId === '' ? undefined : state.definitions.automation(account, automationId);
  if (automationId !== '' && (automation === undefined || automation.deleted))
    return 'target-missing';
  const { workflowId } = task.target;
  const workflow = workflowId === '' ? undefined : state.definitions.workflow(account, workflowId);
  if (workflowId !== '' && (workflow === undefined || workflow.deleted)) return 'target-missing';
  return create(d.ExecutionSpecSchema, {
    taskId,
    taskName: task.name,
    type: task.type,
    target: task.target,
    parametersJson: parametersJson ?? mergeParameters(task.parametersJson, overridesJson),
    settings: task.settings,
    pool: task.settings.pool || poolOf(task.type),
    automationSeq: automation?.seq ?? workflow?.seq ?? 0,
  });
}
