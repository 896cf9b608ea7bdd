/** Asks for executions all through the trial, and cancels some of them. */
import { SystemClock } from '#libs/clock';
import { order, type Services } from '#libs/rig';
import type { Random } from '../random.ts';
import { type Job, pickJob, SHARDS } from './jobs.ts';

/** A broker's election and a takeover in a row, with room. */
const ANSWERED_WITHIN_MS = 90_000;
const CANCELLED_OF_HUNDRED = 3;

const clock = new SystemClock();

export interface Asked {
  /** Acknowledged: from here on they must not be lost. */
  readonly accepted: ReadonlySet<string>;
  /** Cancels that were accepted; others came after the end. */
  readonly cancelled: number;
}

export async function askForWork(
  services: Services,
  jobs: readonly Job[],
  { count, overMs, random }: { count: number; overMs: number; random: Random },
): Promise<Asked> {
  const accepted = new Set<string>();
  let cancelled = 0;
  const calls: Promise<void>[] = [];
  const begunMs = clock.monotonic();
  const ask = async (job: Job, cancelAfterMs: number | undefined) => {
    const at = { account: job.account, shards: SHARDS, withinMs: ANSWERED_WITHIN_MS };
    const body = { case: 'runTask', value: { taskId: job.taskId } } as const;
    const executionId = await order(services.nc, body, at);
    accepted.add(executionId);
    if (cancelAfterMs === undefined) return;
    await clock.sleep(cancelAfterMs);
    const value = { executionId, reason: 'a trial' };
    const cancel = { case: 'cancelExecution', value } as const;
    // It may have ended meanwhile.
    await order(services.nc, cancel, { ...at, withinMs: 1_000 }).then(
      () => {
        cancelled += 1;
      },
      () => undefined,
    );
  };
  for (let index = 0; index < count; index++) {
    const waitMs = begunMs + (index / count) * overMs - clock.monotonic();
    if (waitMs > 0) await clock.sleep(waitMs);
    const cancels = random.next() * 100 < CANCELLED_OF_HUNDRED;
    calls.push(
      ask(pickJob(jobs, random), cancels ? Math.round(random.between(0, 1_500)) : undefined),
    );
  }
  await Promise.all(calls);
  return { accepted, cancelled };
}
