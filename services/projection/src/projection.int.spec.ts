import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { connect as connectNats, type NatsConnection } from '@nats-io/transport-node';
import { sql } from 'kysely';
import { pino } from 'pino';
import { SystemClock } from '#libs/clock';
import { create, dispatch as d, encodeCommit, envelope, subjects } from '#libs/contracts';
import { JetStreamEventLog, provisionStreams } from '#libs/event-log';
import { connect, migrate, verifyReadModel } from '#libs/read-model';
import {
  eventually,
  type OwnTestPostgres,
  startOwnTestPostgres,
  startTestNats,
  type TestNats,
} from '#libs/testing';
import type { Notice } from './notices.js';
import { Projections } from './run-projections.js';

const ACCOUNT = 'acme';
const SUBJECT = subjects.dispatch(0);
const actor = create(envelope.ActorSchema, { kind: envelope.ActorKind.SERVICE, id: 'dispatch' });

let nats: TestNats;
let postgres: OwnTestPostgres;
let nc: NatsConnection;
let log: JetStreamEventLog;
const clock = new SystemClock();
let running: Projections[] = [];
let told = 0;

beforeAll(async () => {
  [nats, postgres] = await Promise.all([startTestNats(), startOwnTestPostgres()]);
  nc = await connectNats({ servers: nats.url, maxReconnectAttempts: -1, reconnectTimeWait: 50 });
  await provisionStreams(nc, { replicas: 1, shards: 1 });
  log = new JetStreamEventLog(nc);
});
afterEach(async () => {
  await Promise.all(running.map((one) => one.onApplicationShutdown()));
  running = [];
});
afterAll(async () => {
  await nc?.close();
  await Promise.all([nats?.stop(), postgres?.stop()]);
});

async function start(databaseUrl: string, batchCommits = 20): Promise<Projections> {
  const projections = new Projections({
    nc,
    log,
    clock,
    databaseUrl,
    logger: pino({ level: 'silent' }),
    ops: { check: () => () => undefined },
    limits: { batchCommits, paceMs: 0, backoffMs: { first: 20, most: 200 } },
  });
  running.push(projections);
  await projections.onApplicationBootstrap();
  return projections;
}

/** Whole runs, a commit each, told to the dispatch journal. Gives the last sequence. */
async function tellRuns(count: number): Promise<number> {
  const appended = Array.from({ length: count }, () => {
    const execution = { executionId: `run-${++told}`, account: ACCOUNT };
    const id = `d${told}`;
    const spec = { taskId: `t${told % 7}`, taskName: 'Report', pool: 'system' };
    return log.append({
      stream: 'DISPATCH',
      subject: SUBJECT,
      msgId: id,
      bytes: encodeCommit({
        id,
        aggregate: SUBJECT,
        account: '',
        actor,
        occurredAtMs: told,
        correlationId: execution.executionId,
        events: [
          create(d.ExecutionRequestedSchema, { ...execution, spec, requestedAtMs: told }),
          create(d.AttemptReleasedSchema, { ...execution, attempt: 1, fence: 1 }),
          create(d.AttemptAcceptedSchema, {
            ...execution,
            attempt: 1,
            fence: 1,
            startedAtMs: told,
          }),
          create(d.ExecutionFinishedSchema, {
            ...execution,
            status: d.ExecutionStatus.SUCCESS,
            endedAtMs: told + 5,
          }),
        ].map((event) => ({ event })),
      }),
    });
  });
  const results = await Promise.all(appended);
  return Math.max(...results.map((result) => (result.kind === 'appended' ? result.seq : 0)));
}

const position = (projections: Projections) =>
  projections.health().find(({ name }) => name === 'executions')?.position ?? 0;

const reaches = (projections: Projections, seq: number) =>
  eventually(() => position(projections) === seq, { withinMs: 15_000 });

async function expectTablesToBeTheFold(url: string, runs: number): Promise<void> {
  const verdict = await verifyReadModel({ url, log });
  expect(verdict.difference).toBeUndefined();
  const rowsOf = (table: string) => verdict.tables.find((one) => one.table === table)?.rows;
  expect(rowsOf('execution')).toBe(runs);
}

