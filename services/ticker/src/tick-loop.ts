import type { Logger } from 'pino';
import { Alarm, type Clock } from '#libs/clock';
import { decodeCommit, fromBinary, subjects, tick } from '#libs/contracts';
import { tzdataVersion } from '#libs/cron';
import {
  decideTick,
  EMPTY_JOURNAL,
  encodeTickCommit,
  headAfter,
  type JournalHead,
  type TickDecision,
  TickPlan,
} from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import type { Term } from '#libs/leadership';
import type { Definition } from './follow-definitions.js';
import { PlanWatch } from './plan-watch.js';
import type { TickMetrics } from './tick-metrics.js';

const PAUSE_AFTER_ERROR_MS = 250;

export interface TickLoopOptions {
  readonly shard: number;
  readonly log: EventLog;
  readonly clock: Clock;
  readonly logger: Logger;
  readonly metrics: TickMetrics;
}

/**
 * One shard's ticker. Standing by it keeps its plan warm; leading it decides what is due and appends
 * it with the expected sequence of the journal, so that a second leader can do no harm.
 */
export class TickLoop {
  readonly #options: TickLoopOptions;
  readonly #alarm: Alarm;
  readonly #plan = new TickPlan();
  #head: JournalHead = EMPTY_JOURNAL;
  /** Definitions told but not taken in: while an append is in the air, the plan holds still. */
  #inbox: Definition[] = [];
  #toldSeq = 0;
  #definitionsSeq = 0;
  #leading = false;
  readonly #watch: PlanWatch;

  constructor(options: TickLoopOptions) {
    this.#options = options;
    this.#alarm = new Alarm(options.clock);
    this.#watch = new PlanWatch(this.#plan, options);
    options.clock.onStep(() => this.#alarm.ring());
  }

  /** Before the first definition is told: where the journal stands. */
  async start(): Promise<void> {
    await this.#readHead();
  }

  tell(definition: Definition): void {
    this.#inbox.push(definition);
    if (this.#leading) this.#alarm.ring();
    else this.#takeIn();
  }

  /** Every definition up to here has been told, to this shard or another. */
  toldUpTo(seq: number): void {
    this.#toldSeq = seq;
    if (this.#leading) this.#alarm.ring();
  }

  /** A commit of this shard's journal: standing by, the plan moves along with it. */
  saw(stored: StoredCommit): void {
    if (!this.#leading && stored.seq > this.#head.seq) this.#moveTo(stored);
  }

  get schedules(): number {
    return this.#plan.schedules;
  }

  async lead(term: Term): Promise<void> {
    const { logger, shard } = this.#options;
    this.#leading = true;
    try {
      logger.info({ shard, term: term.number }, 'leading');
      await this.#becomeCurrent(term.signal);
      while (!term.signal.aborted) await this.#step(term);
    } finally {
      this.#leading = false;
      logger.info({ shard, term: term.number }, 'no longer leading');
    }
  }

  /** The journal's end, and at least the definitions that its last commit knew. */
  async #becomeCurrent(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      try {
        const knownSeq = await this.#readHead();
        while (!signal.aborted && this.#toldSeq < knownSeq)
          await this.#alarm.wait(undefined, signal);
        return;
      } catch (error) {
        await this.#recover(error, signal);
      }
    }
  }

  async #step({ number, signal }: Term): Promise<void> {
    this.#takeIn();
    const horizonMs = this.#options.clock.now();
    const decision = decideTick(this.#plan, horizonMs);
    if (decision === undefined) {
      this.#plan.passOver(horizonMs);
      // Only now: before a decision, what is overdue is merely about to be decided.
      this.#watch.look(horizonMs);
      await this.#alarm.wait(this.#plan.nextDueMs(), signal);
      return;
    }
    try {
      await this.#append(decision, horizonMs, number);
    } catch (error) {
      // Whether it was stored is unknown: the journal tells.
      await this.#recover(error, signal);
      await this.#becomeCurrent(signal);
    }
  }

  async #append(decision: TickDecision, horizonMs: number, term: number): Promise<void> {
    const { shard, log, metrics, logger } = this.#options;
    const { bytes, id, subject, ordinal } = encodeTickCommit(decision, {
      shard,
      term,
      head: this.#head,
      from: this.#plan.watermark,
      horizonMs,
      definitionsSeq: this.#definitionsSeq,
      tzdata: tzdataVersion(),
    });
    const expectedLastSeq = this.#head.seq;
    const result = await log.append({
      stream: 'TICKS',
      subject,
      bytes,
      msgId: id,
      expectedLastSeq,
    });
    if (result.kind === 'conflict') {
      logger.warn({ shard, term }, 'another leader decided first');
      await this.#readHead();
      return;
    }
    this.#head = headAfter(result.seq, ordinal, bytes);
    this.#plan.advance(decision.to);
    metrics.decided(decision.slots, this.#options.clock.now());
    logger.debug({ shard, term, id, seq: result.seq, slots: decision.slots.length }, 'decided');
  }

  #takeIn(): void {
    for (const { account, id, occurredAtMs, events, seq } of this.#inbox.splice(0)) {
      for (const event of events) this.#plan.apply(account, id, event, occurredAtMs);
      this.#definitionsSeq = seq;
    }
  }

  /** Moves to the journal's end; returns the definitions that its last commit knew. */
  async #readHead(): Promise<number> {
    const { log, shard } = this.#options;
    const last = await log.last('TICKS', subjects.tick(shard));
    if (last === undefined) return 0;
    return this.#moveTo(last);
  }

  #moveTo(stored: StoredCommit): number {
    const { to, definitionsSeq, ordinal } = readTickCommit(stored);
    this.#head = headAfter(stored.seq, ordinal, stored.bytes);
    this.#plan.advance(to);
    return definitionsSeq;
  }

  async #recover(error: unknown, signal: AbortSignal): Promise<void> {
    const { logger, shard, clock } = this.#options;
    logger.error({ err: error, shard }, 'the log could not be asked');
    await clock.sleep(PAUSE_AFTER_ERROR_MS, signal).catch(() => undefined);
  }
}

function readTickCommit(stored: StoredCommit) {
  const { commit, events } = decodeCommit(stored.bytes);
  const decided = events[0]?.event;
  if (decided?.$typeName !== 'tick.v1.SlotsDecided')
    throw new Error(`${stored.subject} ${stored.seq} is no tick commit`);
  const { definitionsSeq } = fromBinary(tick.TickInputsSchema, commit.inputs);
  const { dueAtMs = 0, key = '' } = decided.to ?? {};
  return { to: { dueAtMs, key }, definitionsSeq, ordinal: commit.ordinal };
}
