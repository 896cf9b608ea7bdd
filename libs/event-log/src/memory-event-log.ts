import type { StreamName } from '#libs/contracts';
import type {
  AppendRequest,
  AppendResult,
  EventLog,
  ReadRange,
  StoredCommit,
} from './event-log.js';

/**
 * The event log for tests of deciders and shells that need no broker: the same port, the same
 * contract suite, nothing kept. Production code never makes one.
 */
export class MemoryEventLog implements EventLog {
  readonly #streams = new Map<StreamName, StoredCommit[]>();
  readonly #waiting = new Set<() => void>();
  readonly #nowMs: () => number;

  constructor(nowMs: () => number) {
    this.#nowMs = nowMs;
  }

  async append(request: AppendRequest): Promise<AppendResult> {
    const stream = this.#of(request.stream);
    const last = stream.findLast((one) => one.subject === request.subject);
    if (request.expectedLastSeq !== undefined) {
      if ((last?.seq ?? 0) !== request.expectedLastSeq)
        return last?.msgId === request.msgId && Buffer.compare(last.bytes, request.bytes) === 0
          ? { kind: 'appended', seq: last.seq, duplicate: false }
          : { kind: 'conflict' };
    }
    const before = stream.find((one) => one.msgId === request.msgId);
    if (before !== undefined) return { kind: 'appended', seq: before.seq, duplicate: true };
    const seq = stream.length + 1;
    stream.push({
      stream: request.stream,
      seq,
      subject: request.subject,
      bytes: request.bytes,
      msgId: request.msgId,
      storedAtMs: this.#nowMs(),
    });
    for (const wake of this.#waiting) wake();
    return { kind: 'appended', seq, duplicate: false };
  }

  async last(stream: StreamName, subject: string): Promise<StoredCommit | undefined> {
    return this.#of(stream).findLast((one) => one.subject === subject);
  }

  async get(stream: StreamName, seq: number): Promise<StoredCommit | undefined> {
    return this.#of(stream)[seq - 1];
  }

  async lastSeq(stream: StreamName): Promise<number> {
    return this.#of(stream).length;
  }

  async *read(range: ReadRange): AsyncIterable<StoredCommit> {
    yield* this.#of(range.stream).filter((one) => inRange(one, range));
  }

  async *follow(range: ReadRange, signal: AbortSignal): AsyncIterable<StoredCommit> {
    let next = Math.max(1, range.fromSeq);
    while (!signal.aborted) {
      const commit = this.#of(range.stream)[next - 1];
      if (commit === undefined) {
        await this.#more(signal);
        continue;
      }
      next++;
      if (inRange(commit, range)) yield commit;
    }
  }

  #more(signal: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      const wake = () => {
        this.#waiting.delete(wake);
        signal.removeEventListener('abort', wake);
        resolve();
      };
      this.#waiting.add(wake);
      signal.addEventListener('abort', wake, { once: true });
    });
  }

  #of(stream: StreamName): StoredCommit[] {
    const commits = this.#streams.get(stream) ?? [];
    this.#streams.set(stream, commits);
    return commits;
  }
}

function inRange(commit: StoredCommit, range: ReadRange): boolean {
  if (commit.seq < range.fromSeq) return false;
  if (range.subject === undefined) return true;
  const filters = typeof range.subject === 'string' ? [range.subject] : range.subject;
  return filters.some((filter) => matches(filter, commit.subject));
}

/** NATS' own rule: `*` is one token, `>` is one or more at the end. */
function matches(filter: string, subject: string): boolean {
  const want = filter.split('.');
  const have = subject.split('.');
  for (let i = 0; i < want.length; i++) {
    if (want[i] === '>') return have.length > i;
    if (have[i] === undefined || (want[i] !== '*' && want[i] !== have[i])) return false;
  }
  return have.length === want.length;
}
