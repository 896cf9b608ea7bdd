import type { JetStreamClient } from '@nats-io/jetstream';
import type { Logger } from 'pino';
import { Alarm, type Clock } from '#libs/clock';
import {
  create,
  dispatch as d,
  decodeCommit,
  parseDefinitionSubject,
  subjects,
} from '#libs/contracts';
import {
  type DecidedEvent,
  type DispatchState,
  decideDispatch,
  dueAtMs,
  takePositions,
} from '#libs/domain';
import { type EventLog, followForEver, type StoredCommit } from '#libs/event-log';
import type { Term } from '#libs/leadership';
import { answerAll, rejected } from './answers.js';
import type { AutoPause } from './auto-pause.js';
import type { DispatchMetrics } from './dispatch-metrics.js';
import { type Batch, Inbox, type PendingCommand } from './inbox.js';
import { Milestone } from './milestone.js';
import { publishOffers } from './offers.js';
import { ShardJournal } from './shard-journal.js';
import type { StopSignals } from './stop-signals.js';
import { SILENCE_MS, type Workers } from './workers.js';

const PAUSE_AFTER_ERROR_MS = 250;
/** How often an owner looks for workers that have fallen silent. */
const SILENCE_LOOK_MS = 250;

export interface ShardLoopOptions {
  readonly shard: number;
  readonly log: EventLog;
  readonly js: JetStreamClient;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly workers: Workers;
  readonly signals: StopSignals;
  readonly autoPause: AutoPause;
  readonly metrics: DispatchMetrics;
}

/**
 * The owner of one shard's journal, or a standby that follows it. The owner gathers what has come,
 * decides, appends with the expected sequence, and only then lets the effects out: offers, answers,
 * stop signals. A lost append throws the state away, and the journal is folded again.
 */
export class ShardLoop {
  readonly #options: ShardLoopOptions;
  readonly #alarm: Alarm;
  readonly #inbox = new Inbox();
  readonly #journal: ShardJournal;
  #definitions: StoredCommit[] = [];
  readonly #told = new Milestone();
  #leading = false;
  #leadingSinceMs = 0;

