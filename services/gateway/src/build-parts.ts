import { type GatewayDeps, type GatewayParts } from './gateway-parts.js';
import { LOCAL_ACCOUNT } from './identity.js';
import { readDashboard } from './live/dashboard.js';
import { DashboardTick } from './live/dashboard-tick.js';
import { Notices } from './live/notices.js';
import { UpcomingRuns } from './live/upcoming-runs.js';
import { WorkerBoard } from './live/worker-board.js';
import { WorkflowValidator } from './workflows/workflow-validator.js';

/** Puts the live parts together; nothing runs before `startParts`. */
export function buildParts(deps: GatewayDeps): GatewayParts {
  const { nc, db, clock, log } = deps;
  const notices = new Notices(nc, log);
  const workers = new WorkerBoard(nc, clock, log);
  const upcoming = new UpcomingRuns({ db, account: LOCAL_ACCOUNT, clock, notices });
  const dashboard = { db, account: LOCAL_ACCOUNT, clock, workers, upcoming };
  const tick = new DashboardTick(() => readDashboard(dashboard), clock, log);
  const workflows = new WorkflowValidator((ms, signal) => clock.sleep(ms, signal));
  return { ...deps, notices, workers, upcoming, tick, workflows };
}

export function startParts({ notices, workers }: GatewayParts): void {
  notices.start();
  workers.start();
}

export async function stopParts({
  notices,
  workers,
  upcoming,
  tick,
  workflows,
}: GatewayParts): Promise<void> {
  await workflows.close();
  await tick.stop();
  upcoming.stop();
  workers.stop();
  notices.stop();
}
