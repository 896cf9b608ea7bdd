/** Everyone who waits, and everything in use: a fold of the events, with the caches that make a decision cheap. */
import { type dispatch as d, task as t } from '#libs/contracts';
import { keyOf, type Touched } from '../definitions.js';
import type { Execution } from '../execution.js';
import { SWEPT_PER_REQUEST } from '../limits.js';
import { Blocker } from './blocker.js';
import { AccountQueue, Lane, PoolQueue, type Ticket } from './lane.js';
import { isPaced, labelsOf, laneKeyOf } from './lane-key.js';
import { Usage, type UsagePart } from './usage.js';

/** Places of an execution's usages, and the bits of AttemptReleased.filled. */
export const TASK = 0;
export const ACCOUNT = 1;
export const POOL = 2;
export const BROWSER = 3;
export const NAMED = 4;

interface Member {
  readonly ordinal: number;
  /** By place; the browser's is absent where none is needed. */
  readonly under: readonly (Usage | undefined)[];
  readonly laneKey: string;
  ticket: Ticket | undefined;
  lane: Lane | undefined;
  /** For how long each had been full when the wait began. */
  fullThenMs: readonly number[];
}

/** The line as a snapshot has it. What is parked where is a cache, and is found out anew. */
export interface LinePart {
  readonly requests: number;
  readonly busy: readonly (readonly [pool: string, count: number])[];
  readonly usages: readonly UsagePart[];
  readonly idle: readonly string[];
  /** In the order of their requests. */
  readonly members: readonly MemberPart[];
  /** In the order of their pools, and of the accounts there. */
  readonly lanes: readonly LanePart[];
}

interface MemberPart {
  readonly id: string;
  readonly ordinal: number;
  /** Places among the usages. */
  readonly under: readonly (number | undefined)[];
  readonly fullThenMs: readonly number[];
  readonly queuedAtMs: number | undefined;
  /** Place among the lanes. */
  readonly lane: number | undefined;
}

interface LanePart {
  readonly key: string;
  /** Of one who waits in it: whose pool, account, priority and order it has. */
  readonly ofExecution: string;
}

export class Line {
  readonly pools = new Map<string, PoolQueue>();
  /** Offered and running, by pool. */
  readonly #busy = new Map<string, number>();
  readonly #members = new Map<string, Member>();
  readonly #usages = new Map<string, Usage>();
  /** Usages that nobody is under any more, kept for their releases. */
  readonly #idle = new Map<string, Usage>();
  readonly #parked = new Set<Blocker>();
  /** Those who wait for an earlier run, by task. */
  readonly #turns = new Map<string, Blocker>();
  /** Those who wait for a pool to be resumed, or for a maintenance to end, by account. */
  readonly #words = new Map<string, Blocker>();
  /** Those for whom no worker has room, by pool and labels. */
  readonly #fits = new Map<string, Blocker>();
  #requests = 0;

