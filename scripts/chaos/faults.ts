/** What is done to the tickers and the brokers, and how long it took until somebody led again. */

import { jetstreamManager } from '@nats-io/jetstream';
import { SystemClock } from '#libs/clock';
import { define, noopTask, type ServiceProcess, type Services } from '#libs/rig';
import { eventually, type TestNats } from '#libs/testing';
import type { FakeTime } from './fake-time.ts';
import type { Random } from './random.ts';

export const FAULTS = ['kill', 'zombie', 'step', 'broker', 'handOver', 'edit'] as const;
export type FaultKind = (typeof FAULTS)[number];

const LEASE = 'ticker.0';
const AGAIN_WITHIN_MS = 60_000;
/** Of each broker's leader that is killed: until every copy is whole again. */
const STREAMS = ['TICKS', 'DEFINITIONS', 'KV_leases'];

/** One fault that took effect, for the timeline of the run. */
export interface Fault {
  readonly kind: FaultKind;
  readonly what: string;
  /** Milliseconds since the run began. */
  readonly fromMs: number;
  readonly toMs: number;
  /** Until another ticker held the lease; where one had to. */
  readonly takeoverMs?: number;
}

/** A place of a ticker: its process is replaced when it is killed, and its clock stays. */
export interface Seat {
  process: ServiceProcess;
  readonly time: FakeTime | undefined;
}

export interface Stage {
  readonly services: Services;
  readonly nats: TestNats;
  readonly seats: Seat[];
  readonly taskIds: string[];
  readonly random: Random;
  /** Slots decided so far. */
  readonly decided: () => number;
}

const clock = new SystemClock();

/** Does it, and waits until the system is over it. Gives what happened, or undefined if nothing could. */
export async function doFault(
  kind: FaultKind,
  stage: Stage,
): Promise<Omit<Fault, 'fromMs' | 'toMs'>> {
  await standbyIsUp(stage);
  switch (kind) {
    case 'kill':
      return { kind, ...(await kill(stage)) };
    case 'zombie':
      return { kind, ...(await zombie(stage)) };
    case 'step':
      return { kind, what: await step(stage) };
    case 'broker':
      return { kind, what: await killBroker(stage) };
    case 'handOver':
      return { kind, ...(await handOver(stage)) };
    case 'edit':
      return { kind, what: await edit(stage) };
  }
}

async function kill(stage: Stage) {
  const { process: leader, term } = await stage.services.leader(LEASE);
  const seat = seatOf(stage, leader);
  const atMs = clock.monotonic();
  await leader.kill9();
  await stage.services.leader(LEASE, term);
  const takeoverMs = clock.monotonic() - atMs;
  seat.process = stage.services.launch('ticker', seat.time?.env);
  return { what: `kill -9 of ${leader.pid}, which led term ${term}`, takeoverMs };
}

async function zombie(stage: Stage) {
  const { process: leader, term } = await stage.services.leader(LEASE);
  const atMs = clock.monotonic();
  leader.signal('SIGSTOP');
  const next = await stage.services.leader(LEASE, term);
  const takeoverMs = clock.monotonic() - atMs;
  await clock.sleep(stage.random.between(200, 4_000));
  leader.signal('SIGCONT');
  await leader.said(({ msg, term: its }) => msg === 'no longer leading' && its === term, 20_000);
  return { what: `${leader.pid} stood still in term ${term}, ${next.process.pid} led`, takeoverMs };
}

async function handOver(stage: Stage) {
  const { process: leader, term } = await stage.services.leader(LEASE);
  const seat = seatOf(stage, leader);
  const atMs = clock.monotonic();
  const ending = leader.terminate();
  await Promise.any(
    stage.seats
      .filter((other) => other !== seat)
      .map(({ process }) =>
        process.said(({ msg, term: its }) => msg === 'leading' && its === term + 1, 20_000),
      ),
  );
  const takeoverMs = clock.monotonic() - atMs;
  if ((await ending) !== 0) throw new Error(`${leader.pid} ended with an error: ${leader.tail}`);
  seat.process = stage.services.launch('ticker', seat.time?.env);
  return { what: `${leader.pid} was told to end in term ${term}`, takeoverMs };
}

