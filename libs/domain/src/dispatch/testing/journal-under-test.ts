import {
  type AttemptFact,
  attempt as a,
  create,
  type DomainEvent,
  dispatch as d,
  decodeCommit,
  type MessageInitShape,
  task as t,
  tick,
} from '#libs/contracts';
import { EMPTY_JOURNAL, headAfter, type JournalHead } from '../../journal.js';
import { encodeDispatchCommit, foldDispatchCommit, takePositions } from '../commit.js';
import { Definitions } from '../definitions.js';
import { type DispatchDecisionInputs, decideDispatch } from '../dispatch.js';
import type { Execution } from '../execution.js';
import { EvaluatedKeys } from '../queue/limit-keys.js';
import type { SnapshotHead } from '../snapshot/snapshot.js';
import { DispatchState } from '../state.js';

const NINE = Date.parse('2026-11-23T09:00:00Z');

interface Definition {
  readonly account: string;
  readonly id: string;
  readonly event: DomainEvent;
  readonly seq: number;
  readonly atMs: number;
}

/** A definition, or the bytes of a commit, in the order in which the shard learnt of them. */
export type Entry = Definition | Uint8Array;

/** A shard whose decisions become commits, as its owner stores them. */
export class JournalUnderTest {
  state = new DispatchState(new Definitions());
  head: JournalHead = EMPTY_JOURNAL;
  readonly entries: Entry[] = [];
  nowMs = NINE;
  #count = 0;
  #definitionsSeq = 0;
  /** Told, and in no commit yet. */
  #workers: d.WorkerCapacity[] = [];

  get snapshotHead(): SnapshotHead {
    return { ...this.head, shard: 0, definitionsSeq: this.#definitionsSeq };
  }

  get commits(): Uint8Array[] {
    return this.entries.filter((entry) => entry instanceof Uint8Array);
  }

  /** Goes on from here over another state. */
  over(state: DispatchState): JournalUnderTest {
    const other = new JournalUnderTest();
    const { head, nowMs } = this;
    Object.assign(other, { state, head, nowMs });
    other.#count = this.#count;
    other.#definitionsSeq = this.#definitionsSeq;
    other.#workers = [...this.#workers];
    return other;
  }

  define(account: string, id: string, event: DomainEvent): void {
    this.#definitionsSeq += 1;
    const entry = { account, id, event, seq: this.#definitionsSeq, atMs: this.nowMs };
    this.entries.push(entry);
    foldEntry(this.state, entry);
  }

  task(account: string, taskId: string, more: MessageInitShape<typeof t.SettingsSchema>): void {
    const overlap = { policy: t.OverlapPolicy.BUFFER_ALL };
    const event = create(t.TaskCreatedSchema, {
      taskId,
      name: taskId,
      type: taskId.startsWith('web') ? t.TaskType.BROWSER_AUTOMATION : t.TaskType.SYSTEM,
      target: { systemTask: 'noop' },
      parametersJson: '{"of":"the task"}',
      settings: { timeoutMs: 60_000, ...more } as MessageInitShape<typeof t.SettingsSchema>,
      schedules: [{ id: 's1', cron: '* * * * *', zone: 'UTC', overlap }],
      enabled: true,
    });
    this.define(account, taskId, event);
  }

  worker(worker: MessageInitShape<typeof d.WorkerCapacitySchema>): void {
    this.#workers.push(create(d.WorkerCapacitySchema, worker));
  }

  command(account: string, keyed: boolean, body: d.Command['body']): void {
    this.#count += 1;
    const id = `c${this.#count}`;
    this.decide({ commands: [create(d.CommandSchema, { id, account, keyed, body })] });
  }

  slot(account: string, taskId: string, aheadMs: number): void {
    this.#count += 1;
    const slot = create(tick.SlotSchema, {
      account,
      taskId,
      scheduleId: 's1',
      executionId: `e${this.#count}`,
      dueAtMs: this.nowMs,
      effectiveAtMs: this.nowMs + aheadMs,
      outcome: tick.SlotOutcome.FIRED,
    });
    this.decide({ slots: [slot] });
  }

  /** Facts of an attempt: begun, ended, or one after the other. */
  tell(execution: Execution, outcome: a.AttemptOutcome | undefined, code = 'BROKEN'): void {
    const { id: executionId, attempt, fence, account, workerId } = execution;
    const at = { executionId, attempt, fence, workerId, account };
    const facts: AttemptFact[] = [
      create(a.AttemptStartedSchema, { ...at, startedAtMs: this.nowMs }),
    ];
    if (outcome !== undefined) {
      const error = outcome === a.AttemptOutcome.SUCCEEDED ? {} : { error: { code } };
      const endedAtMs = this.nowMs + 400;
      facts.push(create(a.AttemptEndedSchema, { ...at, endedAtMs, outcome, ...error }));
    }
    this.decide({ facts });
  }

  decide(told: Partial<DispatchDecisionInputs> = {}): void {
    const { nowMs, state } = this;
    const none = { silences: [], unclaimed: [], facts: [], commands: [], slots: [] };
    const { silences, unclaimed, facts, commands, slots } = { ...none, ...told };
    const inputs = create(d.DispatchInputsSchema, {
      decidedAtMs: nowMs,
      definitionsSeq: this.#definitionsSeq,
      ticks: { seq: state.ticks.seq + slots.length },
      attempts: { seq: state.attempts.seq + facts.length },
      silences: [...silences],
      unclaimed: [...unclaimed],
      commands: [...commands],
      workers: [...this.#workers],
    });
    takePositions(state, inputs);
    const limitKeys = new EvaluatedKeys();
    const asked = { nowMs, silences, unclaimed, facts, commands, slots, limitKeys };
    const { events } = decideDispatch(state, asked);
    if (events.length === 0) return;
    this.#workers = [];
    inputs.limitKeys = limitKeys.recorded(events);
    const context = { shard: 0, term: 1, head: this.head, inputs };
    const { bytes, ordinal } = encodeDispatchCommit(events, context);
    this.head = headAfter(ordinal, ordinal, bytes);
    this.entries.push(bytes);
  }
}

export function foldEntry(state: DispatchState, entry: Entry): void {
  if (entry instanceof Uint8Array) foldDispatchCommit(state, decodeCommit(entry));
  else {
    const { account, id, event, seq, atMs } = entry;
    state.definitions.define(account, id, event, seq, atMs);
  }
}

/** The state that entries lead to. */
export function folded(entries: readonly Entry[]): DispatchState {
  const state = new DispatchState(new Definitions());
  for (const entry of entries) foldEntry(state, entry);
  return state;
}
