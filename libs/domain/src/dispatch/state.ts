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
import { addMicros } from '../cost/micros.js';
import { impossible } from '../decider.js';
import { DueIndex } from './attempt/due.js';
import { isCrash, isFreeHandBack, isSharedLoss } from './attempt/retry.js';
import { Backfills } from './backfill/backfills.js';
import { CommandMemory } from './command-memory.js';
import { DeadLetters } from './dead-letter/dead-letters.js';
import { Redrives } from './dead-letter/redrives.js';
import { type Definitions, keyOf } from './definitions.js';
import type { Cursor, Execution, FailureRun } from './execution.js';
import { DURATION_GUESS_MS, DURATION_WEIGHT } from './limits.js';
import { Fleet } from './queue/fleet.js';
import { EvaluatedKeys, type LimitKeys } from './queue/limit-keys.js';
import { Line } from './queue/line.js';
import { afterAttempt, endsToOffer, newRunPart } from './run/run-part.js';

export class DispatchState {
  readonly executions = new Map<string, Execution>();
  /** Open executions by task. */
  readonly openOf = new Map<string, Set<string>>();
  /** Who waits, and what is in use. */
  readonly line = new Line();
  /** The workers, and what each was given. */
  readonly fleet = new Fleet();
  /** Running mean of attempt durations by pool. */
  readonly meanMs = new Map<string, number>();
  readonly commands = new CommandMemory();
  readonly backfills = new Backfills();
  readonly deadLetters = new DeadLetters();
  readonly redrives = new Redrives();
  /** Failed runs in a row, by task. */
  readonly failures = new Map<string, FailureRun>();
  /** Nominal time of the last run that succeeded, by task. */
  readonly successes = new Map<string, number>();
  readonly due = new DueIndex();
  /** Where a decision has the keys of limits from. */
  limitKeys: LimitKeys = new EvaluatedKeys();
  ticks: Cursor = { seq: 0, index: 0 };
  attempts: Cursor = { seq: 0, index: 0 };
  /** The last fence given out: strictly rising over the whole shard. */
  fence = 0;
  /** Folded from another stream: it outlives a state that is thrown away. */
  readonly definitions: Definitions;

  constructor(definitions: Definitions) {
    this.definitions = definitions;
  }

