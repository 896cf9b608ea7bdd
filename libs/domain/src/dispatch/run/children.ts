/**
 * Executions that a run of a workflow asks for. A child that is waited for ends with its parent, and its
 * end is told to the parent; any other has nothing more to do with it.
 */
import { attempt as a, create, dispatch as d, task as t } from '#libs/contracts';
import { executionIdOfCommand } from '../../ids.js';
import { cancel, type Emit } from '../emit.js';
import type { Execution } from '../execution.js';
import { CHILD_ERROR_CHARS, CHILDREN_OPEN_MAX } from '../limits.js';
import { mergeParameters, specOf } from '../spec.js';
import type { DispatchState } from '../state.js';
import { rouse } from './snooze.js';

export type ChildRefusal =
  | 'parent-unknown'
  | 'task-unknown'
  | 'workflow-unknown'
  | 'target-missing'
  | 'too-many-children';

export function startChild(
  state: DispatchState,
  { account, id: commandId, actor }: d.Command,
  wanted: d.StartChild,
  nowMs: number,
  emit: Emit,
): { readonly executionId: string } | { readonly refused: ChildRefusal } {
  const executionId = executionIdOfCommand(commandId);
  // It may be older than what is remembered of commands.
  if (state.executions.has(executionId)) return { executionId };
  const { parentExecutionId, stepKey, awaited } = wanted;
  const parent = state.executions.get(parentExecutionId);
  if (parent?.run === undefined || parent.account !== account || parent.cancelledAtMs > 0)
    return { refused: 'parent-unknown' };
  if (parent.run.children.size >= CHILDREN_OPEN_MAX) return { refused: 'too-many-children' };
  const spec = specOfChild(state, parent, wanted);
  if (typeof spec === 'string') return { refused: spec };
  emit({
    account,
    executionId,
    ...(actor === undefined ? {} : { actor }),
    causationId: commandId,
    event: create(d.ExecutionRequestedSchema, {
      executionId,
      account,
      trigger: d.Trigger.PARENT,
      spec,
      nominalAtMs: nowMs,
      requestedAtMs: nowMs,
      commandId,
      parent: { executionId: parentExecutionId, stepKey, awaited },
      ...(actor === undefined ? {} : { actor }),
    }),
  });
  return { executionId };
}

/** A workflow by its reference runs under the settings of the task that runs its parent. */
function specOfChild(
  state: DispatchState,
  { account, spec }: Execution,
  { task, workflowReference, parametersJson }: d.StartChild,
): d.ExecutionSpec | ChildRefusal {
  const { definitions } = state;
  if (workflowReference === '') {
    const taskId = definitions.taskNamed(account, task);
    return specOf(state, account, taskId, parametersJson, undefined);
  }
  const found = definitions.workflowOf(account, workflowReference);
  if (found === undefined) return 'workflow-unknown';
  return create(d.ExecutionSpecSchema, {
    ...spec,
    type: t.TaskType.WORKFLOW,
    target: create(t.TargetSchema, { workflowId: found.id }),
    parametersJson: mergeParameters('{}', parametersJson),
    automationSeq: found.seq,
  });
}

/** After an execution has left the state. */
export function onEnd(
  state: DispatchState,
  ended: Execution,
  event: d.ExecutionFinished | d.ExecutionSkipped,
  nowMs: number,
  emit: Emit,
): void {
  const { parent, run } = ended;
  if (parent?.awaited) tellParent(state, ended, parent, event, nowMs, emit);
  for (const id of [...(run?.children ?? [])]) {
    const child = state.executions.get(id);
    const reason = 'The run that asked for it has ended.';
    if (child !== undefined) cancel(child, { reason, commandId: '', force: false }, nowMs, emit);
  }
}

const { ExecutionStatus } = d;
const STATUS_WORDS: Readonly<Record<d.ExecutionStatus, string>> = {
  [ExecutionStatus.UNSPECIFIED]: 'failed',
  [ExecutionStatus.SUCCESS]: 'success',
  [ExecutionStatus.FAILED]: 'failed',
  [ExecutionStatus.TIMEOUT]: 'timeout',
  [ExecutionStatus.CANCELLED]: 'cancelled',
};

function tellParent(
  state: DispatchState,
  { id: childExecutionId, account, outputJson }: Execution,
  { executionId, stepKey }: d.ParentRun,
  event: d.ExecutionFinished | d.ExecutionSkipped,
  nowMs: number,
  emit: Emit,
): void {
  const parent = state.executions.get(executionId);
  if (parent?.run === undefined) return;
  const finished = event.$typeName === 'dispatch.v1.ExecutionFinished' ? event : undefined;
  const child = create(a.ChildEndSchema, {
    childExecutionId,
    stepKey,
    status: finished === undefined ? 'skipped' : STATUS_WORDS[finished.status],
    outputJson,
    errorCode: finished?.error?.code ?? '',
    errorMessage: (finished?.error?.message ?? '').slice(0, CHILD_ERROR_CHARS),
    endedAtMs: finished?.endedAtMs ?? nowMs,
  });
  emit({
    account,
    executionId,
    event: create(d.ChildEndedSchema, { executionId, account, child }),
  });
  rouse(parent, nowMs, emit);
}
