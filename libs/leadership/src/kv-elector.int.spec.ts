import { afterAll, afterEach, beforeAll, expect, test } from '@jest/globals';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { SystemClock } from '#libs/clock';
import { eventually, startTestNats, type TestNats } from '#libs/testing';
import { KvElector, type Term } from './kv-elector.js';

let nats: TestNats;
const connections: NatsConnection[] = [];
const electors: KvElector[] = [];
let lastLease = 0;

beforeAll(async () => {
  nats = await startTestNats();
}, 60_000);

afterEach(async () => {
  await Promise.all(electors.splice(0).map((elector) => elector.stop()));
  await Promise.all(connections.splice(0).map((connection) => connection.close()));
});

afterAll(() => nats.stop());

interface Candidate {
  readonly elector: KvElector;
  readonly connection: NatsConnection;
  readonly terms: number[];
}

async function candidate(lease: string, holder: string): Promise<Candidate> {
  const connection = await connect({ servers: nats.url, maxReconnectAttempts: -1 });
  connections.push(connection);
  const terms: number[] = [];
  const elector = new KvElector({
    nc: connection,
    clock: new SystemClock(),
    lease,
    holder,
    replicas: 1,
    lead: (term) => {
      terms.push(term.number);
      return untilOver(term);
    },
    onError: () => undefined,
  });
  electors.push(elector);
  await elector.start();
  return { elector, connection, terms };
}

function untilOver({ signal }: Term): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });
}

function newLease(): string {
  lastLease += 1;
  return `test.${lastLease}`;
}

const leads = ({ elector }: Candidate) => elector.leading !== undefined;

test('of three candidates exactly one leads', async () => {
  const lease = newLease();
  const all = await Promise.all(['a', 'b', 'c'].map((holder) => candidate(lease, holder)));
  await eventually(() => expect(all.filter(leads)).toHaveLength(1), { withinMs: 5_000 });
  expect(all.flatMap(({ terms }) => terms)).toEqual([1]);
});

test('a leader that leaves hands over at once, and the term rises', async () => {
  const lease = newLease();
  const first = await candidate(lease, 'a');
  await eventually(() => expect(leads(first)).toBe(true), { withinMs: 5_000 });
  const second = await candidate(lease, 'b');
  const leftAt = performance.now();
  await first.elector.stop();
  await eventually(() => expect(leads(second)).toBe(true), { withinMs: 5_000 });
  expect(second.terms).toEqual([2]);
  // Well below the silence after which a dead leader is replaced.
  expect(performance.now() - leftAt).toBeLessThan(550);
});

test('a leader that falls silent is replaced by one standby, not by both', async () => {
  const lease = newLease();
  const first = await candidate(lease, 'a');
  await eventually(() => expect(leads(first)).toBe(true), { withinMs: 5_000 });
  const others = await Promise.all(['b', 'c'].map((holder) => candidate(lease, holder)));
  // As a crash looks to the others: nothing more is heard of it.
  await first.connection.close();
  await eventually(() => expect(others.filter(leads)).toHaveLength(1), { withinMs: 5_000 });
  expect(others.flatMap(({ terms }) => terms)).toEqual([2]);
});
