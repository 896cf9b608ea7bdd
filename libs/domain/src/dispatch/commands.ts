/** Commands to the owner of a shard: run, cancel, retry. */
import { create, dispatch as d, task as t } from '#libs/contracts';
import { executionIdOfCommand } from '../ids.js';
import { type Emit, cancel as endByCancel } from './emit.js';
import { BACKFILL_CONCURRENCY_MAX, BACKFILL_SLOTS_MAX } from './limits.js';
import { type BackfillRefusal, change, startBackfill } from './run-backfills.js';
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
  | 'backfill-unknown'
  | BackfillRefusal;

const REFUSALS: Readonly<Record<BackfillRefusal, string>> = {
  'task-unknown': 'There is no such task.',
  'target-missing': 'The automation that the task runs no longer exists.',
  'slots-invalid': `A backfill has 1 to ${BACKFILL_SLOTS_MAX} slots. Choose a shorter range.`,
  'concurrency-invalid': `A backfill runs 1 to ${BACKFILL_CONCURRENCY_MAX} at a time.`,
};

export function answerCommand(
  state: DispatchState,
  command: d.Command,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const known = state.commands.get(command.id);
  if (known !== undefined) return accepted(state, known.executionId, nowMs);
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
      const { executionId, taskId, parametersJson } = command.body.value;
      const wish = {
        taskId,
        priority: t.Priority.UNSPECIFIED,
        parametersJson,
        retryOf: executionId,
      };
      return request(state, command, wish, nowMs, emit);
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
      change(backfill, how, command.id, nowMs, emit);
      return accepted(state, backfillId, nowMs);
    }
    default:
      return rejected('command-unknown', 'This version does not know the command.');
  }
}

interface Wish {
  readonly taskId: string;
  readonly priority: t.Priority;
  readonly overridesJson?: string;
  readonly parametersJson?: string;
  readonly retryOf?: string;
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
  const ahead = state.queueOf(spec.pool).ahead(spec.settings?.priority ?? t.Priority.NORMAL);
  emit({
    account,
    executionId,
    ...(actor === undefined ? {} : { actor }),
    causationId: commandId,
    event: create(d.ExecutionRequestedSchema, {
      executionId,
      account,
      trigger: wish.retryOf === undefined ? d.Trigger.MANUAL : d.Trigger.RETRY,
      spec,
      nominalAtMs: nowMs,
      requestedAtMs: nowMs,
      commandId,
      retryOf: wish.retryOf ?? '',
      ...(actor === undefined ? {} : { actor }),
    }),
  });
  return accepted(state, executionId, nowMs, ahead);
}

function cancel(
  state: DispatchState,
  command: d.Command,
  { executionId, reason }: d.CancelExecution,
  nowMs: number,
  emit: Emit,
): CommandAnswer {
  const execution = state.executions.get(executionId);
  if (execution === undefined || execution.account !== command.account)
    return rejected(
      'execution-unknown',
      'There is no open execution with this id: it never was, or has ended.',
    );
  const { actor, id: commandId } = command;
  const by = actor === undefined ? {} : { actor };
  endByCancel(execution, { reason, commandId, force: false, ...by }, nowMs, emit);
  return accepted(state, executionId, nowMs);
}

function accepted(
  state: DispatchState,
  executionId: string,
  nowMs: number,
  ahead = 0,
): CommandAnswer {
  const execution = state.executions.get(executionId);
  const pool = execution?.spec.pool ?? '';
  const rounds = Math.floor(ahead / Math.max(1, state.slots.get(pool) ?? 1));
  return {
    accepted: true,
    executionId,
    queuePosition: ahead,
    estimatedStartMs: Math.round(nowMs + rounds * state.meanDurationMs(pool)),
  };
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