/** Moves the clock of one machine, or its speed; some seconds later it is right again. */
async function step(stage: Stage): Promise<string> {
  const { random } = stage;
  const { process: leader } = await stage.services.leader(LEASE);
  const seat = random.next() < 0.6 ? seatOf(stage, leader) : random.pick(stage.seats);
  const words = random.pick(['+2', '-2', '+45', '-45', '+3600', '-3600', '+86400', '+0 x10']);
  seat.time?.set(words);
  await clock.sleep(random.between(1_500, 4_000));
  seat.time?.set('+0');
  return `the clock of ${seat.process.pid}${seat.process === leader ? ', leading,' : ''} was set ${words}`;
}

async function killBroker(stage: Stage): Promise<string> {
  const { nats, services, random, decided } = stage;
  const manager = await jetstreamManager(services.nc, { checkAPI: false });
  const { cluster } = await eventually(() => manager.streams.info('TICKS'), {
    withinMs: AGAIN_WITHIN_MS,
  });
  const node = nats.nodes.find(({ name }) => name === cluster?.leader);
  if (node === undefined) throw new Error(`${cluster?.leader} is none of the nodes`);
  await node.kill9();
  const before = decided();
  await eventually(() => decided() > before, { withinMs: AGAIN_WITHIN_MS });
  await clock.sleep(random.between(0, 2_000));
  await node.restart();
  await eventually(
    async () => {
      for (const name of STREAMS) {
        const info = await manager.streams.info(name);
        const whole = info.cluster?.replicas?.filter(({ current }) => current).length;
        if (whole !== 2) throw new Error(`${name} has ${whole} followers that are current`);
      }
    },
    { withinMs: AGAIN_WITHIN_MS },
  );
  return `kill -9 of ${node.name}, which led TICKS`;
}

/** A change of a definition while faults go on: a pause and its end, another cron, a new task, an end. */
async function edit(stage: Stage): Promise<string> {
  const { services, random, taskIds } = stage;
  const taskId = random.pick(taskIds);
  const what = random.pick(['pause', 'change', 'replace'] as const);
  if (what === 'pause') {
    await define(services.nc, { case: 'pauseTask', value: { taskId, reason: 'a trial' } });
    await clock.sleep(random.between(500, 3_000));
    await define(services.nc, { case: 'resumeTask', value: { taskId } });
  } else if (what === 'change') {
    const draft = noopTask({
      schedules: [{ cron: '*/2 * * * * *', zone: 'Europe/Berlin', enabled: true }],
    });
    await define(services.nc, { case: 'updateTask', value: { taskId, draft } });
  } else {
    await define(services.nc, { case: 'deleteTask', value: { taskId } });
    taskIds.splice(taskIds.indexOf(taskId), 1);
    taskIds.push(await define(services.nc, { case: 'createTask', value: { draft: noopTask() } }));
  }
  return `${what} of ${taskId}`;
}

function seatOf({ seats }: Stage, process: ServiceProcess): Seat {
  const seat = seats.find((one) => one.process === process);
  if (seat === undefined) throw new Error(`${process.pid} has no seat`);
  return seat;
}

/** Whoever is left must not be the only one: a fault is to be answered by a takeover, not by a start. */
async function standbyIsUp({ seats, services }: Stage): Promise<void> {
  const { process: leader } = await services.leader(LEASE);
  await eventually(() => seats.some(({ process }) => process !== leader && isUp(process)), {
    withinMs: AGAIN_WITHIN_MS,
  });
}

function isUp(process: ServiceProcess): boolean {
  return process.isRunning && process.lines.some(({ msg }) => msg === 'started');
}
