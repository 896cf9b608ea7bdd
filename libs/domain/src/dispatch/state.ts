/**
 * What the owner of a shard knows: a fold of its journal, and of the definitions up to the position
 * that the journal names.
 *
 * One execution:
 *
 *   queued --released--> offered --accepted--> running --closed--> (finished)
 *      ^                    |                     |
 *      |                    +---- lost -----------+---- lost, closed ---> waiting --due--> queued
 *
 * The state is changed in place, for there may be a hundred thousand of them: whoever loses an append
 * throws it away and folds again. Finished executions leave the state; the read model has them.
 */
import { attempt as a, type DispatchEvent, dispatch as d, task as t } from '#libs/contracts';
import { impossible } from '../decider.js';
import { dueAtMs } from './attempts.js';
import { Backfills } from './backfills.js';
import { CommandMemory } from './command-memory.js';
import { DeadLetters } from './dead-letters.js';
import { type Definitions, keyOf } from './definitions.js';
import type { Cursor, Execution, FailureRun } from './execution.js';
import { DURATION_GUESS_MS, DURATION_WEIGHT, NO_SLOTS } from './limits.js';
import { PoolQueue } from './queue.js';
import { Redrives } from './redrives.js';
import { isCrash } from './retry.js';

export class DispatchState {
  readonly executions = new Map<string, Execution>();
  /** Open executions by task. */
  readonly openOf = new Map<string, Set<string>>();
  readonly queues = new Map<string, PoolQueue>();
  /** Offered and running executions by pool. */
  readonly busy = new Map<string, number>();
  /** The same by task. */
  readonly activeOf = new Map<string, number>();
  readonly slots = new Map<string, number>();
  /** Running mean of attempt durations by pool. */
  readonly meanMs = new Map<string, number>();
  readonly commands = new CommandMemory();
  readonly backfills = new Backfills();
  readonly deadLetters = new DeadLetters();
  readonly redrives = new Redrives();
  /** Failed runs in a row, by task. */
  readonly failures = new Map<string, FailureRun>();
  /** Executions with something to fall due: all but those that wait in a queue without a deadline. */
  readonly timed = new Set<string>();
  ticks: Cursor = { seq: 0, index: 0 };
  attempts: Cursor = { seq: 0, index: 0 };
  /** The last fence given out: strictly rising over the whole shard. */
  fence = 0;
  /** Folded from another stream: it outlives a state that is thrown away. */
  readonly definitions: Definitions;

  constructor(definitions: Definitions) {
    this.definitions = definitions;
  }

  queueOf(pool: string): PoolQueue {
    const queue = this.queues.get(pool) ?? new PoolQueue();
    this.queues.set(pool, queue);
    return queue;
  }

  freeSlots(pool: string): number {
    return (this.slots.get(pool) ?? NO_SLOTS) - (this.busy.get(pool) ?? 0);
  }

  meanDurationMs(pool: string): number {
    return this.meanMs.get(pool) ?? DURATION_GUESS_MS;
  }

