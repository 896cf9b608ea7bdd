import {
  type AttemptFact,
  attempt as a,
  create,
  type DefinitionKind,
  type DomainEvent,
  dispatch as d,
  encodeCommit,
  envelope,
  type LogEvent,
  type RunEvent,
  type StreamName,
  subjects,
  type tick,
} from '#libs/contracts';
import {
  type CommandAnswer,
  type Decider,
  Definitions,
  DispatchState,
  decideDispatch,
  decideTick,
  EMPTY_JOURNAL,
  EvaluatedKeys,
  encodeDispatchCommit,
  encodeTickCommit,
  headAfter,
  isRejection,
  type JournalHead,
  type RecordedCommit,
  TickPlan,
  takePositions,
} from '#libs/domain';

export const ACCOUNT = 'default';
const SHARD = 0;
const TERM = 1;
/** Whatever the machine has: a golden log is folded with the rules of its day. */
const TZDATA = 'golden';

const ada = create(envelope.ActorSchema, {
  kind: envelope.ActorKind.USER,
  id: 'ada',
  origin: '192.0.2.1',
});

export interface DispatchAsk {
  readonly commands?: readonly d.Command[];
  readonly silences?: readonly d.WorkerSilence[];
  readonly workers?: readonly d.WorkerCapacity[];
  readonly unclaimed?: readonly d.UnclaimedOffer[];
}

/** Plays all services on one shard, at the times that it is told, and keeps what they append. */
export class Recorder {
  readonly commits: RecordedCommit[] = [];
  readonly #seqs = new Map<StreamName, number>();
  readonly #definitions = new Map<string, { state: unknown; head: JournalHead }>();
  readonly #plan = new TickPlan();
  readonly #dispatch = new DispatchState(new Definitions());
  #tickHead = EMPTY_JOURNAL;
  #dispatchHead = EMPTY_JOURNAL;
  #slots: tick.Slot[] = [];
  #facts: AttemptFact[] = [];

