import type { Logger } from 'pino';
import { Alarm, type Clock, Pace } from '#libs/clock';
import {
  create,
  dispatch as d,
  decodeCommit,
  parseDefinitionSubject,
  subjects,
  type worker as w,
} from '#libs/contracts';
import { type DispatchState, decideDispatch, EvaluatedKeys } from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import type { Term } from '#libs/leadership';
import { answerAll } from './answers.js';
import type { AutoPause } from './auto-pause.js';
import { CommandDoor } from './command-door.js';
import type { Demand } from './demand.js';
import type { DispatchMetrics } from './dispatch-metrics.js';
import { fleetInputs } from './fleet-inputs.js';
import { type Batch, Inbox, type PendingCommand } from './inbox.js';
import { feedInputs } from './input-feeds.js';
import { Milestone } from './milestone.js';
import type { Offers } from './offers.js';
import { ShardJournal } from './shard-journal.js';
import type { ShardSnapshots } from './shard-snapshots.js';
import type { StopSignals } from './stop-signals.js';
import type { Workers } from './workers.js';

const PAUSE_AFTER_ERROR_MS = 250;
/** How often an owner looks for workers that have fallen silent. */
const SILENCE_LOOK_MS = 250;
/** While more than so many inputs come a millisecond, commits begin so far apart. */
const PACE = { busyPerMs: 1.5, gapMs: 5 } as const;

export interface ShardLoopOptions {
  readonly shard: number;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly workers: Workers;
  readonly offers: Offers;
  readonly demand: Demand;
  readonly signals: StopSignals;
  readonly autoPause: AutoPause;
  readonly metrics: DispatchMetrics;
  readonly snapshots?: ShardSnapshots;
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
  readonly #door: CommandDoor;
  readonly #told = new Milestone();
  readonly #pace = new Pace(PACE);
  /** Facts up to here stood in the log when the term began. */
  #factsToRead = 0;
  #definitions: StoredCommit[] = [];
  /** The last of each worker, to be looked at when the state is as the journal has it. */
  readonly #heartbeats = new Map<string, w.Heartbeat>();
  #leading = false;
  #ownedSinceMs = 0;

