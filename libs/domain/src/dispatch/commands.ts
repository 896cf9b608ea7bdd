/** Commands to the owner of a shard: run, cancel, retry, backfill, redrive, discard. */

import { type attempt as a, create, dispatch as d, task as t } from '#libs/contracts';
import { executionIdOfCommand } from '../ids.js';
import { type BackfillRefusal, change, startBackfill } from './backfill/run-backfills.js';
import { digestOf } from './command-memory.js';
import {
  type Answer,
  cancelRedrive,
  discardDeadLetters,
  type RedriveRefusal,
  startRedrive,
} from './dead-letter/run-redrives.js';
import { type Emit, cancel as endByCancel } from './emit.js';
import {
  BACKFILL_CONCURRENCY_MAX,
  BACKFILL_SLOTS_MAX,
  CHILDREN_OPEN_MAX,
  REDRIVE_MAX,
  REDRIVE_PER_MINUTE_MAX,
  REDRIVES_OPEN_MAX,
} from './limits.js';
import { admit } from './queue/admission.js';
import { standingOf } from './queue/standing.js';
import { type ChildRefusal, startChild } from './run/children.js';
import { wake } from './run/snooze.js';
import { specOf } from './spec.js';
import type { DispatchState } from './state.js';

export type CommandAnswer =
  | {
      readonly accepted: true;
      readonly executionId: string;
      readonly queuePosition: number;
      readonly estimatedStartMs: number;
    }
  | {
      readonly accepted: false;
      readonly code: CommandRejectionCode;
      readonly message: string;
      readonly field: string;
    };

export type CommandRejectionCode =
  | 'task-unknown'
  | 'target-missing'
  | 'execution-unknown'
  | 'parameters-invalid'
  | 'command-unknown'
  | 'limit-key-failed'
  | 'rate-limited'
  | 'backfill-unknown'
  | 'idempotency-key-reused'
  | ChildRefusal
  | RedriveRefusal
  | BackfillRefusal;

const REFUSALS: Readonly<Record<BackfillRefusal, string>> = {
  'task-unknown': 'There is no such task.',
  'target-missing': 'The automation that the task runs no longer exists.',
  'slots-invalid': `A backfill has 1 to ${BACKFILL_SLOTS_MAX} slots. Choose a shorter range.`,
  'concurrency-invalid': `A backfill runs 1 to ${BACKFILL_CONCURRENCY_MAX} at a time.`,
};

const REDRIVE_REFUSALS: Readonly<Record<RedriveRefusal, string>> = {
  'task-unknown': 'There is no such task.',
  'target-missing': 'The automation that the task runs no longer exists.',
  'dead-letter-unknown': 'There is no such dead letter: it never was, was run again, or discarded.',
  'dead-letters-invalid': `Name 1 to ${REDRIVE_MAX} dead letters.`,
  'rate-invalid': `A redrive starts 1 to ${REDRIVE_PER_MINUTE_MAX} a minute.`,
  'redrive-unknown': 'There is no open redrive with this id.',
  'too-many-redrives': `At most ${REDRIVES_OPEN_MAX} redrives may be open. Wait for one, or cancel it.`,
};

const CHILD_REFUSALS: Readonly<Record<ChildRefusal, string>> = {
  'parent-unknown': 'There is no open run of a workflow with this id.',
  'task-unknown': 'There is no such task.',
  'workflow-unknown': 'There is no such workflow.',
  'target-missing': 'What the task runs no longer exists.',
  'too-many-children': `A run has at most ${CHILDREN_OPEN_MAX} open children.`,
};

export function answerCommand(
  state: DispatchState,
  command: d.Command,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const known = state.commands.get(command.id);
  if (known !== undefined) {
    if (known.digest === digestOf(command)) return accepted(state, known.id, nowMs);
    return rejected(
      'idempotency-key-reused',
      'This Idempotency-Key was used for another request within the last 24 hours.',
    );
  }
  switch (command.body.case) {
    case 'runTask': {
      const { taskId, parametersJson, priority } = command.body.value;
      return request(
        state,
        command,
        { taskId, priority, overridesJson: parametersJson },
        nowMs,
        emit,
      );
    }
    case 'retryExecution': {
      const { executionId, taskId, parametersJson, origin } = command.body.value;
      const wish = {
        taskId,
        priority: t.Priority.UNSPECIFIED,
        parametersJson,
        retryOf: executionId,
        ...(origin && { origin }),
      };
      return request(state, command, wish, nowMs, emit);
    }
    case 'redrive':
      return redrive(state, command, command.body.value, nowMs, emit);
    case 'startRedrive':
      return told(state, startRedrive(state, command, command.body.value, nowMs, emit), nowMs);
    case 'cancelRedrive':
      return told(state, cancelRedrive(state, command, command.body.value, nowMs, emit), nowMs);
    case 'discardDeadLetters':
      return told(
        state,
        discardDeadLetters(state, command, command.body.value, nowMs, emit),
        nowMs,
      );
    case 'startChild': {
      const started = startChild(state, command, command.body.value, nowMs, emit);
      if ('refused' in started) return rejected(started.refused, CHILD_REFUSALS[started.refused]);
      return accepted(state, started.executionId, nowMs);
    }
    case 'wakeExecution': {
      if (!wake(state, command, command.body.value, nowMs, emit))
        return rejected('execution-unknown', NOT_OPEN);
      return accepted(state, command.body.value.executionId, nowMs);
    }
    case 'cancelExecution':
      return cancel(state, command, command.body.value, nowMs, emit);
    case 'startBackfill': {
      const started = startBackfill(state, command, command.body.value, nowMs, emit);
      if ('refused' in started) return rejected(started.refused, REFUSALS[started.refused]);
      return accepted(state, started.backfillId, nowMs);
    }
    case 'changeBackfill': {
      const { backfillId, change: how } = command.body.value;
      const backfill = state.backfills.get(backfillId);
      if (backfill === undefined || backfill.account !== command.account)
        return rejected('backfill-unknown', 'There is no open backfill with this id.');
      change(backfill, how, command, nowMs, emit);
      return accepted(state, backfillId, nowMs);
    }
    default:
      return rejected('command-unknown', 'This version does not know the command.');
  }
}