describe('the projection service', () => {
  test('tells of rows only when they can be read', async () => {
    const url = await postgres.createDatabase();
    await start(url);
    const db = connect(url, { poolSize: 1 });
    const heard = new Map<string, boolean>();
    let chain: Promise<unknown> = Promise.resolve();
    const subscription = nc.subscribe(subjects.notice('execution'), {
      callback: (_error, message) => {
        const notice = message.json<Notice>();
        chain = chain.then(async () => {
          for (const key of notice.keys) {
            const row = await db
              .selectFrom('execution')
              .select(['id', 'position'])
              .where('account', '=', notice.account)
              .where('id', '=', key)
              .executeTakeFirst();
            heard.set(key, row !== undefined && row.position <= notice.seq);
          }
        });
      },
    });
    await nc.flush();
    await tellRuns(100);
    const wanted = Array.from({ length: 100 }, (_, i) => `run-${told - i}`);
    await eventually(() => wanted.every((id) => heard.has(id)));
    await chain;
    expect(wanted.filter((id) => heard.get(id) !== true)).toEqual([]);
    subscription.unsubscribe();
    await db.destroy();
  });

  test('two replicas at once write each commit once', async () => {
    const url = await postgres.createDatabase();
    const [one, other] = await Promise.all([start(url, 3), start(url, 5)]);
    const last = await tellRuns(300);
    await Promise.all([reaches(one, last), reaches(other, last)]);
    await expectTablesToBeTheFold(url, told);
    const db = connect(url, { poolSize: 1 });
    const counted = await db.selectFrom('task_stats').select('total_runs').execute();
    expect(counted.reduce((sum, row) => sum + row.total_runs, 0)).toBe(told);
    await db.destroy();
  });

  test('goes on by itself when Postgres was away, and starts while it is away', async () => {
    const url = await postgres.createDatabase();
    await migrate(url);
    await postgres.shutDown();
    const late = await start(url);
    const before = await tellRuns(50);
    await postgres.restart();
    await reaches(late, before);
    await postgres.shutDown();
    const after = await tellRuns(50);
    await eventually(() => late.health().some(({ state }) => state === 'waiting'));
    await postgres.restart();
    await reaches(late, after);
    await expectTablesToBeTheFold(url, told);
  });

  test('goes on by itself when the broker was away', async () => {
    const url = await postgres.createDatabase();
    const projections = await start(url);
    await reaches(projections, await tellRuns(20));
    await nats.kill9();
    await nats.restart();
    const after = await tellRuns(20);
    await reaches(projections, after);
    await expectTablesToBeTheFold(url, told);
  });

  test('a Postgres killed in the middle of transactions, time and again, loses and doubles nothing', async () => {
    const url = await postgres.createDatabase();
    const projections = await start(url, 4);
    let last = 0;
    for (let round = 0; round < 4; round++) {
      last = await tellRuns(60);
      await eventually(() => position(projections) > last - 60);
      await postgres.kill9();
      await postgres.restart();
    }
    await reaches(projections, last);
    await expectTablesToBeTheFold(url, told);
  });

  test('a connection ended within a transaction takes the whole batch back', async () => {
    const url = await postgres.createDatabase();
    const projections = await start(url, 5);
    const killer = connect(url, { poolSize: 1 });
    let ended = 0;
    const last = await tellRuns(200);
    await eventually(
      async () => {
        if (ended >= 20) return position(projections) === last;
        const { rows } = await sql`select pg_terminate_backend(pid) from pg_stat_activity
          where application_name = 'carillon-projection' and datname = current_database()
            and state <> 'idle' and backend_xid is not null`.execute(killer);
        ended += rows.length;
        return position(projections) === last;
      },
      { withinMs: 20_000 },
    );
    expect(ended).toBeGreaterThan(0);
    await killer.destroy();
    await expectTablesToBeTheFold(url, told);
  });
});
