import { createTask, noopTask } from '#libs/rig';
import type { BenchOptions } from '../bench.ts';
import { ms } from '../figures.ts';
import { type Asked, askAtOnce, askSteadily } from './ask.ts';
import {
  CONCURRENCY,
  drainRate,
  flowRate,
  JOBS,
  type Latency,
  latencyOf,
  PER_SECOND,
  type Result,
  STEADY_SECONDS,
  type Throughput,
  type Times,
  WARM_UP,
} from './measured.ts';
import { type Lived, markOf, untilFinished } from './read-log.ts';
import { costsBetween, type System, withSystem } from './system.ts';
import { watchReadModel } from './watch-read-model.ts';

export function measureOurs(
  options: BenchOptions,
  wants: { readonly throughput: boolean; readonly latency: boolean },
): Promise<Result> {
  const size = { systemSlots: CONCURRENCY, browserSlots: 0 };
  return withSystem(options, size, async (system) => {
    const taskId = await createTask(system.services.nc, noopTask({ schedules: [] }));
    await warmUp(system, taskId);
    // First, since a worker that was ended once is a cold one.
    const latency = wants.latency ? await latencyIn(system, taskId) : undefined;
    const throughput = wants.throughput ? await throughputIn(system, taskId) : undefined;
    return {
      name: 'Carillon',
      ...(throughput && { throughput }),
      ...(latency && { latency }),
    };
  });
}

async function warmUp({ services }: System, taskId: string): Promise<void> {
  const mark = await markOf(services);
  const { executionIds } = await askAtOnce(services, taskId, WARM_UP);
  await untilFinished(services, mark, new Set(executionIds));
}

async function throughputIn(system: System, taskId: string): Promise<Throughput> {
  const { services, databaseUrl } = system;
  const mark = await markOf(services);
  const readModel = watchReadModel(databaseUrl);
  const before = system.costs();
  const asked = await askAtOnce(services, taskId, JOBS);
  const lived = await untilFinished(services, mark, new Set(asked.executionIds));
  const caughtUpMs = (await readModel.reached(lived.finishedSeq)) - lived.finishedMs;
  const costs = costsBetween(before, system.costs());
  await readModel.stop();
  return {
    flowPerSecond: flowRate(timesOf(asked, lived)),
    drainPerSecond: await drainIn(system, taskId),
    costs,
    leaves: `${lived.events} events in ${lived.commits} commits, read model ${ms(Math.max(0, caughtUpMs))} later`,
  };
}

/** Everything is accepted and waits before there is anybody to do it. */
async function drainIn({ services }: System, taskId: string): Promise<number> {
  for (const worker of services.of('execution')) await worker.terminate();
  const mark = await markOf(services);
  const asked = await askAtOnce(services, taskId, JOBS);
  await services.start('execution');
  const lived = await untilFinished(services, mark, new Set(asked.executionIds));
  return drainRate(timesOf(asked, lived));
}

async function latencyIn({ services }: System, taskId: string): Promise<Latency> {
  const mark = await markOf(services);
  const count = PER_SECOND * STEADY_SECONDS;
  const asked = await askSteadily(services, taskId, { count, perSecond: PER_SECOND });
  const lived = await untilFinished(services, mark, new Set(asked.executionIds));
  return latencyOf(timesOf(asked, lived));
}

function timesOf({ executionIds, askedMs, acceptedMs }: Asked, lived: Lived): Times {
  const startedMs = executionIds.map((id) => lived.startedMs.get(id) ?? Number.NaN);
  return { askedMs, acceptedMs, startedMs, finishedMs: lived.finishedMs };
}