const NOT_OPEN = 'There is no open execution with this id: it never was, or has ended.';

interface Wish {
  readonly taskId: string;
  readonly priority: t.Priority;
  readonly overridesJson?: string;
  readonly parametersJson?: string;
  readonly retryOf?: string;
  readonly redriveNote?: string;
  readonly origin?: a.RunOrigin;
}

function request(
  state: DispatchState,
  command: d.Command,
  wish: Wish,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const { account, actor, id: commandId } = command;
  if (!isObjectOrEmpty(wish.overridesJson) || !isObjectOrEmpty(wish.parametersJson))
    return rejected('parameters-invalid', 'Parameters are a JSON object.', '/parameters');
  const { taskId, overridesJson = '', parametersJson } = wish;
  const spec = specOf(state, account, taskId, overridesJson, parametersJson);
  if (spec === 'task-unknown') return rejected(spec, 'There is no such task.');
  if (spec === 'target-missing')
    return rejected(spec, 'The automation that the task runs no longer exists.', '/target');
  if (wish.priority !== t.Priority.UNSPECIFIED)
    spec.settings = { ...(spec.settings ?? create(t.SettingsSchema)), priority: wish.priority };
  const executionId = executionIdOfCommand(commandId);
  const { retryOf = '', redriveNote = '' } = wish;
  const admission = admit(state, { executionId, account, spec }, { nowMs, mayWait: false });
  if ('fault' in admission) return rejected('limit-key-failed', admission.fault, '/parameters');
  if ('beyond' in admission) return rejected('rate-limited', admission.beyond);
  emit({
    account,
    executionId,
    ...(actor === undefined ? {} : { actor }),
    causationId: commandId,
    event: create(d.ExecutionRequestedSchema, {
      executionId,
      account,
      trigger: retryOf === '' ? d.Trigger.MANUAL : d.Trigger.RETRY,
      spec,
      nominalAtMs: nowMs,
      requestedAtMs: nowMs,
      commandId,
      commandDigest: digestOf(command),
      retryOf,
      // By whatever way a dead letter is run again, it is no longer one.
      redriveOf: state.deadLetters.get(account, retryOf) === undefined ? '' : retryOf,
      redriveNote,
      ...(wish.origin && { origin: wish.origin }),
      ...(actor === undefined ? {} : { actor }),
    }),
  });
  return accepted(state, executionId, nowMs);
}

/** One dead letter, at once; with its own input, or with a better one. */
function redrive(
  state: DispatchState,
  command: d.Command,
  { executionId, parametersJson, note }: d.Redrive,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const letter = state.deadLetters.get(command.account, executionId);
  if (letter === undefined)
    return rejected('dead-letter-unknown', REDRIVE_REFUSALS['dead-letter-unknown']);
  const wish = {
    taskId: letter.taskId,
    priority: t.Priority.UNSPECIFIED,
    parametersJson: parametersJson || letter.parametersJson,
    retryOf: executionId,
    redriveNote: note,
  };
  return request(state, command, wish, nowMs, emit);
}

function told(state: DispatchState, answer: Answer, nowMs: number): CommandAnswer {
  if ('id' in answer) return accepted(state, answer.id, nowMs);
  return rejected(answer.refused, REDRIVE_REFUSALS[answer.refused]);
}

function cancel(
  state: DispatchState,
  command: d.Command,
  { executionId, reason, force }: d.CancelExecution,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const execution = state.executions.get(executionId);
  if (execution === undefined || execution.account !== command.account)
    return rejected('execution-unknown', NOT_OPEN);
  const { actor, id: commandId } = command;
  const by = actor === undefined ? {} : { actor };
  const commandDigest = digestOf(command);
  endByCancel(execution, { reason, commandId, commandDigest, force, ...by }, nowMs, emit);
  return accepted(state, executionId, nowMs);
}

function accepted(state: DispatchState, executionId: string, nowMs: number): CommandAnswer {
  const execution = state.executions.get(executionId);
  const { position: queuePosition = 0, estimatedStartMs = 0 } =
    execution === undefined ? {} : standingOf(state, execution, nowMs);
  return { accepted: true, executionId, queuePosition, estimatedStartMs };
}

function rejected(code: CommandRejectionCode, message: string, field = ''): CommandAnswer {
  return { accepted: false, code, message, field };
}

function isObjectOrEmpty(json: string | undefined): boolean {
  if (json === undefined || json === '') return true;
  try {
    const value: unknown = JSON.parse(json);
    return typeof value === 'object' && value !== null && !Array.isArray(value);
  } catch {
    return false;
  }
}
