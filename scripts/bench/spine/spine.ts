// The spine: slots that fall due until their attempts have started, and commands until their runs
// are finished. Definitions, ticker, dispatch, execution and projection, one process each.
import { type Services, startServices } from '#libs/rig';
import { startOwnTestPostgres, startTestNats } from '#libs/testing';
import { type Bench, distOf } from '../bench.ts';
import { cpuOfChildrenMs, usageOf } from '../process-usage.ts';
import { profileEnv } from '../profile.ts';
import { say, sayTable } from '../say.ts';
import { measureSlots } from './slots.ts';
import { measureThroughput } from './throughput.ts';

/** More than there are slots in a second: the queue for a worker is not what is measured. */
const SYSTEM_SLOTS = 128;

export const spine: Bench = async (options) => {
  const [nats, postgres] = await Promise.all([startTestNats(), startOwnTestPostgres()]);
  const databaseUrl = await postgres.createDatabase();
  let services: Services | undefined;
  try {
    services = await startServices({
      natsUrl: nats.url,
      dist: distOf(options),
      databaseUrl,
      replicas: { definitions: 1, ticker: 1, dispatch: 1, execution: 1, projection: 1 },
      env: {
        ...profileEnv(options),
        CARILLON_SHARDS: '1',
        CARILLON_SYSTEM_SLOTS: String(SYSTEM_SLOTS),
        CARILLON_BROWSER_SLOTS: '0',
        CARILLON_LOG_LEVEL: 'info',
      },
    });
    say(`Set-up     one process each of five services, 1 shard, ${SYSTEM_SLOTS} worker slots,`);
    say('           NATS syncs before it acknowledges, Postgres with fsync');
    await measureSlots(services);
    await measureThroughput(services, databaseUrl);
    sayCosts(services);
    for (const service of services.running) await service.terminate();
  } finally {
    await services?.stop();
    await Promise.all([nats.stop(), postgres.stop()]);
  }
};

/** Where the CPU went, over the whole run. */
function sayCosts(services: Services): void {
  say('\nCPU and memory of each process over the whole run');
  sayTable([
    ['process', 'CPU', 'of its children', 'peak'],
    ...services.running.map(({ service, pid }) => {
      const { cpuMs, peakMb } = usageOf(pid);
      return [service, seconds(cpuMs), seconds(cpuOfChildrenMs(pid)), `${Math.round(peakMb)} MB`];
    }),
  ]);
}

const seconds = (elapsedMs: number) => `${(elapsedMs / 1_000).toFixed(1)} s`;
