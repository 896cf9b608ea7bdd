import { type NatsConnection } from '@nats-io/transport-node';
import { type Clock } from '#libs/clock';
import { type Logger, type Ops } from '#libs/runtime';
import { type GatewaySettings } from './config.js';
import { type DashboardTick } from './live/dashboard-tick.js';
import { type Notices } from './live/notices.js';
import { type UpcomingRuns } from './live/upcoming-runs.js';
import { type WorkerBoard } from './live/worker-board.js';
import { type Db } from './queries/tasks.js';
import { type WorkflowValidator } from './workflows/workflow-validator.js';

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
  readonly workflows: WorkflowValidator;
}

export const GATEWAY = Symbol('gateway');
