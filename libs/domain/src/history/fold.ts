import { decodeCommit } from '#libs/contracts';
import { foldDispatchCommit } from '../dispatch/commit.js';
import type { RecordedCommit } from './recorded-commit.js';
import { headOf, World } from './world.js';

/** The state that a history leads to: events are evolved, nothing is decided. */
export function foldHistory(commits: Iterable<RecordedCommit>, shards: number): World {
  const world = new World(shards);
  for (const recorded of commits) {
    const decoded = decodeCommit(recorded.bytes);
    if (recorded.stream === 'DEFINITIONS') world.define(recorded, decoded);
    if (recorded.stream === 'TICKS') {
      const shard = world.shardOf(recorded);
      for (const { event } of decoded.events)
        if (event.$typeName === 'tick.v1.SlotsDecided' && event.to) shard.plan.advance(event.to);
      shard.tickHead = headOf(recorded, decoded);
    }
    if (recorded.stream === 'DISPATCH') {
      const shard = world.shardOf(recorded);
      foldDispatchCommit(shard.dispatch, decoded);
      shard.dispatchHead = headOf(recorded, decoded);
    }
  }
  return world;
}
