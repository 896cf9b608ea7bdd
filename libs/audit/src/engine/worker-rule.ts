/** Whether a worker was given more than it had granted to the shard, as the commits wrote it down. */
import type { dispatch as d } from '#libs/contracts';
import type { Findings } from '../finding.js';
import type { Rule } from './ledger.js';

interface Worker {
  readonly slots: ReadonlyMap<string, number>;
  readonly draining: boolean;
}

export function workerRule(findings: Findings): Rule {
  // Each shard has grants of its own, so both go by subject and worker.
  const workers = new Map<string, Worker>();
  const held = new Map<string, Set<string>>();
  const holderOf = new Map<string, Set<string>>();
  let last: unknown;

  const learn = (subject: string, { workerId, pools, draining, gone }: d.WorkerCapacity) => {
    const name = `${subject} ${workerId}`;
    const slots = new Map(pools.map(({ pool, slots: count }) => [pool, count]));
    if (gone) workers.delete(name);
    else workers.set(name, { slots, draining });
  };
  const letGo = (executionId: string) => {
    holderOf.get(executionId)?.delete(executionId);
    holderOf.delete(executionId);
  };
  /** How many of the pool it has then. */
  const give = (executionId: string, to: string) => {
    const all = held.get(to) ?? new Set();
    held.set(to, all.add(executionId));
    holderOf.set(executionId, all);
    return all.size;
  };

  return ({ event, stored, inputs }, run) => {
    const { subject } = stored;
    if (last !== stored) for (const worker of inputs.workers) learn(subject, worker);
    last = stored;
    if (run === undefined) return;
    switch (event.$typeName) {
      case 'dispatch.v1.AttemptReleased': {
        letGo(run.id);
        const { workerId } = event;
        const now = give(run.id, `${subject} ${workerId} ${run.pool}`);
        const worker = workers.get(`${subject} ${workerId}`);
        const most = worker?.draining ? 0 : (worker?.slots.get(run.pool) ?? 0);
        if (now > most)
          findings.add('slots-exceeded', stored, `${run.id}: ${now} at ${workerId}, not ${most}`);
        return;
      }
      case 'dispatch.v1.AttemptClosed':
      case 'dispatch.v1.AttemptLost':
      case 'dispatch.v1.ExecutionFinished':
        letGo(run.id);
        return;
      default:
    }
  };
}