  open(execution: Execution, atMs: number): void {
    const { account, spec, limits } = execution;
    const isBrowser = spec.type === t.TaskType.BROWSER_AUTOMATION;
    const under = [
      this.#usage(account, `t/${account}/${spec.taskId}`),
      this.#usage(account, `a/${account}`),
      this.#usage(account, `p/${account}/${spec.pool}`),
      isBrowser ? this.#usage(account, `b/${account}`) : undefined,
      ...limits.map(({ limitId, key }) => this.#usage(account, limitKey(account, limitId, key))),
    ];
    for (const usage of under) {
      if (usage === undefined) continue;
      usage.open += 1;
      usage.fresh += 1;
    }
    this.#requests += 1;
    this.#members.set(execution.id, {
      ordinal: this.#requests,
      under,
      laneKey: laneKeyOf(execution),
      ticket: undefined,
      lane: undefined,
      fullThenMs: [],
    });
    this.#sweep(atMs);
  }

  join(execution: Execution, atMs: number): void {
    const member = this.#members.get(execution.id);
    if (member === undefined || member.ticket !== undefined) return;
    const { under } = member;
    const key = isPaced(execution) ? `${member.laneKey}|paced` : member.laneKey;
    member.fullThenMs = under.map((usage) => usage?.fullTime.upTo(atMs) ?? 0);
    for (const usage of under) if (usage) usage.waiting += 1;
    this.#enter(execution, this.#laneOf(execution, member, key), atMs);
  }

  leave({ id }: Execution): void {
    const member = this.#members.get(id);
    if (member?.ticket === undefined || member.lane === undefined) return;
    const { ticket, lane, under } = member;
    const { queue } = lane.band;
    lane.band.count(ticket.queuedAtMs, -1);
    for (const usage of under) if (usage) usage.waiting -= 1;
    lane.remove(ticket);
    member.ticket = undefined;
    member.lane = undefined;
    if (lane.size > 0) return;
    queue.lanes.delete(lane.key);
    if (queue.lanes.size > 0) return;
    const { accounts, name } = queue.pool;
    accounts.delete(queue.account);
    if (accounts.size === 0) this.pools.delete(name);
  }

  /** A release: it is in use from now on. */
  take(execution: Execution, event: d.AttemptReleased): void {
    const member = this.#members.get(execution.id);
    if (member === undefined) return;
    const { releasedAtMs: atMs, filled } = event;
    const { pool } = execution.spec;
    this.#busy.set(pool, (this.#busy.get(pool) ?? 0) + 1);
    for (let place = 0; place < member.under.length; place++) {
      const usage = member.under[place];
      if (usage === undefined) continue;
      if (execution.attempt === 0) usage.fresh -= 1;
      usage.active += 1;
      if ((filled & (1 << place)) !== 0) usage.fullTime.fill(atMs);
      else usage.fullTime.clear(atMs);
      const use = execution.limits[place - NAMED];
      if (use === undefined || use.rateCount === 0) continue;
      usage.releases.add(atMs, use.ratePerMs);
      const rate = { count: use.rateCount, perMs: use.ratePerMs };
      usage.fullTime.book(atMs, usage.releases.nextMs(rate));
    }
  }

  /** Its attempt is over. */
  giveBack({ id, spec }: Execution, atMs: number): void {
    const member = this.#members.get(id);
    if (member === undefined) return;
    this.#busy.set(spec.pool, (this.#busy.get(spec.pool) ?? 1) - 1);
    for (const usage of member.under) {
      if (usage === undefined) continue;
      usage.active -= 1;
      usage.fullTime.clear(atMs);
      usage.room.wake();
    }
  }

  close(execution: Execution): void {
    const member = this.#members.get(execution.id);
    if (member === undefined) return;
    this.#members.delete(execution.id);
    for (const usage of member.under) {
      if (usage === undefined) continue;
      usage.open -= 1;
      if (execution.attempt === 0) usage.fresh -= 1;
    }
    const { account, spec, limits } = execution;
    this.#retire(`t/${account}/${spec.taskId}`);
    this.#retire(`a/${account}`);
    this.#retire(`p/${account}/${spec.pool}`);
    this.#retire(`b/${account}`);
    for (const { limitId, key } of limits) this.#retire(limitKey(account, limitId, key));
    const task = keyOf(account, spec.taskId);
    this.#turns.get(task)?.wakeAll();
    if (member.under[TASK]?.open === 0) this.#turns.delete(task);
  }

  /** What may let somebody go on although nothing was given back: time, and what was defined. */
  wake(nowMs: number, touched: Touched): void {
    for (const blocker of [...this.#parked])
      if (blocker.untilMs <= nowMs || touched.accounts.has(blocker.account)) blocker.wakeAll();
    if (touched.everyone) for (const blocker of [...this.#parked]) blocker.wakeAll();
    for (const task of touched.tasks) {
      this.#usages.get(`t/${task}`)?.room.wake();
      this.#turns.get(task)?.wakeAll();
    }
  }

  /** When time alone lets somebody go on. */
  get nextMs(): number {
    let nextMs = Number.POSITIVE_INFINITY;
    for (const { untilMs } of this.#parked) nextMs = Math.min(nextMs, untilMs);
    return nextMs;
  }

  /** The blockers of a pool for whom no worker had room. */
  fitsOf(pool: string): Blocker[] {
    const found: Blocker[] = [];
    for (const [key, blocker] of this.#fits) if (key.startsWith(`${pool}|`)) found.push(blocker);
    return found;
  }

  fit({ account, spec }: Execution): Blocker {
    return this.#blocker(this.#fits, `${spec.pool}|${labelsOf(spec)}`, account);
  }

  turn({ account, spec }: Execution): Blocker {
    return this.#blocker(this.#turns, keyOf(account, spec.taskId), account);
  }

  word(account: string): Blocker {
    return this.#blocker(this.#words, account, account);
  }

  usagesOf(id: string): readonly (Usage | undefined)[] {
    return this.#members.get(id)?.under ?? [];
  }

  /** Of a key that somebody is under, or was a moment ago. */
  named(account: string, limitId: string, key: string): Usage | undefined {
    const name = limitKey(account, limitId, key);
    return this.#usages.get(name);
  }

  inPool(account: string, pool: string): Usage | undefined {
    return this.#usages.get(`p/${account}/${pool}`);
  }

  ticketOf(id: string): Ticket | undefined {
    return this.#members.get(id)?.ticket;
  }

  laneOf(id: string): Lane | undefined {
    return this.#members.get(id)?.lane;
  }

  /** How long it has waited, and how much of that one of its limits was full. */
  waited(id: string, nowMs: number): { readonly queueMs: number; readonly limitMs: number } {
    const member = this.#members.get(id);
    if (member?.ticket === undefined) return { queueMs: 0, limitMs: 0 };
    const { ticket, under, fullThenMs } = member;
    const allMs = Math.max(0, nowMs - ticket.queuedAtMs);
    let limitMs = 0;
    for (let place = 0; place < under.length; place++) {
      const usage = under[place];
      if (usage === undefined) continue;
      limitMs = Math.max(limitMs, usage.fullTime.upTo(nowMs) - (fullThenMs[place] ?? 0));
    }
    limitMs = Math.min(allMs, limitMs);
    return { queueMs: allMs - limitMs, limitMs };
  }

  /** How many slots would be of use, by pool. */
  wanted(): Map<string, number> {
    const wanted = new Map(this.#busy);
    for (const [pool, { depth }] of this.pools) wanted.set(pool, (wanted.get(pool) ?? 0) + depth);
    return wanted;
  }

  /** Of a pool, in the order in which they were requested. */
  waitingIn(pool: string): string[] {
    const tickets = [...(this.pools.get(pool)?.accounts.values() ?? [])].flatMap(({ lanes }) =>
      [...lanes.values()].flatMap((lane) => lane.tickets()),
    );
    return tickets
      .sort((one, other) => one.ordinal - other.ordinal)
      .map(({ execution }) => execution.id);
  }

  part(): LinePart {
    const usageAt = new Map<Usage, number>();
    const usages = [...this.#usages].map(([key, usage]) => {
      usageAt.set(usage, usageAt.size);
      return usage.part(key);
    });
    const laneAt = new Map<Lane, number>();
    const lanes: LanePart[] = [];
    for (const { accounts } of this.pools.values())
      for (const queue of accounts.values())
        for (const lane of queue.lanes.values()) {
          laneAt.set(lane, lanes.length);
          lanes.push({ key: lane.key, ofExecution: lane.head?.execution.id ?? '' });
        }
    const members = [...this.#members].map(
      ([id, { ordinal, under, ticket, lane, fullThenMs }]) => ({
        id,
        ordinal,
        under: under.map((usage) => usage && usageAt.get(usage)),
        fullThenMs,
        queuedAtMs: ticket?.queuedAtMs,
        lane: lane && laneAt.get(lane),
      }),
    );
    const busy = [...this.#busy];
    return { requests: this.#requests, busy, usages, idle: [...this.#idle.keys()], members, lanes };
  }

  /** `executions`: all that are open. */
  restore(part: LinePart, executions: ReadonlyMap<string, Execution>): void {
    this.#requests = part.requests;
    for (const [pool, count] of part.busy) this.#busy.set(pool, count);
    const usages = part.usages.map((one) => {
      const usage = this.#usage(one.account, one.key);
      usage.restore(one);
      return usage;
    });
    for (const key of part.idle) this.#idle.set(key, this.#usages.get(key) as Usage);
    for (const { id, ordinal, under, fullThenMs } of part.members)
      this.#members.set(id, {
        ordinal,
        under: under.map((place) => (place === undefined ? undefined : usages[place])),
        laneKey: laneKeyOf(executions.get(id) as Execution),
        ticket: undefined,
        lane: undefined,
        fullThenMs,
      });
    const lanes = part.lanes.map(({ key, ofExecution }) => {
      const execution = executions.get(ofExecution) as Execution;
      return this.#laneOf(execution, this.#members.get(ofExecution) as Member, key);
    });
    for (const { id, queuedAtMs, lane } of part.members)
      if (queuedAtMs !== undefined && lane !== undefined)
        this.#enter(executions.get(id) as Execution, lanes[lane] as Lane, queuedAtMs);
  }

  #laneOf(execution: Execution, member: Member, key: string): Lane {
    const queue = this.#queueOf(execution, member);
    const lane =
      queue.lanes.get(key) ?? new Lane(queue.bandOf(execution.priority), key, execution.serial);
    queue.lanes.set(key, lane);
    return lane;
  }

  #enter(execution: Execution, lane: Lane, queuedAtMs: number): void {
    const member = this.#members.get(execution.id) as Member;
    member.ticket = { execution, queuedAtMs, ordinal: member.ordinal, gone: false };
    member.lane = lane;
    lane.band.count(queuedAtMs, 1);
    lane.add(member.ticket);
  }

  #queueOf({ account, spec }: Execution, { under }: Member): AccountQueue {
    const pool = this.pools.get(spec.pool) ?? new PoolQueue(spec.pool);
    this.pools.set(spec.pool, pool);
    const inPool = under[POOL] as Usage;
    const inAll = under[ACCOUNT] as Usage;
    const queue = pool.accounts.get(account) ?? new AccountQueue({ account, pool, inPool, inAll });
    pool.accounts.set(account, queue);
    return queue;
  }

  #usage(account: string, key: string): Usage {
    const usage = this.#usages.get(key) ?? new Usage(account, this.#parked);
    this.#usages.set(key, usage);
    this.#idle.delete(key);
    return usage;
  }

  #retire(key: string): void {
    const usage = this.#usages.get(key);
    if (usage === undefined || usage.open > 0) return;
    if (usage.releases.lastKeptMs > 0) this.#idle.set(key, usage);
    else this.#usages.delete(key);
  }

  /** Releases that no rate asks for any more are forgotten, a few at a time. */
  #sweep(atMs: number): void {
    let looks = SWEPT_PER_REQUEST;
    for (const [key, usage] of this.#idle) {
      if (looks-- === 0) return;
      this.#idle.delete(key);
      if (usage.releases.lastKeptMs <= atMs) this.#usages.delete(key);
      else this.#idle.set(key, usage);
    }
  }

  #blocker(of: Map<string, Blocker>, key: string, account: string): Blocker {
    const blocker = of.get(key) ?? new Blocker(account, this.#parked);
    of.set(key, blocker);
    return blocker;
  }
}

function limitKey(account: string, limitId: string, key: string): string {
  return `l/${account}/${limitId}/${key}`;
}
