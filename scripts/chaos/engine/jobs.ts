/** What the engine is given to do in a trial: tasks of every temper, in two accounts. */
import { shardOf } from '#libs/contracts';
import { define, noopTask, type Services, type TaskDraft } from '#libs/rig';
import type { Random } from '../random.ts';

export const SHARDS = 2;
/** One in each shard. */
export const ACCOUNTS = accountsOfDifferentShards();

export type JobKind =
  | 'noop'
  | 'call'
  | 'slowCall'
  | 'wobbly'
  | 'broken'
  | 'gone'
  | 'slow'
  | 'late'
  | 'limited'
  | 'shared'
  | 'paced';

interface Kind {
  /** Of a hundred. */
  readonly share: number;
  readonly draft: (witnessUrl: string, limits: NamedLimits) => TaskDraft;
}

/** By their ids in the account. */
interface NamedLimits {
  readonly atOnce: string;
  readonly perSecond: string;
}

/** Of an account at the same time: fewer than there are slots. */
const ACCOUNT_MAX = 12;
const SHARED_MAX = 1;
const PACE = { count: 4, perMs: 1_000 };

const retries = (maxRetries: number) => ({
  maxRetries,
  initialDelayMs: 200,
  backoffMultiplier: 2,
  maxDelayMs: 1_500,
});
const call = (path: string) => (url: string) => ({
  target: { systemTask: 'http.request' },
  parametersJson: JSON.stringify({ url: `${url}${path}`, method: 'POST', body: 'ding' }),
});

const KINDS: Readonly<Record<JobKind, Kind>> = {
  noop: { share: 20, draft: () => noop(0) },
  call: { share: 20, draft: call('/ok') },
  slowCall: { share: 8, draft: call('/slow') },
  wobbly: { share: 10, draft: call('/wobbly') },
  broken: { share: 4, draft: (url) => ({ ...call('/broken')(url), ...settings(1) }) },
  gone: { share: 3, draft: call('/gone') },
  slow: { share: 14, draft: () => noop(3_000) },
  late: { share: 3, draft: () => ({ ...noop(60_000), ...settings(1, { timeoutMs: 1_000 }) }) },
  shared: {
    share: 5,
    draft: (_, { atOnce }) => ({ ...noop(500), ...settings(5, { limitIds: [atOnce] }) }),
  },
  paced: {
    share: 3,
    draft: (_, { perSecond }) => ({ ...noop(0), ...settings(5, { limitIds: [perSecond] }) }),
  },
  limited: { share: 10, draft: () => ({ ...noop(300), ...settings(5, { concurrencyLimit: 2 }) }) },
};

export interface Job {
  readonly kind: JobKind;
  readonly account: string;
  readonly taskId: string;
}

/** A task of each kind in each account, under limits of all kinds. */
export async function defineJobs({ nc }: Services, witnessUrl: string): Promise<Job[]> {
  const jobs: Job[] = [];
  for (const account of ACCOUNTS) {
    const limits = await defineLimits(nc, account);
    for (const [kind, { draft }] of Object.entries(KINDS) as [JobKind, Kind][]) {
      const own = draft(witnessUrl, limits);
      const whole = noopTask({ name: kind, schedules: [], ...settings(5), ...own });
      const body = { case: 'createTask', value: { draft: whole } } as const;
      jobs.push({ kind, account, taskId: await define(nc, body, account) });
    }
  }
  return jobs;
}

async function defineLimits(nc: Services['nc'], account: string): Promise<NamedLimits> {
  const save = (rule: { name: string; maxConcurrent?: number; rate?: typeof PACE }) =>
    define(nc, { case: 'saveLimit', value: { rule } }, account);
  const own = { maxConcurrent: ACCOUNT_MAX };
  await define(nc, { case: 'setAccountLimits', value: own }, account);
  return {
    atOnce: await save({ name: 'Shop', maxConcurrent: SHARED_MAX }),
    perSecond: await save({ name: 'Partner', rate: PACE }),
  };
}

/** By the shares of their kinds. */
export function pickJob(jobs: readonly Job[], random: Random): Job {
  let left = random.next() * Object.values(KINDS).reduce((sum, { share }) => sum + share, 0);
  const kind = (Object.entries(KINDS) as [JobKind, Kind][]).find(([, { share }]) => {
    left -= share;
    return left < 0;
  })?.[0];
  return random.pick(jobs.filter((job) => job.kind === (kind ?? 'noop')));
}

function noop(durationMs: number) {
  return { target: { systemTask: 'noop' }, parametersJson: JSON.stringify({ durationMs }) };
}

function settings(
  maxRetries: number,
  more: { timeoutMs?: number; concurrencyLimit?: number; limitIds?: string[] } = {},
) {
  return { settings: { timeoutMs: 10_000, retryPolicy: retries(maxRetries), ...more } };
}

function accountsOfDifferentShards(): string[] {
  const found: string[] = [];
  for (let n = 0; found.length < SHARDS; n++)
    if (shardOf(`tenant${n}`, SHARDS) === found.length) found.push(`tenant${n}`);
  return found;
}
