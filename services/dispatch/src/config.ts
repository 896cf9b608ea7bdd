import { wholeNumber } from '#libs/runtime';
import { SNAPSHOT_LIMITS } from './shard-snapshots.js';

export const dispatchSettings = {
  snapshotCommits: wholeNumber({
    env: 'CARILLON_SNAPSHOT_COMMITS',
    says: 'A shard keeps a snapshot after so many commits, or after 32 MB of them.',
    min: 1,
    max: 1_000_000,
    default: SNAPSHOT_LIMITS.commits,
  }),
};
