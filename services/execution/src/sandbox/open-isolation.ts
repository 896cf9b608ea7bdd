import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { basename, dirname, join } from 'node:path';
import type { Clock } from '#libs/clock';
import type { Logger } from '#libs/runtime';
import { signal } from '../children/process-tree.js';
import type { Scratch } from '../children/scratch.js';
import type { Cgroups } from './cgroups.js';
import { findIsolation, type Isolation, type IsolationSettings } from './isolation.js';

const SWEEP_ROUNDS = 50;
const SWEEP_PAUSE_MS = 40;

/** What holds the programs of this worker, said in its log; and what dead workers left is removed. */
export async function openIsolation(deps: {
  readonly scratch: Scratch;
  readonly settings: Pick<IsolationSettings, 'sandbox' | 'env'>;
  readonly clock: Clock;
  readonly log: Logger;
}): Promise<Isolation> {
  const { scratch, clock, log } = deps;
  const root = dirname(scratch.folder);
  const hash = createHash('sha256').update(root).digest('hex').slice(0, 12);
  const isolation = await findIsolation({
    ...deps.settings,
    clock,
    family: `carillon-${hash}`,
    folder: scratch.folder,
    worker: basename(scratch.folder),
  });
  if (isolation.groups !== undefined) await sweepGroups(isolation.groups, root, clock);
  const said = { isolation: isolation.tier, lacks: isolation.lacks };
  if (isolation.tier === 'sandbox') log.info(said, 'programs run in a sandbox');
  else
    log.warn(
      said,
      'programs run without a sandbox: do not let people run them whom you do not trust',
    );
  return isolation;
}

/** Control groups of workers that have no scratch folder any more: theirs was removed by the sweep. */
async function sweepGroups(groups: Cgroups, root: string, clock: Clock): Promise<void> {
  for (const worker of groups.workers()) {
    if (existsSync(join(root, worker))) continue;
    for (let round = 0; round < SWEEP_ROUNDS; round++) {
      const left = groups.leftOf(worker);
      if (left.length === 0) break;
      for (const pid of left) signal(pid, 'SIGKILL');
      await clock.sleep(SWEEP_PAUSE_MS);
    }
  }
}

/** At the worker's own end, when nothing of it runs any more. */
export function closeIsolation(isolation: Isolation, scratch: Scratch): void {
  isolation.groups?.close(basename(scratch.folder));
}
