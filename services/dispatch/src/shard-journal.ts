import type { Logger } from 'pino';
import { type DecodedCommit, type dispatch as d, decodeCommit, subjects } from '#libs/contracts';
import {
  type DecidedEvent,
  Definitions,
  DispatchState,
  EMPTY_JOURNAL,
  encodeDispatchCommit,
  foldDispatchCommit,
  headAfter,
  type JournalHead,
  takePositions,
} from '#libs/domain';
import type { EventLog, StoredCommit } from '#libs/event-log';
import type { DispatchMetrics } from './dispatch-metrics.js';
import { isAllWritten, type KnownFleet, noteFleet, noteWritten } from './fleet-inputs.js';
import type { ShardSnapshots } from './shard-snapshots.js';

export interface ShardJournalOptions {
  readonly shard: number;
  readonly log: EventLog;
  readonly logger: Logger;
  readonly metrics: DispatchMetrics;
  /** Without, a start folds the whole journal. */
  readonly snapshots?: ShardSnapshots;
}

/** One shard's journal and the fold of it. */
export class ShardJournal {
  readonly #options: ShardJournalOptions;
  readonly #subject: string;
  #state = new DispatchState(new Definitions());
  #head: JournalHead = EMPTY_JOURNAL;
  /** A decision was made on the state and not stored: the state is ahead of the journal. */
  #spoilt = false;
  #catchingUp: Promise<void> | undefined;
  readonly fleet: KnownFleet = { written: new Map(), told: new Map() };
  /** The definitions that its last commit knew. */
  definitionsSeq = 0;

  constructor(options: ShardJournalOptions) {
    this.#options = options;
    this.#subject = subjects.dispatch(options.shard);
  }

  get state(): DispatchState {
    return this.#state;
  }

  get head(): JournalHead {
    return this.#head;
  }

  /** A commit that was told: the next one is folded, a later one means that some were not told. */
  saw(stored: StoredCommit): void {
    if (this.#catchingUp !== undefined || stored.seq <= this.#head.seq) return;
    const decoded = decodeCommit(stored.bytes);
    if (!this.#spoilt && decoded.commit.ordinal === this.#head.ordinal + 1)
      this.#fold(stored, decoded);
    else
      this.catchUp().catch((error) =>
        this.#options.logger.warn(
          { err: error },
          'the journal could not be read; it is, before it is led',
        ),
      );
  }

  /** Folds what the journal has beyond the head; from its start when the state is spoilt. */
  catchUp(): Promise<void> {
    this.#catchingUp ??= this.#readOn().finally(() => {
      this.#catchingUp = undefined;
    });
    return this.#catchingUp;
  }

  async #readOn(): Promise<void> {
    if (this.#spoilt) {
      this.#state = new DispatchState(this.#state.definitions);
      this.#head = EMPTY_JOURNAL;
      this.fleet.written.clear();
      this.fleet.told.clear();
      this.#spoilt = false;
    }
    if (this.#head.seq === 0) await this.#goOnFromSnapshot();
    const range = { stream: 'DISPATCH', subject: this.#subject } as const;
    for await (const stored of this.#options.log.read({ ...range, fromSeq: this.#head.seq + 1 }))
      this.#fold(stored, decodeCommit(stored.bytes));
  }

  async #goOnFromSnapshot(): Promise<void> {
    const restored = await this.#options.snapshots?.newest(this.#state.definitions);
    if (restored === undefined) return;
    const { state, head } = restored;
    this.#state = state;
    this.#head = head;
    this.definitionsSeq = head.definitionsSeq;
    noteFleet(this.fleet.written, state);
    noteFleet(this.fleet.told, state);
  }

  #fold(stored: StoredCommit, decoded: DecodedCommit): void {
    this.#noted(foldDispatchCommit(this.#state, decoded));
    this.#options.snapshots?.count(stored.bytes.length);
    this.#head = headAfter(stored.seq, decoded.commit.ordinal, stored.bytes);
  }

  /** Lets the state know what the next decision is made from. */
  tell(inputs: d.DispatchInputs): void {
    takePositions(this.#state, inputs);
    noteWritten(this.fleet.told, inputs.workers);
  }

  /** Stores a decision that was made on the state. False: somebody else was first. Throws LogUnavailable. */
  async append(
    events: readonly DecidedEvent[],
    inputs: d.DispatchInputs,
    term: number,
  ): Promise<boolean> {
    const { shard, log, metrics, logger } = this.#options;
    const head = this.#head;
    this.#spoilt = true;
    const commit = encodeDispatchCommit(events, { shard, term, head, inputs });
    const { bytes, id: msgId, subject } = commit;
    const expectedLastSeq = head.seq;
    const result = await log.append({ stream: 'DISPATCH', subject, bytes, msgId, expectedLastSeq });
    if (result.kind === 'conflict') {
      logger.warn({ shard, term }, 'another owner decided first');
      return false;
    }
    this.#spoilt = false;
    this.#head = headAfter(result.seq, commit.ordinal, bytes);
    this.#noted(inputs);
    metrics.committed(events, bytes.length);
    this.#keepSnapshot(bytes.length);
    return true;
  }

  /** What the state was told and the journal was not has no place in a snapshot. */
  #keepSnapshot(bytes: number): void {
    const { shard, snapshots } = this.#options;
    snapshots?.count(bytes);
    if (!snapshots?.isDue || !isAllWritten(this.fleet)) return;
    const { definitionsSeq } = this;
    snapshots.keep(this.#state, { ...this.#head, shard, definitionsSeq });
  }

  #noted(inputs: d.DispatchInputs): void {
    this.definitionsSeq = inputs.definitionsSeq;
    noteWritten(this.fleet.written, inputs.workers);
    noteWritten(this.fleet.told, inputs.workers);
  }
}