  /** Attempts that were released and not started, by execution. */
  get released(): { executionId: string; attempt: number; fence: number }[] {
    return [...this.#dispatch.executions.values()]
      .filter(({ phase }) => phase === 'offered')
      .map(({ id, attempt, fence }) => ({ executionId: id, attempt, fence }));
  }

  /** What the sole writer of a definition does with one command. */
  define<State, Command, Event extends DomainEvent>(
    kind: DefinitionKind,
    id: string,
    decider: Decider<State, Command, Event>,
    command: Command,
    atMs: number,
  ): State {
    const key = `${kind}/${id}`;
    const before = this.#definitions.get(key) ?? { state: decider.initial, head: EMPTY_JOURNAL };
    const decision = decider.decide(command, before.state as State);
    if (isRejection(decision)) throw new Error(`${key}: ${decision.message}`);
    if (decision.length === 0) throw new Error(`${key}: the command changes nothing`);
    const subject = subjects.definition(ACCOUNT, kind, id);
    const commitId = `${subject}:${before.head.ordinal + 1}`;
    const bytes = encodeCommit({
      id: commitId,
      aggregate: subject,
      account: ACCOUNT,
      actor: ada,
      occurredAtMs: atMs,
      correlationId: commitId,
      previousHash: before.head.hash,
      ordinal: before.head.ordinal + 1,
      events: decision.map((event) => ({ event })),
    });
    const seq = this.#append('DEFINITIONS', subject, bytes);
    const state = decision.reduce(
      (last, event) => decider.evolve(last, event),
      before.state as State,
    );
    this.#definitions.set(key, { state, head: headAfter(seq, before.head.ordinal + 1, bytes) });
    for (const event of decision) {
      this.#plan.apply(ACCOUNT, id, event, atMs);
      this.#dispatch.definitions.define(ACCOUNT, id, event, seq, atMs);
    }
    return state;
  }

  /** Decides everything that is due, in commits of at most `limit` slots. */
  tick(atMs: number): tick.Slot[] {
    const decided: tick.Slot[] = [];
    for (;;) {
      const decision = decideTick(this.#plan, atMs);
      if (decision === undefined) break;
      const { bytes, subject, ordinal } = encodeTickCommit(decision, {
        shard: SHARD,
        term: TERM,
        head: this.#tickHead,
        from: this.#plan.watermark,
        horizonMs: atMs,
        definitionsSeq: this.#seqs.get('DEFINITIONS') ?? 0,
        tzdata: TZDATA,
      });
      this.#tickHead = headAfter(this.#append('TICKS', subject, bytes), ordinal, bytes);
      this.#plan.advance(decision.to);
      decided.push(...decision.slots);
    }
    this.#slots.push(...decided);
    return decided;
  }

  /** One decision over everything that has come since the last one. */
  dispatch(atMs: number, ask: DispatchAsk = {}): readonly CommandAnswer[] {
    const { commands = [], silences = [], unclaimed = [], workers = [] } = ask;
    const inputs = create(d.DispatchInputsSchema, {
      decidedAtMs: atMs,
      definitionsSeq: this.#seqs.get('DEFINITIONS') ?? 0,
      ticks: { seq: this.#seqs.get('TICKS') ?? 0, index: 0 },
      attempts: { seq: this.#seqs.get('ATTEMPTS') ?? 0, index: 0 },
      commands: [...commands],
      silences: [...silences],
      workers: [...workers],
      unclaimed: [...unclaimed],
    });
    takePositions(this.#dispatch, inputs);
    const limitKeys = new EvaluatedKeys();
    const { events, answers } = decideDispatch(this.#dispatch, {
      limitKeys,
      nowMs: atMs,
      silences,
      unclaimed,
      commands,
      slots: this.#slots.splice(0),
      facts: this.#facts.splice(0),
    });
    if (events.length === 0) throw new Error('nothing was decided');
    inputs.limitKeys = limitKeys.recorded(events);
    const context = { shard: SHARD, term: TERM, head: this.#dispatchHead, inputs };
    const { bytes, subject, ordinal } = encodeDispatchCommit(events, context);
    this.#dispatchHead = headAfter(this.#append('DISPATCH', subject, bytes), ordinal, bytes);
    return answers;
  }

  /** What a worker tells of one attempt. */
  tell(fact: AttemptFact, atMs: number): void {
    this.#toldBy(fact.workerId, 'ATTEMPTS', subjects.attempt(SHARD), fact, atMs);
    this.#facts.push(fact);
  }

  log(workerId: string, chunk: LogEvent, atMs: number): void {
    this.#toldBy(workerId, 'LOGS', subjects.log(SHARD, chunk.executionId), chunk, atMs);
  }

  /** Facts of one commit of a run. */
  run(executionId: string, events: readonly RunEvent[], atMs: number): void {
    const subject = subjects.run(SHARD, executionId);
    const bytes = encodeCommit({
      id: `RUNS:${(this.#seqs.get('RUNS') ?? 0) + 1}`,
      aggregate: subject,
      account: ACCOUNT,
      actor: create(envelope.ActorSchema, { kind: envelope.ActorKind.SERVICE, id: 'w-1' }),
      occurredAtMs: atMs,
      correlationId: executionId,
      events: events.map((event) => ({ event })),
    });
    this.#append('RUNS', subject, bytes);
  }

  #toldBy(
    worker: string,
    stream: StreamName,
    subject: string,
    event: AttemptFact | LogEvent,
    atMs: number,
  ): void {
    const bytes = encodeCommit({
      id: `${stream}:${(this.#seqs.get(stream) ?? 0) + 1}`,
      aggregate: subject,
      account: ACCOUNT,
      actor: create(envelope.ActorSchema, { kind: envelope.ActorKind.SERVICE, id: worker }),
      occurredAtMs: atMs,
      correlationId: event.executionId,
      events: [{ event }],
    });
    this.#append(stream, subject, bytes);
  }

  #append(stream: StreamName, subject: string, bytes: Uint8Array): number {
    const seq = (this.#seqs.get(stream) ?? 0) + 1;
    this.#seqs.set(stream, seq);
    this.commits.push({ stream, seq, subject, bytes });
    return seq;
  }
}

/** Facts of one attempt, as its worker tells them. */
export function started(
  at: { executionId: string; attempt: number; fence: number },
  workerId: string,
  startedAtMs: number,
): a.AttemptStarted {
  return create(a.AttemptStartedSchema, { ...at, workerId, startedAtMs, account: ACCOUNT });
}

export function ended(
  at: { executionId: string; attempt: number; fence: number },
  workerId: string,
  endedAtMs: number,
  outcome: a.AttemptOutcome,
  errorCode?: string,
): a.AttemptEnded {
  return create(a.AttemptEndedSchema, {
    ...at,
    workerId,
    endedAtMs,
    outcome,
    account: ACCOUNT,
    ...(errorCode ? { error: { code: errorCode, message: 'It did not work.' } } : {}),
    outputJson: outcome === a.AttemptOutcome.SUCCEEDED ? '{"status":200}' : '',
    usage: { cpuMs: 12, peakMemoryBytes: 40_000_000, logBytes: 120, logLines: 2 },
  });
}
