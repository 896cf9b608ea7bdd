import type { StoredCommit } from '#libs/event-log';

/** What may be wrong with a log; each code is one broken promise. */
export type FindingCode =
  /** Bytes that are no commit, or a commit that is not of its subject. */
  | 'unreadable'
  /** A commit is missing, stands twice, or in another place. */
  | 'ordinal'
  /** The commit before it is not the one it was written after. */
  | 'hash'
  /** A leader wrote after a newer one had. */
  | 'stale-term'
  /** It does not go on from where the commit before it stopped, or goes back. */
  | 'watermark'
  /** It knew less than the commit before it. */
  | 'definitions'
  /** A slot that stands outside the watermarks of its commit, or out of order. */
  | 'slot-place'
  /** Decided before its instant. */
  | 'slot-early'
  | 'slot-twice'
  /** An instant without an outcome. */
  | 'slot-undecided'
  /** An outcome without an instant. */
  | 'slot-not-due'
  /** Of the right name, with something wrong in it. */
  | 'slot-content'
  | 'slot-outcome'
  /** Fired, and never asked for; or asked for and not fired. */
  | 'run-lost'
  | 'run-unfounded'
  | 'run-twice'
  /** A step of an execution that can't follow the one before it. */
  | 'run-order'
  | 'run-unfinished'
  /** Something happened to an execution that nobody had asked for. */
  | 'run-unrequested'
  /** Two attempts of one execution at the same time. */
  | 'attempt-overlap'
  | 'fence-order'
  /** What was told with an old fence, or by another worker, had an effect. */
  | 'stale-effect'
  /** More attempts than its retries allow, or numbered otherwise. */
  | 'attempts-exceeded'
  | 'attempt-number'
  /** Another delay than the law's, one that was not waited for, or nothing that failed. */
  | 'retry-delay'
  | 'retry-early'
  | 'retry-unfounded'
  | 'limit-exceeded'
  | 'rate-exceeded'
  | 'pool-paused'
  /** A worker was given more than it had granted. */
  | 'slots-exceeded'
  /** A bad end without its dead letter, or one too many, or one that does not say enough. */
  | 'dead-letter-missing'
  | 'dead-letter-unfounded'
  | 'dead-letter-twice'
  | 'dead-letter-incomplete'
  | 'ended-twice'
  /** A success without a successful attempt, or the other way round. */
  | 'end-unfounded'
  /** A worker told it, and it had neither effect nor record; or nobody told it. */
  | 'fact-ignored'
  | 'fact-invented'
  /** A witness saw what no attempt did, saw it too often, or did not see it. */
  | 'effect-unknown'
  | 'effect-twice'
  | 'effect-missing';

export interface Finding {
  readonly code: FindingCode;
  readonly where: string;
  readonly what: string;
}

/** Beyond this the first ones tell enough. */
const FINDINGS_KEPT = 50;

export class Findings {
  readonly kept: Finding[] = [];
  count = 0;

  add(code: FindingCode, at: StoredCommit | string, what: string): void {
    this.count += 1;
    const where = typeof at === 'string' ? at : `${at.stream} ${at.seq} (${at.subject})`;
    if (this.kept.length < FINDINGS_KEPT) this.kept.push({ code, where, what });
  }
}