  freeSlots(pool: string): number {
    return this.fleet.freeSlots(pool);
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
        this.#finished(event.executionId, atMs);
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
        this.#closed(event, atMs);
        return;
      case 'dispatch.v1.AttemptLost':
        this.#lost(event, atMs);
        return;
      case 'dispatch.v1.RetryPlanned':
        this.#change(event.executionId, (execution) => {
          this.line.leave(execution);
          execution.phase = 'waiting';
          execution.waitUntilMs = event.dueAtMs;
        });
        return;
      case 'dispatch.v1.ExecutionQueued':
        this.#change(event.executionId, (execution) => this.#enterQueue(execution, atMs));
        return;
      case 'dispatch.v1.ExecutionSnoozed':
        this.#change(event.executionId, (execution) => {
          execution.phase = 'waiting';
          execution.waitUntilMs = event.untilMs || Number.POSITIVE_INFINITY;
          if (execution.run !== undefined) execution.run.snoozed = event;
        });
        return;
      case 'dispatch.v1.ExecutionWoken':
        this.#change(event.executionId, ({ run }) => {
          if (run !== undefined) run.wokenSeq = Math.max(run.wokenSeq, event.runSeq);
        });
        return;
      case 'dispatch.v1.ChildEnded':
        this.#change(event.executionId, ({ run }) => {
          if (run === undefined || event.child === undefined) return;
          run.ends.push(event.child);
          run.children.delete(event.child.childExecutionId);
        });
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
        this.#finished(event.executionId, atMs);
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
    const { spec, parent } = event;
    if (spec === undefined) return;
    const key = keyOf(event.account, spec.taskId);
    if (parent?.awaited)
      this.executions.get(parent.executionId)?.run?.children.add(event.executionId);
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
      limits: event.limits,
      countsFromMs: Math.max(event.requestedAtMs, event.effectiveAtMs),
      parent,
      origin: event.origin,
      previousSuccessMs: this.successes.get(key) ?? 0,
      run: spec.type === t.TaskType.WORKFLOW ? newRunPart() : undefined,
      outputJson: '',
      phase: 'queued',
      attempt: 0,
      fence: 0,
      ended: 0,
      failures: 0,
      crashes: 0,
      sharedLosses: 0,
      computeCostMicros: 0,
      apiCostMicros: 0,
      currency: '',
      workerId: '',
      avoid: '',
      offeredAtMs: 0,
      startedAtMs: 0,
      acceptedAtMs: 0,
      waitUntilMs: 0,
      cancelledAtMs: 0,
      force: false,
      deadlinePassed: false,
    };
    this.executions.set(execution.id, execution);
    const open = this.openOf.get(key) ?? new Set();
    this.openOf.set(key, open.add(execution.id));
    this.line.open(execution, atMs);
    if (event.effectiveAtMs > atMs) {
      execution.phase = 'waiting';
      execution.waitUntilMs = event.effectiveAtMs;
    } else {
      this.#enterQueue(execution, atMs);
    }
    this.due.note(execution);
  }

  #released(event: d.AttemptReleased): void {
    this.#change(event.executionId, (execution) => {
      this.line.leave(execution);
      this.line.take(execution, event);
      execution.phase = 'offered';
      execution.attempt = event.attempt;
      execution.fence = event.fence;
      execution.offeredAtMs = event.releasedAtMs;
      execution.workerId = event.workerId;
      if (execution.run !== undefined) execution.run.offered = endsToOffer(execution.run.ends);
      this.fleet.take(event.workerId, execution.id, execution.spec.pool);
      this.fence = Math.max(this.fence, event.fence);
    });
  }

  #closed(event: d.AttemptClosed, atMs: number): void {
    this.#change(event.executionId, (execution) => {
      const { pool } = execution.spec;
      const tookMs = Math.max(0, event.endedAtMs - execution.startedAtMs);
      const mean = this.meanMs.get(pool);
      this.meanMs.set(pool, mean === undefined ? tookMs : mean + DURATION_WEIGHT * (tookMs - mean));
      const isSnoozed = event.outcome === a.AttemptOutcome.SNOOZED;
      if (isSharedLoss(event.error)) execution.sharedLosses += 1;
      const costsRetry = !isSnoozed && !isFreeHandBack(event, execution.sharedLosses);
      if (costsRetry) execution.failures += 1;
      else if (!isSnoozed && !isSharedLoss(event.error)) execution.avoid = execution.workerId;
      this.#vacate(execution, atMs);
      execution.ended += 1;
      if (execution.parent !== undefined) execution.outputJson = event.outputJson;
      afterAttempt(execution.run, isSnoozed);
      // It got somewhere: what took its worker before is not what stands before it now.
      if (isSnoozed) execution.crashes = 0;
      if (isCrash(event.error) || (isSharedLoss(event.error) && costsRetry)) execution.crashes += 1;
      const { computeCostMicros, apiCostMicros } = execution;
      execution.computeCostMicros = addMicros(computeCostMicros, event.computeCostMicros);
      execution.apiCostMicros = addMicros(apiCostMicros, event.apiCostMicros);
      execution.currency = event.currency;
    });
  }

  #lost(event: d.AttemptLost, atMs: number): void {
    this.#change(event.executionId, (execution) => {
      const hadBegun = execution.phase === 'running';
      execution.avoid = execution.workerId;
      this.#vacate(execution, atMs);
      if (costsNoRetry(event.cause)) {
        this.#enterQueue(execution, atMs);
        return;
      }
      execution.ended += 1;
      if (execution.run !== undefined) execution.run.resumed = false;
      // A run goes on after its last recorded step; only a poison of it counts, and a missing end.
      if (execution.run === undefined || event.cause === d.LossCause.OVERDUE)
        execution.failures += 1;
      if (hadBegun) execution.crashes += 1;
    });
  }

  #countFailure({ account, taskId, executionId, status, endedAtMs }: d.ExecutionFinished): void {
    const key = keyOf(account, taskId);
    const of = this.executions.get(executionId);
    // What a run asked for is no run of the task's own.
    if (of?.parent !== undefined) return;
    if (status === d.ExecutionStatus.SUCCESS) {
      this.failures.delete(key);
      this.successes.set(key, of?.nominalAtMs ?? endedAtMs);
    }
    if (status !== d.ExecutionStatus.FAILED && status !== d.ExecutionStatus.TIMEOUT) return;
    const enough = this.executions.get(executionId)?.spec.settings?.pauseAfterFailures ?? 0;
    if (enough === 0) return;
    const before = this.failures.get(key)?.failedAtMs ?? [];
    const failedAtMs = [...before, endedAtMs].slice(-enough);
    this.failures.set(key, { account, taskId, failedAtMs, lastExecutionId: executionId });
  }

  #finished(executionId: string, atMs: number): void {
    this.#change(executionId, (execution) => {
      this.line.leave(execution);
      this.#vacate(execution, atMs);
      this.executions.delete(executionId);
      const key = keyOf(execution.account, execution.spec.taskId);
      const open = this.openOf.get(key);
      open?.delete(executionId);
      if (open?.size === 0) this.openOf.delete(key);
      this.line.close(execution);
    });
  }

  /** What becomes of it next is another event's matter. */
  #vacate(execution: Execution, atMs: number): void {
    if (execution.phase !== 'offered' && execution.phase !== 'running') return;
    this.line.giveBack(execution, atMs);
    this.fleet.giveBack(execution.workerId, execution.id, execution.spec.pool);
    execution.workerId = '';
    execution.phase = 'queued';
  }

  #enterQueue(execution: Execution, atMs: number): void {
    execution.phase = 'queued';
    if (execution.run !== undefined) execution.run.snoozed = undefined;
    this.line.join(execution, atMs);
  }

  #change(executionId: string, change: (execution: Execution) => void): void {
    const execution = this.executions.get(executionId);
    if (execution === undefined) return;
    change(execution);
    if (this.executions.has(executionId)) this.due.note(execution);
    else this.due.drop(executionId);
  }

  #remember(event: CommandedEvent, atMs: number): void {
    const { commandId, commandDigest: digest } = event;
    this.commands.remember(commandId, { id: madeBy(event), digest, atMs });
  }
}

/** The worker had not begun. */
function costsNoRetry(cause: d.LossCause): boolean {
  return cause === d.LossCause.UNCLAIMED || cause === d.LossCause.DECLINED;
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
