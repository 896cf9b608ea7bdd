/** The first sentence of the page: is everything all right? Pure, from one dashboard. */
import { formatCount } from '../numbers.js';
import type { ShownStatus } from '../status/status.js';
import type { Dashboard } from './dashboard-document.js';
import { messages } from './messages.js';

export interface Verdict {
  status: ShownStatus;
  head: string;
  rest: string;
}

type Seen = Pick<Dashboard, 'failedTasks' | 'overview' | 'resourceUsage'>;

/** Runs that wait are worth a word only when they are more than a moment's work. */
const KEEPING_UP = 5;
/** The dashboard names at most so many failing tasks. */
const MOST_TOLD = 10;

export function verdictOf({ failedTasks, overview, resourceUsage }: Seen): Verdict {
  const waiting = Math.max(overview.queuedExecutions, resourceUsage.queueDepth);
  const queue =
    resourceUsage.activeWorkers === 0 && (waiting > 0 || overview.activeTasks > 0)
      ? messages.noWorkers
      : waiting > KEEPING_UP
        ? messages.waiting(formatCount(waiting))
        : messages.keepingUp;
  const failing = failedTasks.length;
  const stuck = queue === messages.noWorkers;
  return {
    status: failing > 0 ? 'failed' : stuck ? 'timeout' : 'success',
    head: failing > 0 ? messages.failing(failing, MOST_TOLD) : messages.quiet,
    rest: queue,
  };
}
