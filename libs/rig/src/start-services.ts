import { join } from 'node:path';
import { type KV, Kvm } from '@nats-io/kv';
import { connect, type NatsConnection } from '@nats-io/transport-node';
import { natsAccess } from '#libs/addresses';
import type { StreamName } from '#libs/contracts';
import { JetStreamEventLog, type StoredCommit } from '#libs/event-log';
import {
  builtServices,
  eventually,
  removeFolder,
  temporaryFolder,
  testEnvironment,
} from '#libs/testing';
import { type LogLine, ServiceProcess } from './service-process.js';

const LEASES = 'leases';
const LEADER_WITHIN_MS = 15_000;

export type ServiceName =
  | 'carillon'
  | 'definitions'
  | 'ticker'
  | 'dispatch'
  | 'execution'
  | 'projection'
  | 'gateway';

export interface ServicesOptions {
  readonly natsUrl: string;
  readonly databaseUrl?: string;
  /** Where the built services stand; left out: what the run of specs has built. */
  readonly dist?: string;
  /** How many of each to begin with. */
  readonly replicas?: Partial<Record<ServiceName, number>>;
  /** Settings of every process. */
  readonly env?: NodeJS.ProcessEnv;
  /** Hears each line of each process as it comes. */
  readonly onLine?: (line: LogLine, pid: number) => void;
}

/** Who holds a lease, as the record in the bucket has it. */
export interface Leader {
  readonly term: number;
  readonly process: ServiceProcess;
}

interface LeaseRecord {
  readonly holder: string;
  readonly term: number;
  readonly resigned: boolean;
}

/** The composed system: services as real processes over a NATS, and a Postgres where one is needed. */
export class Services {
  /** A connection of the spec's own. */
  readonly nc: NatsConnection;
  readonly log: JetStreamEventLog;
  readonly #options: ServicesOptions;
  readonly #dist: string;
  /** Where they keep what is not in the log; whatever an attempt starts carries this path. */
  readonly dataDir: string;
  #processes: ServiceProcess[] = [];
  #leases: KV | undefined;

  constructor(
    options: ServicesOptions,
    { nc, dist, dataDir }: { nc: NatsConnection; dist: string; dataDir: string },
  ) {
    this.#dist = dist;
    this.#options = options;
    this.nc = nc;
    this.log = new JetStreamEventLog(nc);
    this.dataDir = dataDir;
  }

  get running(): readonly ServiceProcess[] {
    return this.#processes.filter(({ isRunning }) => isRunning);
  }

  of(service: ServiceName): readonly ServiceProcess[] {
    return this.running.filter((one) => one.service === service);
  }

  /** Starts one more; it is up when the promise resolves. */
  async start(service: ServiceName, env: NodeJS.ProcessEnv = {}): Promise<ServiceProcess> {
    const process = this.launch(service, env);
    await process.started();
    return process;
  }

  /** Starts one more and does not wait for it. */
  launch(service: ServiceName, env: NodeJS.ProcessEnv = {}): ServiceProcess {
    const process = this.#spawn(service, [], env);
    this.#processes = [...this.running, process];
    return process;
  }

  /** Runs a command of the audit tool to its end. */
  async replay(...args: string[]): Promise<{ exitCode: number; said: string }> {
    const process = this.#spawn('replay', args, {});
    const exitCode = Number(await process.exited);
    return { exitCode, said: process.lines.map(({ msg }) => msg).join('\n') };
  }

  /** Everything that a stream holds. */
  async commits(stream: StreamName): Promise<StoredCommit[]> {
    const commits: StoredCommit[] = [];
    for await (const stored of this.log.read({ stream, fromSeq: 1 })) commits.push(stored);
    return commits;
  }

  /** The process that holds a lease such as `ticker.0`, once there is one that runs. */
  leader(lease: string, afterTerm = 0): Promise<Leader> {
    return eventually(
      async () => {
        this.#leases ??= await new Kvm(this.nc).open(LEASES);
        const entry = await this.#leases.get(lease);
        const record = entry?.json<LeaseRecord>();
        const process = this.running.find(({ pid }) => record?.holder.includes(`-${pid}-`));
        if (!record || !process || record.resigned || record.term <= afterTerm)
          throw new Error(`${lease} is held by ${JSON.stringify(record)}`);
        return { term: record.term, process };
      },
      { withinMs: LEADER_WITHIN_MS },
    );
  }

  async kill9All(): Promise<void> {
    await Promise.all(this.running.map((process) => process.kill9()));
  }

  #spawn(service: string, args: readonly string[], env: NodeJS.ProcessEnv): ServiceProcess {
    const { natsUrl, databaseUrl } = this.#options;
    return new ServiceProcess({
      service,
      main: join(this.#dist, 'services', service, 'src', 'main.js'),
      args,
      onLine: this.#options.onLine,
      env: {
        ...inherited(),
        NATS_URL: natsUrl,
        ...(databaseUrl === undefined ? {} : { DATABASE_URL: databaseUrl }),
        CARILLON_DATA_DIR: this.dataDir,
        CARILLON_PORT: '0',
        ...this.#options.env,
        ...env,
      },
    });
  }

  /** Ends whatever still runs, and removes what it kept. */
  async stop(): Promise<void> {
    await this.kill9All();
    await this.nc.close();
    await removeFolder(this.dataDir);
  }
}

/** Starts the replicas that are asked for, from what is built, and waits until they are up. */
export async function startServices(options: ServicesOptions): Promise<Services> {
  const dist = options.dist ?? (await builtServices());
  if (dist === undefined) throw new Error('say where the built services stand');
  const nc = await connect({
    ...natsAccess(options.natsUrl),
    maxReconnectAttempts: -1,
    reconnectTimeWait: 50,
    // As the services connect.
    noAsyncTraces: true,
  });
  const services = new Services(options, {
    nc,
    dist,
    // Short, so that what the browser keeps lies inside of it as well.
    dataDir: await temporaryFolder('rig'),
  });
  try {
    const names = Object.entries(options.replicas ?? {}).flatMap(([name, count]) =>
      Array.from({ length: count }, () => name as ServiceName),
    );
    await Promise.all(names.map((name) => services.start(name)));
  } catch (error) {
    await services.stop();
    throw error;
  }
  return services;
}

/** Nothing of a Carillon that runs on this machine may reach the one under test. */
function inherited(): NodeJS.ProcessEnv {
  return Object.fromEntries(
    Object.entries(testEnvironment.all).filter(
      ([name]) => !name.startsWith('CARILLON_') && !/^(NATS_|DATABASE_URL$)/.test(name),
    ),
  );
}