  constructor(options: ShardLoopOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#journal = new ShardJournal(options);
    this.#door = new CommandDoor({
      ...options,
      told: this.#told,
      state: () => this.state,
      letIn: (pending) => this.#letIn(pending),
    });
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

  onHeartbeat(heartbeat: w.Heartbeat): void {
    if (!this.#leading) return;
    this.#heartbeats.set(heartbeat.workerId, heartbeat);
    // A new worker waits to hear what is wanted of it.
    if (heartbeat.beat === 1) this.#options.demand.soon();
    this.#alarm.ring();
  }

  /** Never while an append is under way: what it says, of offers and of stops, may not come to pass. */
  #hearWorkers(): void {
    const { signals, offers } = this.#options;
    for (const heartbeat of this.#heartbeats.values()) {
      signals.onHeartbeat(this.state, heartbeat);
      offers.onHeartbeat(this.state, heartbeat);
    }
    this.#heartbeats.clear();
  }

  /** An offer did not reach its worker. */
  nudge(): void {
    this.#alarm.ring();
  }

  onCommand(pending: PendingCommand): void {
    this.#door.knock(pending);
  }

  #letIn(pending: PendingCommand): boolean | undefined {
    if (!this.#leading) return undefined;
    const isIn = this.#inbox.sawCommand(pending);
    if (isIn) this.#alarm.ring();
    return isIn;
  }

  async lead(term: Term): Promise<void> {
    const { logger, shard, clock, offers, demand } = this.#options;
    const reading = new AbortController();
    const feeds: Promise<void>[] = [];
    try {
      logger.info({ shard, term: term.number }, 'owning');
      await this.#becomeCurrent(term.signal);
      this.#ownedSinceMs = clock.monotonic();
      this.#leading = true;
      offers.begin(term.number);
      demand.begin(term.number, this.state);
      const onInput = () => this.#alarm.ring();
      const deps = { ...this.#options, inbox: this.#inbox, onInput };
      feeds.push(...feedInputs(deps, this.state, reading.signal));
      while (!term.signal.aborted && (await this.#step(term)));
    } finally {
      this.#leading = false;
      this.#heartbeats.clear();
      reading.abort();
      offers.end();
      demand.end();
      await Promise.all(feeds);
      // Their callers ask again, with the same ids, and reach the next owner.
      this.#inbox.abandonCommands();
      logger.info({ shard, term: term.number }, 'no longer owning');
    }
  }

  /** The whole journal, and at least the definitions that it knew. */
  async #becomeCurrent(signal: AbortSignal): Promise<void> {
    const { log, shard } = this.#options;
    while (!signal.aborted) {
      try {
        await this.#journal.catchUp();
        this.#factsToRead = (await log.last('ATTEMPTS', subjects.attempt(shard)))?.seq ?? 0;
        while (!signal.aborted && this.#told.at < this.#journal.definitionsSeq)
          await this.#alarm.wait(undefined, signal);
        this.#takeDefinitions();
        return;
      } catch (error) {
        await this.#pause(error, signal);
      }
    }
  }

  /** False when the append was lost, or its outcome is unknown: the term ends, and the journal is read again. */
  async #step(term: Term): Promise<boolean> {
    const { autoPause, clock, demand, offers } = this.#options;
    this.#takeDefinitions();
    this.#hearWorkers();
    const { state } = this;
    const batch = this.#inbox.takeBatch((account, taskId) => {
      const task = state.definitions.task(account, taskId);
      return 'parametersJson' in task ? task.parametersJson.length : 0;
    }, state.fleet.places);
    this.#pace.begin(batch.facts.length + batch.commands.length, clock.monotonic());
    const nowMs = clock.now();
    const inputs = this.#inputsOf(batch, nowMs);
    const { silences, unclaimed } = inputs;
    this.#journal.tell(inputs);
    const commands = batch.commands.map(({ command }) => command);
    const limitKeys = new EvaluatedKeys();
    const told = { commands, nowMs, silences, unclaimed, limitKeys };
    const decision = decideDispatch(state, { ...batch, ...told });
    if (state.attempts.seq >= this.#factsToRead) offers.becameCurrent();
    if (decision.events.length > 0) {
      // A command that led to nothing is no input of the commit.
      const causes = new Set(decision.events.map(({ causationId }) => causationId));
      inputs.commands = commands.filter(({ id }) => causes.has(id));
      inputs.limitKeys = limitKeys.recorded(decision.events);
      try {
        if (!(await this.#journal.append(decision.events, inputs, term.number))) return false;
      } catch (error) {
        await this.#pause(error, term.signal);
        return false;
      }
      // Whoever slept over the end of its term has nothing to give any more.
      if (term.signal.aborted) return false;
      offers.afterCommit(state, decision.events);
      this.#options.signals.afterCommit(state, decision.events);
    }
    answerAll(batch.commands, decision.answers, this.#journal.head.seq);
    demand.look();
    autoPause.look(state, nowMs);
    if (decision.events.length === 0 && this.#inbox.isEmpty)
      await this.#alarm.wait(this.#nextDueMs(), term.signal);
    else await this.#rest(term.signal);
    return true;
  }

  /** What has come in meanwhile is heard first: each commit costs a sync, however little it holds. */
  async #rest(signal: AbortSignal): Promise<void> {
    const { clock } = this.#options;
    const restMs = this.#pace.restMs(clock.monotonic());
    if (restMs > 0) await clock.sleep(restMs, signal).catch(() => undefined);
    else await nextTurn();
  }

  #inputsOf(batch: Batch, nowMs: number): d.DispatchInputs {
    const { workers, offers, shard } = this.#options;
    const owned = { shard, ownedSinceMs: this.#ownedSinceMs };
    return create(d.DispatchInputsSchema, {
      decidedAtMs: nowMs,
      definitionsSeq: this.state.definitions.seq,
      ticks: batch.ticks,
      attempts: batch.attempts,
      unclaimed: offers.takeStray(),
      ...fleetInputs(workers, owned, this.state, this.#journal.fleet),
    });
  }

  #nextDueMs(): number | undefined {
    const { fleet, due, line, redrives, definitions } = this.state;
    const nowMs = this.#options.clock.now();
    let next = Math.min(
      due.nextMs,
      line.nextMs,
      redrives.nextDueMs(),
      definitions.maintenance.nextEndMs(nowMs),
    );
    // A worker's silence makes no sound: it is looked for while one has anything.
    if (fleet.hasHolders) next = Math.min(next, nowMs + SILENCE_LOOK_MS);
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

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
