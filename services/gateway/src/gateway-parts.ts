import { type NatsConnection } from '@nats-io/transport-node';
import { type Clock } from '#libs/clock';
import { type StreamName } from '#libs/contracts';
import { type Logger, type Ops } from '#libs/runtime';
import { commandIdOf } from './command-id.js';
import { type CommandContext } from './commands.js';
import { type GatewaySettings } from './config.js';
import { type Caller } from './identity.js';
import { type DashboardTick } from './live/dashboard-tick.js';
import { type Notices } from './live/notices.js';
import { reached } from './live/position-wait.js';
import { type UpcomingRuns } from './live/upcoming-runs.js';
import { type WorkerBoard } from './live/worker-board.js';
import { type Db } from './queries/tasks.js';

/** What the gateway is given by whoever starts it. */
export interface GatewayDeps {
  readonly nc: NatsConnection;
  readonly db: Db;
  readonly clock: Clock;
  readonly log: Logger;
  readonly ops: Ops;
  readonly settings: GatewaySettings;
  /** Of Carillon. */
  readonly version: string;
}

/** What controllers and resolvers work with; injected by the token `GATEWAY`. */
export interface GatewayParts extends GatewayDeps {
  readonly notices: Notices;
  readonly workers: WorkerBoard;
  readonly upcoming: UpcomingRuns;
  readonly tick: DashboardTick;
}

export const GATEWAY = Symbol('gateway');

/** The context of one command of one caller. */
export function commandBy(
  { nc, clock, settings }: GatewayDeps,
  caller: Caller,
  idempotencyKey?: string,
): CommandContext {
  return {
    wire: { nc, clock, deadlineMs: settings.commandDeadlineMs },
    shards: settings.shards,
    caller,
    commandId: commandIdOf(caller.account, idempotencyKey),
    keyed: idempotencyKey !== undefined,
  };
}

/** Waits until what a command did can be read. */
export function visible(
  { db, notices, clock, log, settings }: GatewayParts,
  caller: Caller,
  stream: StreamName,
  seq: number,
): Promise<boolean> {
  const waitMs = settings.positionWaitMs;
  return reached({ db, notices, clock, log, waitMs }, caller.account, stream, seq);
}
