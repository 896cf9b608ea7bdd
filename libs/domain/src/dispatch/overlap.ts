/** What becomes of a slot while earlier runs of its task are open, or a maintenance holds them. */
import { create, dispatch as d, maintenance as m, task as t } from '#libs/contracts';
import { keyOf } from './definitions.js';
import { cancel, type Emit, of } from './emit.js';
import type { Execution } from './execution.js';
import { BUFFER_LIMIT } from './limits.js';
import { namesIn } from './spec.js';
import type { DispatchState } from './state.js';

/** Why a slot leads to no run; undefined when it does. */
export interface Obstacle {
  readonly cause: d.SkipCause;
  readonly blockingExecutionId: string;
  /** The maintenance that held it. */
  readonly maintenanceId?: string;
}

export interface Newcomer {
  readonly executionId: string;
  readonly account: string;
  readonly taskId: string;
  readonly scheduleId: string;
}

const { OVERLAP, BUFFER_FULL } = d.SkipCause;

/**
 * Makes room for a newcomer by the overlap policy of its schedule, or says what stands in its way.
 * Runs that wait for an instant of their own are not in anybody's way yet.
 */
export function makeRoom(
  state: DispatchState,
  newcomer: Newcomer,
  nowMs: number,
  emit: Emit,
): Obstacle | undefined {
  const { account, taskId, scheduleId } = newcomer;
  const overlap = state.definitions.schedule(account, taskId, scheduleId)?.overlap;
  const held = heldSlots(state, newcomer, nowMs, emit);
  if (held === 'buffered') return undefined;
  const others = present(state, account, taskId, newcomer.executionId);
  const policy = overlap?.policy || t.OverlapPolicy.SKIP;
  const beside = limitOf(state, account, taskId);
  const [first] = others;
  if (policy === t.OverlapPolicy.ALLOW_ALL || first === undefined || others.length < beside)
    return undefined;
  const waiting = others.length - beside;
  const obstacle = (cause: d.SkipCause) => ({ cause, blockingExecutionId: first.id });
  switch (policy) {
    case t.OverlapPolicy.BUFFER_ONE:
      return waiting < 1 ? undefined : obstacle(BUFFER_FULL);
    case t.OverlapPolicy.BUFFER_ALL:
      return waiting < (overlap?.bufferLimit || BUFFER_LIMIT) ? undefined : obstacle(BUFFER_FULL);
    case t.OverlapPolicy.CANCEL_OTHER:
    case t.OverlapPolicy.TERMINATE_OTHER: {
      const force = policy === t.OverlapPolicy.TERMINATE_OTHER;
      const reason = `A later slot took its place (execution ${newcomer.executionId}).`;
      for (const other of others) cancel(other, { reason, force, commandId: '' }, nowMs, emit);
      return undefined;
    }
    default:
      return obstacle(OVERLAP);
  }
}

/** An execution whose effective instant has come: it may join the queue, or it is skipped. */
export function mayQueue(
  state: DispatchState,
  execution: Execution,
  nowMs: number,
  emit: Emit,
): boolean {
  const { id: executionId, account, scheduleId, spec } = execution;
  const newcomer = { executionId, account, taskId: spec.taskId, scheduleId };
  const obstacle = makeRoom(state, newcomer, nowMs, emit);
  if (obstacle === undefined) return true;
  skip(execution, obstacle, nowMs, emit);
  return false;
}

/** During a maintenance slots are held; of a schedule that wants only its latest, the newcomer replaces the one before. */
function heldSlots(
  state: DispatchState,
  { account, taskId, scheduleId, executionId }: Newcomer,
  nowMs: number,
  emit: Emit,
): 'buffered' | undefined {
  const maintenance = state.definitions.maintenance.at(account, nowMs);
  if (maintenance === undefined) return undefined;
  if (maintenance.aftermath === m.Aftermath.ALL) return 'buffered';
  const superseded = { cause: d.SkipCause.SUPERSEDED, blockingExecutionId: executionId };
  for (const other of present(state, account, taskId, executionId)) {
    const isHeld =
      other.phase === 'queued' && other.attempt === 0 && other.trigger !== d.Trigger.MANUAL;
    if (isHeld && other.scheduleId === scheduleId)
      skip(other, { ...superseded, maintenanceId: maintenance.id }, nowMs, emit);
  }
  return undefined;
}

/** Open runs of a task, in the order of their requests, that have come to their turn. */
function present(
  state: DispatchState,
  account: string,
  taskId: string,
  exceptId: string,
): Execution[] {
  const found: Execution[] = [];
  for (const id of state.openOf.get(keyOf(account, taskId)) ?? []) {
    const execution = state.executions.get(id);
    if (execution === undefined || id === exceptId) continue;
    if (execution.phase === 'waiting' && execution.attempt === 0) continue;
    found.push(execution);
  }
  return found;
}

/** Whether an execution may run beside the runs of its task that were there before it. */
export function isItsTurn(state: DispatchState, execution: Execution): boolean {
  if (!execution.serial) return true;
  const { account, spec } = execution;
  const beside = limitOf(state, account, spec.taskId);
  let before = 0;
  for (const id of state.openOf.get(keyOf(account, spec.taskId)) ?? []) {
    if (id === execution.id) return true;
    const other = state.executions.get(id);
    if (other === undefined || (other.phase === 'waiting' && other.attempt === 0)) continue;
    before += 1;
    if (before >= beside) return false;
  }
  return true;
}

function limitOf(state: DispatchState, account: string, taskId: string): number {
  const task = state.definitions.task(account, taskId);
  return Math.max(1, 'settings' in task ? task.settings.concurrencyLimit : 1);
}

function skip(execution: Execution, obstacle: Obstacle, nowMs: number, emit: Emit): void {
  const { id, account, spec, slot } = execution;
  emit(
    of(
      execution,
      create(d.ExecutionSkippedSchema, {
        executionId: id,
        account,
        taskId: spec.taskId,
        ...namesIn(spec),
        ...(slot === undefined ? {} : { slot }),
        ...obstacle,
        skippedAtMs: nowMs,
      }),
    ),
  );
}
