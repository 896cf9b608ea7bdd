import { attempt, create } from '#libs/contracts';
import { withPace } from '../capacity/rate-pace.js';
import { type By, dispatchFor } from '../commands/carry-out.js';
import { type DispatchCommand } from '../commands/commands.js';
import { ended, orOver } from '../commands/ongoing.js';
import { type GatewayParts } from '../gateway-parts.js';
import { type Fault, invalid, RequestProblem } from '../problems/problem.js';
import { known, unknownExecution } from '../problems/unknown.js';
import { type ExecutionRow, findExecution } from '../queries/executions.js';
import { findTask } from '../queries/tasks.js';
import { type PriorityWord } from '../shapes/words.js';
import { checkSystemParameters } from '../tasks/check-task.js';
import { priorityOf } from '../tasks/task-definition.js';

/** What a caller does to executions: asked of the owner of the account's shard. */

export interface Accepted {
  readonly executionId: string;
  readonly taskId: string;
  readonly queuePosition: number;
  /** Null: nobody can tell. */
  readonly estimatedStart: Date | null;
  /** Sequence in DISPATCH. */
  readonly position: number;
}

export interface RunRequest {
  readonly taskId: string;
  /** Override the task's own by key. */
  readonly parameters?: Record<string, unknown>;
  readonly priority?: PriorityWord;
}

export async function runTask(
  parts: GatewayParts,
  by: By,
  { taskId, parameters, priority }: RunRequest,
): Promise<Accepted> {
  if (parameters !== undefined) {
    const faults = await checkOverrides(parts, by, taskId, parameters);
    if (faults.length > 0) throw invalid(faults);
  }
  return ask(parts, by, taskId, {
    case: 'runTask',
    value: {
      $typeName: 'dispatch.v1.RunTask',
      taskId,
      parametersJson: parameters === undefined ? '' : JSON.stringify(parameters),
      priority: priorityOf(priority),
    },
  });
}

/** A new execution with the input of one that has ended, or with a better one. */
export async function retryExecution(
  parts: GatewayParts,
  by: By,
  executionId: string,
  {
    parameters,
    fromStep,
  }: {
    readonly parameters?: Record<string, unknown> | undefined;
    readonly fromStep?: string | undefined;
  } = {},
): Promise<Accepted> {
  const found = await findExecution(parts.db, by.caller.account, executionId);
  const row = known(found, unknownExecution, executionId);
  if (isOpen(row))
    throw new RequestProblem('rejected', 'The execution has not ended yet.', {
      code: 'execution-open',
    });
  const origin = fromStep === undefined ? undefined : originOf(row, fromStep);
  if (parameters !== undefined) await checkInput(parts, by, row.task_id, parameters);
  return ask(parts, by, row.task_id, {
    case: 'retryExecution',
    value: {
      $typeName: 'dispatch.v1.RetryExecution',
      executionId,
      taskId: row.task_id,
      parametersJson: JSON.stringify(parameters ?? row.parameters),
      ...(origin && { origin }),
    },
  });
}

/** A step as it is told of a run, `path#1.2`; `failed` is the one that the run failed at. */
function originOf(row: ExecutionRow, fromStep: string): attempt.RunOrigin {
  if (row.type !== 'workflow')
    throw invalid([
      {
        path: '/fromStep',
        code: 'not-a-workflow',
        message: 'Only a run of a workflow has steps.',
        remedy: 'Leave it out.',
      },
    ]);
  const [path = '', iteration = ''] = fromStep === 'failed' ? [] : fromStep.split('#');
  return create(attempt.RunOriginSchema, {
    executionId: row.id,
    stepPath: path,
    stepIteration: iteration === '' ? [] : iteration.split('.').map(Number),
  });
}

export async function cancelExecution(
  parts: GatewayParts,
  by: By,
  executionId: string,
  {
    reason = '',
    force = false,
  }: {
    readonly reason?: string | undefined;
    readonly force?: boolean | undefined;
  } = {},
): Promise<{ readonly position: number }> {
  const cancel = dispatchFor(parts, by, {
    case: 'cancelExecution',
    value: { $typeName: 'dispatch.v1.CancelExecution', executionId, reason, force },
  });
  return orOver(cancel, 'execution-unknown', async () => {
    const row = await findExecution(parts.db, by.caller.account, executionId);
    return ended('execution', known(row, unknownExecution, executionId));
  });
}

/** For one more run of a task. */
export async function ask(
  parts: GatewayParts,
  by: By,
  taskId: string,
  body: DispatchCommand,
): Promise<Accepted> {
  const accepted = await dispatchFor(parts, by, body).catch(async (error: unknown) => {
    throw await withPace(parts.db, { account: by.caller.account, taskId }, error);
  });
  return {
    executionId: accepted.executionId,
    taskId,
    queuePosition: accepted.queuePosition,
    estimatedStart: accepted.estimatedStartMs > 0 ? new Date(accepted.estimatedStartMs) : null,
    position: accepted.position,
  };
}

/** A whole input of a run. Throws all its faults. */
export async function checkInput(
  parts: GatewayParts,
  by: By,
  taskId: string,
  parameters: Record<string, unknown>,
): Promise<void> {
  const row = await findTask(parts.db, by.caller.account, taskId);
  if (row === undefined) return;
  const faults = checkSystemParameters(row.type, row.target.systemTask, parameters);
  if (faults.length > 0) throw invalid(faults);
}

/** What the task would run with. Without the read model the worker is left to find out. */
async function checkOverrides(
  { db, log }: GatewayParts,
  { caller }: By,
  taskId: string,
  parameters: Record<string, unknown>,
): Promise<Fault[]> {
  try {
    const row = await findTask(db, caller.account, taskId);
    if (row === undefined) return [];
    const merged = { ...row.parameters, ...parameters };
    return checkSystemParameters(row.type, row.target.systemTask, merged);
  } catch (error) {
    log.warn({ err: error }, 'the parameters of a run could not be checked');
    return [];
  }
}

function isOpen({ status }: ExecutionRow): boolean {
  return (
    status === 'queued' || status === 'running' || status === 'retrying' || status === 'waiting'
  );
}
