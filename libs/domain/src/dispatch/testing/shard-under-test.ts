import {
  type AttemptFact,
  attempt as a,
  create,
  type DispatchEvent,
  dispatch as d,
  type MessageInitShape,
  task as t,
} from '#libs/contracts';
import { Definitions } from '../definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from '../dispatch.js';
import { DispatchState } from '../state.js';
import { giveSlots } from './give-slots.js';

export const NINE = Date.parse('2026-11-23T09:00:00Z');
const SLOTS = 1_000;
const WORKER = 'w1';

type Settings = MessageInitShape<typeof t.SettingsSchema>;
type Error = MessageInitShape<typeof a.AttemptErrorSchema>;

/** A shard with a task `t1` and one worker that takes everything, played by hand. */
export class ShardUnderTest {
  state = new DispatchState(new Definitions());
  nowMs = NINE;
  /** Every event so far, with the time at which it was decided. */
  readonly journal: { readonly event: DispatchEvent; readonly atMs: number }[] = [];

  constructor(settings: Settings = {}) {
    const event = create(t.TaskCreatedSchema, {
      taskId: 't1',
      name: 'Sync',
      type: t.TaskType.SYSTEM,
      target: { systemTask: 'noop' },
      parametersJson: '{"a":1}',
      settings: { timeoutMs: 60_000, ...settings },
      enabled: true,
    });
    this.state.definitions.define('default', 't1', event, 1, NINE);
    giveSlots(this.state, SLOTS);
  }

  /** Decides, and gives the events. */
  decide(inputs: Partial<DispatchDecisionInputs> = {}): DispatchEvent[] {
    return this.#decide(inputs).events.map(({ event }) => event);
  }

  /** The same by their names alone. */
  when(inputs: Partial<DispatchDecisionInputs> = {}): string[] {
    return this.decide(inputs).map(({ $typeName }) => $typeName.slice('dispatch.v1.'.length));
  }

  answer(id: string, body: d.Command['body'], keyed = false) {
    const command = create(d.CommandSchema, { id, account: 'default', keyed, body });
    return this.#decide({ commands: [command] }).answers[0];
  }

  run(id: string, parametersJson = ''): string {
    const value = create(d.RunTaskSchema, { taskId: 't1', parametersJson });
    const answer = this.answer(id, { case: 'runTask', value });
    if (!answer?.accepted) throw new Error('the run was refused');
    return answer.executionId;
  }

  cancel(executionId: string): void {
    const value = create(d.CancelExecutionSchema, { executionId });
    this.answer(`cancel ${executionId} ${this.nowMs}`, { case: 'cancelExecution', value });
  }

  /** The worker begins what it was given. */
  begin(executionId: string): void {
    const { attempt, fence } = this.#execution(executionId);
    const at = { executionId, attempt, fence, workerId: WORKER, account: 'default' };
    this.decide({ facts: [create(a.AttemptStartedSchema, { ...at, startedAtMs: this.nowMs })] });
  }

  end(executionId: string, outcome: a.AttemptOutcome, error?: Error): string[] {
    return this.when({ facts: [this.ended(executionId, outcome, error)] });
  }

  ended(executionId: string, outcome: a.AttemptOutcome, error?: Error): AttemptFact {
    const { attempt, fence } = this.#execution(executionId);
    return create(a.AttemptEndedSchema, {
      executionId,
      attempt,
      fence,
      workerId: WORKER,
      account: 'default',
      endedAtMs: this.nowMs,
      outcome,
      ...(error === undefined ? {} : { error }),
    });
  }

  /** Begins and ends an attempt badly. */
  failOnce(executionId: string, error: Error = { code: 'BROKEN' }): string[] {
    this.begin(executionId);
    return this.end(executionId, a.AttemptOutcome.FAILED, error);
  }

  /** The worker falls silent. */
  lose(): string[] {
    const silence = create(d.WorkerSilenceSchema, { workerId: WORKER, silentMs: 4_100 });
    return this.when({ silences: [silence] });
  }

  /** Lets time pass, and decides what fell due. */
  after(ms: number): string[] {
    this.nowMs += ms;
    return this.when();
  }

  /** The state as a restart finds it: folded from the events alone. */
  restart(): void {
    const folded = new DispatchState(this.state.definitions);
    giveSlots(folded, SLOTS);
    for (const { event, atMs } of this.journal) folded.evolve(event, atMs);
    this.state = folded;
  }

  #decide(inputs: Partial<DispatchDecisionInputs>) {
    const none = { silences: [], facts: [], commands: [], slots: [] };
    const decision = decideDispatch(this.state, { ...none, nowMs: this.nowMs, ...inputs });
    for (const { event } of decision.events) this.journal.push({ event, atMs: this.nowMs });
    return decision;
  }

  #execution(executionId: string) {
    const execution = this.state.executions.get(executionId);
    if (execution === undefined) throw new Error(`${executionId} is not open`);
    return execution;
  }
}
