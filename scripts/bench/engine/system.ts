// Ours: one process each of definitions, dispatch, execution and projection, one shard.

import { newPassword, startPostgresServer } from '#libs/parts';
import { type Services, startServices } from '#libs/rig';
import { removeFolder, startTestNats, temporaryFolder } from '#libs/testing';
import { type BenchOptions, distOf } from '../bench.ts';
import { cpuOfChildrenMs, usageOf } from '../process-usage.ts';
import { profileEnv, profilesFolder } from '../profile.ts';
import type { Costs } from './measured.ts';
import { sayProfiles } from './say-profiles.ts';

/** As `npm start` starts it. */
const READ_SIDE_NICENESS = 5;

export interface System {
  readonly services: Services;
  readonly databaseUrl: string;
  /** CPU of each process so far, servers included. */
  costs(): Costs[];
}

export interface SystemSize {
  readonly systemSlots: number;
  readonly browserSlots: number;
}

export async function withSystem<T>(
  options: BenchOptions,
  { systemSlots, browserSlots }: SystemSize,
  use: (system: System) => Promise<T>,
): Promise<T> {
  const folder = await temporaryFolder('postgres');
  const [nats, postgres] = await Promise.all([
    startTestNats(),
    startPostgresServer({
      folder,
      password: newPassword(),
      temporary: true,
      niceness: READ_SIDE_NICENESS,
    }),
  ]);
  let services: Services | undefined;
  try {
    services = await startServices({
      natsUrl: nats.url,
      dist: distOf(options),
      databaseUrl: postgres.url,
      replicas: { definitions: 1, dispatch: 1, execution: 1, projection: 1 },
      env: {
        ...profileEnv(options),
        CARILLON_SHARDS: '1',
        CARILLON_SYSTEM_SLOTS: String(systemSlots),
        CARILLON_BROWSER_SLOTS: String(browserSlots),
        CARILLON_LOG_LEVEL: 'info',
      },
    });
    const costs = costsOf(services, { nats: nats.pid, postgres: postgres.pid });
    const result = await use({ services, databaseUrl: postgres.url, costs });
    const { running } = services;
    // In order, so that profiles get written.
    for (const service of running) await service.terminate();
    if (options.isProfiled) sayProfiles(profilesFolder(options), running);
    return result;
  } finally {
    await services?.stop();
    await Promise.all([nats.stop(), postgres.kill9()]);
    await removeFolder(folder);
  }
}

function costsOf(services: Services, pids: { nats: number; postgres: number }): () => Costs[] {
  return () => [
    ...services.running.flatMap(({ service, pid }) => [
      { name: service, cpuMs: usageOf(pid).cpuMs },
      { name: `${service}'s children`, cpuMs: cpuOfChildrenMs(pid) },
    ]),
    { name: 'nats-server', cpuMs: usageOf(pids.nats).cpuMs },
    { name: 'postgres', cpuMs: usageOf(pids.postgres).cpuMs + cpuOfChildrenMs(pids.postgres) },
    { name: 'caller', cpuMs: ownCpuMs() },
  ];
}

function ownCpuMs(): number {
  const { user, system } = process.cpuUsage();
  return (user + system) / 1_000;
}

/** What was used between two looks, the greatest first. */
export function costsBetween(before: readonly Costs[], after: readonly Costs[]): Costs[] {
  const of = new Map(before.map(({ name, cpuMs }) => [name, cpuMs]));
  return after
    .map(({ name, cpuMs }) => ({ name, cpuMs: cpuMs - (of.get(name) ?? 0) }))
    .filter(({ cpuMs }) => cpuMs >= 50)
    .sort((one, other) => other.cpuMs - one.cpuMs);
}
