import {
  attempt as a,
  create,
  type DispatchEvent,
  type DomainEvent,
  dispatch as d,
  limit as l,
  type MessageInitShape,
  task as t,
  tick,
} from '#libs/contracts';
import { executionIdOfCommand } from '../../ids.js';
import { Definitions } from '../definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from '../dispatch.js';
import type { Execution } from '../execution.js';
import { DispatchState } from '../state.js';

export const NINE = Date.parse('2026-11-23T09:00:00Z');

/** A shard of several accounts, played by hand. A task whose name begins with `web` is of the browser. */
export class QueueUnderTest {
  readonly state = new DispatchState(new Definitions());
  readonly journal: { readonly event: DispatchEvent; readonly atMs: number }[] = [];
  nowMs = NINE;
  #count = 0;

  define(account: string, id: string, event: DomainEvent): void {
    this.#count += 1;
    this.state.definitions.define(account, id, event, this.#count, this.nowMs);
  }

  task(
    account: string,
    taskId: string,
    settings: MessageInitShape<typeof t.SettingsSchema> = {},
    schedules: MessageInitShape<typeof t.ScheduleSchema>[] = [],
  ): void {
    const type = taskId.startsWith('web') ? t.TaskType.BROWSER_AUTOMATION : t.TaskType.SYSTEM;
    const event = create(t.TaskCreatedSchema, {
      taskId,
      name: taskId,
      type,
      target: { systemTask: 'noop' },
      parametersJson: '{}',
      settings: create(t.SettingsSchema, { timeoutMs: 60_000, ...settings } as never),
      schedules: schedules.map((one) => create(t.ScheduleSchema, one as never)),
      enabled: true,
    });
    this.define(account, taskId, event);
  }

  limit(account: string, limitId: string, rule: MessageInitShape<typeof l.RuleSchema>): void {
    const whole = create(l.RuleSchema, { name: limitId, ...rule } as never);
    this.define(account, limitId, create(l.LimitSavedSchema, { limitId, version: 1, rule: whole }));
  }

  decide(inputs: Partial<DispatchDecisionInputs> = {}) {
    const none = { silences: [], facts: [], commands: [], slots: [] };
    const decision = decideDispatch(this.state, { ...none, nowMs: this.nowMs, ...inputs });
    for (const { event } of decision.events) this.journal.push({ event, atMs: this.nowMs });
    return decision;
  }

  ask(account: string, taskId: string, priority = t.Priority.UNSPECIFIED, parameters: object = {}) {
    this.#count += 1;
    const id = `c${this.#count}`;
    const parametersJson = JSON.stringify(parameters);
    const value = create(d.RunTaskSchema, { taskId, priority, parametersJson });
    const command = create(d.CommandSchema, { id, account, body: { case: 'runTask', value } });
    const [answer] = this.decide({ commands: [command] }).answers;
    return { id: executionIdOfCommand(id), answer };
  }

  /** Asks for a run, and tells its id. */
  run(...asked: Parameters<QueueUnderTest['ask']>): string {
    const { id, answer } = this.ask(...asked);
    if (!answer?.accepted) throw new Error(answer?.message);
    return id;
  }

  slot(account: string, taskId: string): DispatchEvent[] {
    this.#count += 1;
    const slot = create(tick.SlotSchema, {
      account,
      taskId,
      scheduleId: 's1',
      executionId: `e${this.#count}`,
      dueAtMs: this.nowMs,
      outcome: tick.SlotOutcome.FIRED,
    });
    return this.decide({ slots: [slot] }).events.map(({ event }) => event);
  }

  /** What is given out now, in order. */
  released(): string[] {
    return this.decide().events.flatMap(({ event }) =>
      event.$typeName === 'dispatch.v1.AttemptReleased' ? [event.executionId] : [],
    );
  }

  end(executionId: string, outcome = a.AttemptOutcome.SUCCEEDED): void {
    const execution = this.state.executions.get(executionId) as Execution;
    const { attempt, fence, account, workerId } = execution;
    const at = { executionId, attempt, fence, workerId, account };
    const began = create(a.AttemptStartedSchema, { ...at, startedAtMs: this.nowMs });
    const ended = create(a.AttemptEndedSchema, { ...at, endedAtMs: this.nowMs, outcome });
    this.decide({ facts: [began, ended] });
  }

  cancel(executionId: string): void {
    this.#count += 1;
    const { account } = this.state.executions.get(executionId) as Execution;
    const value = create(d.CancelExecutionSchema, { executionId });
    const body = { case: 'cancelExecution', value } as const;
    this.decide({ commands: [create(d.CommandSchema, { id: `c${this.#count}`, account, body })] });
  }

  /** Executions whose attempts are out, in the order of their requests. */
  out(): string[] {
    return [...this.state.executions.values()]
      .filter(({ phase }) => phase === 'offered' || phase === 'running')
      .map(({ id }) => id);
  }
}
