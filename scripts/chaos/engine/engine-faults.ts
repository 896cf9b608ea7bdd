/** What is done to workers, dispatchers and brokers while they work. */
import { jetstreamManager } from '@nats-io/jetstream';
import { SystemClock } from '#libs/clock';
import type { ServiceName, ServiceProcess, Services } from '#libs/rig';
import { eventually, type TestNats } from '#libs/testing';
import type { Random } from '../random.ts';
import { SHARDS } from './jobs.ts';

export const ENGINE_FAULTS = [
  'workerKill',
  'dispatchKill',
  'workerZombie',
  'dispatchZombie',
  'broker',
] as const;
export type EngineFaultKind = (typeof ENGINE_FAULTS)[number];

const UP_WITHIN_MS = 60_000;
const AGAIN_WITHIN_MS = 90_000;
/** A worker that is silent for four seconds is lost: it has to stand still for longer. */
const ZOMBIE_MS = { least: 5_000, most: 8_000 };
/** Every copy of these has to be whole before the next broker is killed. */
const STREAMS = ['DISPATCH', 'ATTEMPTS', 'DEFINITIONS', 'KV_leases'];

export interface EngineFault {
  readonly kind: EngineFaultKind;
  readonly what: string;
}

export interface EngineStage {
  readonly services: Services;
  readonly nats: TestNats;
  readonly random: Random;
}

const clock = new SystemClock();

export async function doEngineFault(
  kind: EngineFaultKind,
  stage: EngineStage,
): Promise<EngineFault> {
  switch (kind) {
    case 'workerKill':
      return { kind, what: await killWorker(stage) };
    case 'workerZombie':
      return { kind, what: await stopWorker(stage) };
    case 'dispatchKill':
      return { kind, what: await killDispatcher(stage) };
    case 'dispatchZombie':
      return { kind, what: await stopDispatcher(stage) };
    case 'broker':
      return { kind, what: await killBroker(stage) };
  }
}

async function killWorker({ services, random }: EngineStage): Promise<string> {
  const worker = await oneThatIsUp(services, 'execution', random);
  await worker.kill9();
  services.launch('execution');
  await clock.sleep(random.between(300, 3_500));
  return `kill -9 of worker ${worker.pid}`;
}

async function stopWorker({ services, random }: EngineStage): Promise<string> {
  // The one that has had the most time to take something.
  await oneThatIsUp(services, 'execution', random);
  const [worker] = services.of('execution');
  if (worker === undefined) throw new Error('there is no worker');
  const forMs = await standStill(worker, random);
  return `worker ${worker.pid} stood still for ${forMs} ms`;
}

async function killDispatcher({ services, random }: EngineStage): Promise<string> {
  await oneThatIsUp(services, 'dispatch', random);
  const lease = `dispatch.${Math.floor(random.next() * SHARDS)}`;
  const { process: owner, term } = await services.leader(lease);
  await owner.kill9();
  services.launch('dispatch');
  await eventually(() => services.leader(lease, term), { withinMs: AGAIN_WITHIN_MS });
  await clock.sleep(random.between(500, 4_000));
  return `kill -9 of dispatcher ${owner.pid}, which owned ${lease} in term ${term}`;
}

async function stopDispatcher({ services, random }: EngineStage): Promise<string> {
  await oneThatIsUp(services, 'dispatch', random);
  const lease = `dispatch.${Math.floor(random.next() * SHARDS)}`;
  const { process: owner, term } = await services.leader(lease);
  const forMs = await standStill(owner, random);
  await eventually(() => services.leader(lease, term), { withinMs: AGAIN_WITHIN_MS });
  return `dispatcher ${owner.pid}, which owned ${lease} in term ${term}, stood still for ${forMs} ms`;
}

async function killBroker({ nats, services, random }: EngineStage): Promise<string> {
  const manager = await jetstreamManager(services.nc, { checkAPI: false });
  const stream = random.pick(['DISPATCH', 'ATTEMPTS']);
  const { cluster } = await eventually(() => manager.streams.info(stream), {
    withinMs: AGAIN_WITHIN_MS,
  });
  const node = nats.nodes.find(({ name }) => name === cluster?.leader);
  if (node === undefined) throw new Error(`${cluster?.leader} is none of the nodes`);
  await node.kill9();
  await clock.sleep(random.between(2_000, 8_000));
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
  return `kill -9 of ${node.name}, which led ${stream}`;
}

async function standStill(process: ServiceProcess, random: Random): Promise<number> {
  const forMs = Math.round(random.between(ZOMBIE_MS.least, ZOMBIE_MS.most));
  process.signal('SIGSTOP');
  await clock.sleep(forMs);
  process.signal('SIGCONT');
  return forMs;
}

/** Somebody who has had the time to take something. */
function oneThatIsUp(
  services: Services,
  service: ServiceName,
  random: Random,
): Promise<ServiceProcess> {
  return eventually(
    () => {
      const up = services
        .of(service)
        .filter(({ lines }) => lines.some(({ msg }) => msg === 'started'));
      if (up.length < 2) throw new Error(`${up.length} of ${service} are up`);
      return random.pick(up);
    },
    { withinMs: UP_WITHIN_MS },
  );
}
