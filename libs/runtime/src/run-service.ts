import type { NatsConnection } from '@nats-io/transport-node';
import { type Clock, clockAhead } from '#libs/clock';
import { type CommonSettings, commonSettings } from './common-settings.js';
import { newInstance } from './instance.js';
import { createLogger, type Logger } from './logging.js';
import { connectNats } from './nats.js';
import { createOps, type Ops, startOpsServer } from './ops.js';
import {
  type BadSetting,
  readSettings,
  type Section,
  type SettingRows,
  SettingsInvalid,
  type SettingsOf,
} from './settings.js';
import { startTelemetry } from './telemetry.js';

/** How long an ordered stop may take before the process ends anyway. */
const STOP_LIMIT_MS = 20_000;

/** Something that was started. */
export interface Running {
  stop(): Promise<void>;
}

/** What a service gets to work with. */
export interface ServiceContext<S extends SettingRows> {
  readonly settings: CommonSettings & SettingsOf<S>;
  readonly log: Logger;
  readonly clock: Clock;
  readonly ops: Ops;
  /** Unique for each start of a process, and tells its host and pid: who holds a lease. */
  readonly instance: string;
  /** A connection of its own for each part that is stopped by itself; closed after the service. */
  connect(name: string): Promise<NatsConnection>;
}

export interface ServiceDefinition<S extends SettingRows> {
  readonly name: string;
  /** The service's own settings, and the section of the file that they stand in. */
  readonly section?: Section;
  readonly settings?: S;
  start(context: ServiceContext<S>): Promise<Running>;
}

/** The life of a process of one service. */
export function runService<S extends SettingRows = Record<never, never>>(
  definition: ServiceDefinition<S>,
): Promise<void> {
  return runServices(definition.name, [definition]);
}

/**
 * The life of a process: settings, log, telemetry, ops server, services; then SIGTERM or SIGINT, and
 * the same backwards. The exit code is 0 after an ordered stop, 1 after anything else. A broken
 * invariant (an uncaught error) ends the process at once: what it knew can't be trusted any more.
 */
export async function runServices(
  name: string,
  definitions: readonly ServiceDefinition<SettingRows>[],
): Promise<void> {
  const all = settingsOrExit(definitions);
  const settings = readSettings({ common: commonSettings }, { env: process.env });
  const log = createLogger(name, { level: settings.logLevel });
  const crash = (error: unknown) => {
    log.fatal({ err: error }, 'ended by an error that nobody expected');
    process.exit(1);
  };
  process.on('uncaughtException', crash);
  process.on('unhandledRejection', crash);

  const clock = clockAhead(settings.clockOffsetMs);
  const instance = newInstance();
  const telemetry = startTelemetry({ service: name, ...settings });
  const ops = createOps(telemetry.metricsText);
  const server = await startOpsServer(ops, { host: settings.opsHost, port: settings.opsPort });
  const undo: (() => Promise<unknown>)[] = [() => server.close(), () => telemetry.stop()];
  const stop = stopOnce({ log, clock, ops, undo });
  try {
    log.info({ opsPort: server.port, instance }, 'starting');
    for (const [index, definition] of definitions.entries()) {
      const own = createLogger(definition.name, { level: settings.logLevel });
      const connect = connectFor({ settings, log: own, ops, undo });
      const running = await definition.start({
        settings: all[index] as CommonSettings & SettingsOf<SettingRows>,
        log: own,
        clock,
        ops,
        instance,
        connect,
      });
      undo.push(() => running.stop());
    }
    log.info('started');
  } catch (error) {
    log.fatal({ err: error }, 'could not start');
    await stop(1);
  }
}

function connectFor(options: {
  settings: CommonSettings;
  log: Logger;
  ops: Ops;
  undo: (() => Promise<unknown>)[];
}): (name: string) => Promise<NatsConnection> {
  const { settings, log, ops, undo } = options;
  const { natsUrl: url, natsToken: token, natsCredentials: credentialsFile } = settings;
  return async (name) => {
    const connection = await connectNats({ url, token, credentialsFile, name, log });
    ops.check(`nats:${name}`, () => connection.rtt().then(() => true));
    undo.push(() => connection.close());
    return connection;
  };
}

/** Of all services at once, so that one start tells everything that is to be mended. */
function settingsOrExit(definitions: readonly ServiceDefinition<SettingRows>[]): unknown[] {
  const bad = new Map<string, BadSetting>();
  const all = definitions.map(({ section, settings: own }) => {
    try {
      return readSettings({ common: commonSettings, section, own }, { env: process.env });
    } catch (error) {
      if (!(error instanceof SettingsInvalid)) throw error;
      for (const one of error.bad) bad.set(one.name, one);
      return undefined;
    }
  });
  if (bad.size === 0) return all;
  process.stderr.write(`${new SettingsInvalid([...bad.values()]).message}\n`);
  process.exit(1);
}

/** Stops what was started, last first. A second signal, or the limit, ends it the hard way. */
function stopOnce(options: {
  log: Logger;
  clock: Clock;
  ops: Ops;
  undo: (() => Promise<unknown>)[];
}): (exitCode: number) => Promise<void> {
  const { log, clock, ops, undo } = options;
  let isStopping = false;
  const stop = async (exitCode: number) => {
    isStopping = true;
    ops.beginStop();
    clock.setTimer(() => {
      log.error('the stop took too long');
      process.exit(1);
    }, STOP_LIMIT_MS);
    let code = exitCode;
    for (const step of undo.splice(0).reverse()) {
      try {
        await step();
      } catch (error) {
        log.error({ err: error }, 'a part did not stop well');
        code = 1;
      }
    }
    log.info('stopped');
    process.exit(code);
  };
  const onSignal = (signal: NodeJS.Signals) => {
    if (isStopping) process.exit(1);
    log.info({ signal }, 'stopping');
    void stop(0);
  };
  process.on('SIGTERM', onSignal);
  process.on('SIGINT', onSignal);
  return stop;
}