  constructor(options: ShardLoopOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#journal = new ShardJournal(options);
    options.clock.onStep(() => this.#alarm.ring());
  }

  get state(): DispatchState {
    return this.#journal.state;
  }

  get isLeading(): boolean {
    return this.#leading;
  }

  /** Before the first commit is told: folds the journal as it stands. */
  start(): Promise<void> {
    return this.#journal.catchUp();
  }

  /** A definition of one of this shard's accounts. */
  tellDefinition(stored: StoredCommit): void {
    this.#definitions.push(stored);
    if (this.#leading) this.#alarm.ring();
    else this.#takeDefinitions();
  }

  /** Every definition up to here has been told, to this shard or another. */
  toldUpTo(seq: number): void {
    this.#told.reach(seq);
    this.#alarm.ring();
  }

  /** A commit of this shard's journal: standing by, the state moves along with it. */
  saw(stored: StoredCommit): void {
    if (!this.#leading) this.#journal.saw(stored);
  }

  /** Something about the workers may have changed. */
  nudge(): void {
    if (this.#leading) this.#alarm.ring();
  }

  onCommand(pending: PendingCommand): void {
    if (this.#isOfUnknownTask(pending.command)) void this.#onceCurrent(pending);
    else this.#enqueue(pending);
  }

  #enqueue(pending: PendingCommand): void {
    if (!this.#leading) pending.abandon();
    else if (this.#inbox.sawCommand(pending)) this.#alarm.ring();
    else pending.answer(rejected('overloaded', 'Too many commands wait. Try again in a moment.'));
  }

  #isOfUnknownTask({ account, body }: d.Command): boolean {
    if (body.value === undefined || !('taskId' in body.value)) return false;
    return this.state.definitions.task(account, body.value.taskId).status === 'none';
  }

  /** A task may have been made a moment ago, and its definition be under way: what is there by now is waited for. */
  async #onceCurrent(pending: PendingCommand): Promise<void> {
    const { log, logger, shard } = this.#options;
    try {
      await this.#told.reached(await log.lastSeq('DEFINITIONS'));
    } catch (error) {
      logger.warn({ err: error, shard }, 'the end of the definitions could not be asked for');
    }
    this.#enqueue(pending);
  }

  async lead(term: Term): Promise<void> {
    const { logger, shard, clock } = this.#options;
    const reading = new AbortController();
    const follow: Promise<void>[] = [];
    try {
      logger.info({ shard, term: term.number }, 'owning');
      await this.#becomeCurrent(term.signal);
      this.#leadingSinceMs = clock.monotonic();
      this.#leading = true;
      follow.push(...this.#readInputs(reading.signal));
      while (!term.signal.aborted && (await this.#step(term)));
    } finally {
      this.#leading = false;
      reading.abort();
      await Promise.all(follow);
      // Their callers ask again, with the same ids, and reach the next owner.
      this.#inbox.abandonCommands();
      logger.info({ shard, term: term.number }, 'no longer owning');
    }
  }

  /** The whole journal, and at least the definitions that it knew. */
  async #becomeCurrent(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        await this.#journal.catchUp();
        while (!signal.aborted && this.#told.at < this.#journal.definitionsSeq)
          await this.#alarm.wait(undefined, signal);
        this.#takeDefinitions();
        return;
      } catch (error) {
        await this.#pause(error, signal);
      }
    }
  }

  #readInputs(signal: AbortSignal): Promise<void>[] {
    const { log, clock, shard, logger } = this.#options;
    const { ticks, attempts } = this.state;
    this.#inbox.restart(ticks, attempts);
    const onError = (error: unknown) =>
      logger.error({ err: error, shard }, 'an input stream broke');
    const from = (stream: 'TICKS' | 'ATTEMPTS', subject: string, seq: number) =>
      ({ log, clock, onError, range: { stream, subject, fromSeq: seq + 1 } }) as const;
    return [
      followForEver(from('TICKS', subjects.tick(shard), ticks.seq), signal, (stored) => {
        this.#inbox.sawTick(stored);
        this.#alarm.ring();
      }),
      followForEver(from('ATTEMPTS', subjects.attempt(shard), attempts.seq), signal, (stored) => {
        this.#inbox.sawFacts(stored);
        this.#alarm.ring();
      }),
    ];
  }

  /** False when the append was lost, or its outcome is unknown: the term ends, and the journal is read again. */
  async #step({ number, signal }: Term): Promise<boolean> {
    this.#takeDefinitions();
    const { state } = this;
    const batch = this.#inbox.takeBatch((account, taskId) => {
      const task = state.definitions.task(account, taskId);
      return 'parametersJson' in task ? task.parametersJson.length : 0;
    });
    const nowMs = this.#options.clock.now();
    const inputs = this.#inputsOf(batch, nowMs);
    const { silences } = inputs;
    takePositions(state, inputs);
    const commands = batch.commands.map(({ command }) => command);
    const decision = decideDispatch(state, { ...batch, commands, nowMs, silences });
    if (decision.events.length > 0) {
      // A command that led to nothing is no input of the commit.
      const causes = new Set(decision.events.map(({ causationId }) => causationId));
      inputs.commands = commands.filter(({ id }) => causes.has(id));
      try {
        if (!(await this.#journal.append(decision.events, inputs, number))) return false;
      } catch (error) {
        await this.#pause(error, signal);
        return false;
      }
      this.#letOut(decision.events);
    }
    answerAll(batch.commands, decision.answers, this.#journal.head.seq);
    this.#options.autoPause.look(state, nowMs);
    if (decision.events.length === 0 && this.#inbox.isEmpty)
      await this.#alarm.wait(this.#nextDueMs(), signal);
    return true;
  }

  #inputsOf(batch: Batch, nowMs: number): d.DispatchInputs {
    return create(d.DispatchInputsSchema, {
      decidedAtMs: nowMs,
      definitionsSeq: this.state.definitions.seq,
      ticks: batch.ticks,
      attempts: batch.attempts,
      silences: this.#silences(),
      capacities: this.#capacities(),
    });
  }

  #silences(): d.WorkerSilence[] {
    const { workers } = this.#options;
    const holders = new Set<string>();
    for (const id of this.state.timed) {
      const execution = this.state.executions.get(id);
      if (execution?.phase === 'running') holders.add(execution.workerId);
    }
    return [...holders].flatMap((workerId) => {
      const silentMs = workers.silentMs(workerId, this.#leadingSinceMs);
      return silentMs > SILENCE_MS
        ? [create(d.WorkerSilenceSchema, { workerId, silentMs: Math.round(silentMs) })]
        : [];
    });
  }

  /** Every pool whose slots differ from those last written down. */
  #capacities(): d.PoolCapacity[] {
    const slots = this.#options.workers.slots();
    const written = this.#journal.writtenSlots;
    const pools = [...new Set([...slots.keys(), ...written.keys()])].sort();
    // Also where nothing is to be written: an earlier look, of which no commit came, may have left its mark.
    for (const pool of pools) this.state.slots.set(pool, slots.get(pool) ?? 0);
    return pools
      .filter((pool) => (slots.get(pool) ?? 0) !== (written.get(pool) ?? 0))
      .map((pool) => create(d.PoolCapacitySchema, { pool, slots: slots.get(pool) ?? 0 }));
  }

  #letOut(events: readonly DecidedEvent[]): void {
    const { js, shard, signals, logger } = this.#options;
    publishOffers(js, shard, this.state, events, (error) =>
      logger.warn({ err: error, shard }, 'an offer was not taken; it will be made anew'),
    );
    signals.afterCommit(this.state, events);
  }

  #nextDueMs(): number | undefined {
    const { maintenance } = this.state.definitions;
    let next = Math.min(
      maintenance.nextEndMs(this.#options.clock.now()),
      this.state.redrives.nextDueMs(),
    );
    let running = false;
    for (const id of this.state.timed) {
      const execution = this.state.executions.get(id);
      if (execution === undefined) continue;
      next = Math.min(next, dueAtMs(execution));
      running ||= execution.phase === 'running';
    }
    // A worker's silence makes no sound: it is looked for while anything runs.
    if (running) next = Math.min(next, this.#options.clock.now() + SILENCE_LOOK_MS);
    return next === Number.POSITIVE_INFINITY ? undefined : next;
  }

  #takeDefinitions(): void {
    for (const stored of this.#definitions.splice(0)) {
      const at = parseDefinitionSubject(stored.subject);
      if (at === undefined) continue;
      const { commit, events } = decodeCommit(stored.bytes);
      for (const { event } of events)
        this.state.definitions.define(at.account, at.id, event, stored.seq, commit.occurredAtMs);
    }
  }

  async #pause(error: unknown, signal: AbortSignal): Promise<void> {
    const { logger, shard, clock } = this.#options;
    logger.error({ err: error, shard }, 'the log could not be asked');
    await clock.sleep(PAUSE_AFTER_ERROR_MS, signal).catch(() => undefined);
  }
}