  evolve(event: DispatchEvent, atMs: number): void {
    this.backfills.evolve(event);
    this.redrives.evolve(event, atMs);
    const of = 'executionId' in event ? this.executions.get(event.executionId) : undefined;
    this.deadLetters.evolve(event, of?.spec);
    if ('commandId' in event) this.#remember(event, atMs);
    switch (event.$typeName) {
      case 'dispatch.v1.ExecutionRequested':
        this.#requested(event, atMs);
        return;
      case 'dispatch.v1.StaleFactIgnored':
        return;
      case 'dispatch.v1.ExecutionSkipped':
        this.#finished(event.executionId);
        return;
      case 'dispatch.v1.AttemptReleased':
        this.#released(event);
        return;
      case 'dispatch.v1.AttemptAccepted':
        this.#change(event.executionId, (execution) => {
          execution.phase = 'running';
          execution.workerId = event.workerId;
          execution.startedAtMs = event.startedAtMs;
          execution.acceptedAtMs = atMs;
        });
        return;
      case 'dispatch.v1.AttemptClosed':
        this.#closed(event);
        return;
      case 'dispatch.v1.AttemptLost':
        this.#lost(event);
        return;
      case 'dispatch.v1.RetryPlanned':
        this.#change(event.executionId, (execution) => {
          this.#leaveQueue(execution);
          execution.phase = 'waiting';
          execution.waitUntilMs = event.dueAtMs;
          this.timed.add(execution.id);
        });
        return;
      case 'dispatch.v1.ExecutionQueued':
        this.#change(event.executionId, (execution) => this.#enterQueue(execution));
        return;
      case 'dispatch.v1.CancelRequested':
        this.#change(event.executionId, (execution) => {
          execution.cancelledAtMs = event.requestedAtMs;
          execution.force = event.force;
        });
        return;
      case 'dispatch.v1.DeadlinePassed':
        this.#change(event.executionId, (execution) => {
          execution.cancelledAtMs = event.passedAtMs;
          execution.deadlinePassed = true;
        });
        return;
      case 'dispatch.v1.ExecutionFinished':
        this.#countFailure(event);
        this.#finished(event.executionId);
        return;
      case 'dispatch.v1.BackfillStarted':
      case 'dispatch.v1.BackfillChanged':
      case 'dispatch.v1.BackfillFinished':
      case 'dispatch.v1.ExecutionDeadLettered':
      case 'dispatch.v1.DeadLettersDiscarded':
      case 'dispatch.v1.RedriveStarted':
      case 'dispatch.v1.DeadLetterPassedOver':
      case 'dispatch.v1.RedriveCancelled':
      case 'dispatch.v1.RedriveFinished':
        return;
      default:
        impossible(event);
    }
  }

  #requested(event: d.ExecutionRequested, atMs: number): void {
    const { spec } = event;
    if (spec === undefined) return;
    const execution: Execution = {
      id: event.executionId,
      account: event.account,
      spec,
      priority: spec.settings?.priority || t.Priority.NORMAL,
      nominalAtMs: event.nominalAtMs,
      trigger: event.trigger,
      slot: event.slot,
      scheduleId: event.slot?.scheduleId ?? '',
      serial: isSerial(event.overlap),
      countsFromMs: Math.max(event.requestedAtMs, event.effectiveAtMs),
      phase: 'queued',
      attempt: 0,
      fence: 0,
      ended: 0,
      failures: 0,
      crashes: 0,
      workerId: '',
      offeredAtMs: 0,
      startedAtMs: 0,
      acceptedAtMs: 0,
      waitUntilMs: 0,
      cancelledAtMs: 0,
      force: false,
      deadlinePassed: false,
    };
    this.executions.set(execution.id, execution);
    const key = keyOf(event.account, spec.taskId);
    const open = this.openOf.get(key) ?? new Set();
    this.openOf.set(key, open.add(execution.id));
    if (event.effectiveAtMs > atMs) {
      execution.phase = 'waiting';
      execution.waitUntilMs = event.effectiveAtMs;
      this.timed.add(execution.id);
    } else {
      this.#enterQueue(execution);
    }
  }

  #released(event: d.AttemptReleased): void {
    this.#change(event.executionId, (execution) => {
      this.#leaveQueue(execution);
      this.#count(execution, 1);
      execution.phase = 'offered';
      execution.attempt = event.attempt;
      execution.fence = event.fence;
      execution.offeredAtMs = event.releasedAtMs;
      execution.workerId = '';
      this.fence = Math.max(this.fence, event.fence);
      this.timed.add(execution.id);
    });
  }

  #closed(event: d.AttemptClosed): void {
    this.#change(event.executionId, (execution) => {
      const { pool } = execution.spec;
      const tookMs = Math.max(0, event.endedAtMs - execution.startedAtMs);
      const mean = this.meanMs.get(pool);
      this.meanMs.set(pool, mean === undefined ? tookMs : mean + DURATION_WEIGHT * (tookMs - mean));
      this.#vacate(execution);
      execution.ended += 1;
      if (event.outcome !== a.AttemptOutcome.HANDED_BACK) execution.failures += 1;
      if (isCrash(event.error)) execution.crashes += 1;
    });
  }

  #lost(event: d.AttemptLost): void {
    this.#change(event.executionId, (execution) => {
      this.#vacate(execution);
      if (event.cause === d.LossCause.UNCLAIMED) return;
      execution.ended += 1;
      execution.failures += 1;
      execution.crashes += 1;
    });
  }

  #countFailure({ account, taskId, executionId, status, endedAtMs }: d.ExecutionFinished): void {
    const key = keyOf(account, taskId);
    if (status === d.ExecutionStatus.SUCCESS) this.failures.delete(key);
    if (status !== d.ExecutionStatus.FAILED && status !== d.ExecutionStatus.TIMEOUT) return;
    const before = this.failures.get(key);
    const resumedAtMs = this.definitions.resumedAtMs(account, taskId);
    const count = before !== undefined && before.lastAtMs >= resumedAtMs ? before.count : 0;
    const run = { account, taskId, count: count + 1, lastAtMs: endedAtMs };
    this.failures.set(key, { ...run, lastExecutionId: executionId });
  }

  #finished(executionId: string): void {
    this.#change(executionId, (execution) => {
      this.#leaveQueue(execution);
      this.#vacate(execution);
      this.executions.delete(executionId);
      this.timed.delete(executionId);
      const key = keyOf(execution.account, execution.spec.taskId);
      const open = this.openOf.get(key);
      open?.delete(executionId);
      if (open?.size === 0) this.openOf.delete(key);
    });
  }

  #vacate(execution: Execution): void {
    if (execution.phase !== 'offered' && execution.phase !== 'running') return;
    this.#count(execution, -1);
    execution.workerId = '';
    this.#enterQueue(execution);
  }

  #enterQueue(execution: Execution): void {
    execution.phase = 'queued';
    if (dueAtMs(execution) < Number.POSITIVE_INFINITY) this.timed.add(execution.id);
    else this.timed.delete(execution.id);
    this.queueOf(execution.spec.pool).add(execution.id, execution.priority);
  }

  /** Offered and running executions, by pool and by task: derived, so that a crash leaks none. */
  #count({ account, spec }: Execution, change: 1 | -1): void {
    const task = keyOf(account, spec.taskId);
    this.busy.set(spec.pool, (this.busy.get(spec.pool) ?? 0) + change);
    const active = (this.activeOf.get(task) ?? 0) + change;
    if (active === 0) this.activeOf.delete(task);
    else this.activeOf.set(task, active);
  }

  #leaveQueue(execution: Execution): void {
    this.queueOf(execution.spec.pool).remove(execution.id, execution.priority);
  }

  #change(executionId: string, change: (execution: Execution) => void): void {
    const execution = this.executions.get(executionId);
    if (execution !== undefined) change(execution);
  }

  #remember(event: CommandedEvent, atMs: number): void {
    const { commandId, commandDigest: digest } = event;
    this.commands.remember(commandId, { id: madeBy(event), digest, atMs });
  }
}

function isSerial(overlap: t.OverlapPolicy): boolean {
  return overlap !== t.OverlapPolicy.UNSPECIFIED && overlap !== t.OverlapPolicy.ALLOW_ALL;
}

type CommandedEvent = Extract<DispatchEvent, { readonly commandId: string }>;

/** What a command is answered with, also when it comes again. */
function madeBy(event: CommandedEvent): string {
  if ('backfillId' in event && event.$typeName !== 'dispatch.v1.ExecutionRequested')
    return event.backfillId;
  if ('executionIds' in event) return event.executionIds[0] ?? '';
  return 'executionId' in event ? event.executionId : event.redriveId;
}
