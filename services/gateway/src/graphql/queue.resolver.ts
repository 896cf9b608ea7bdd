import { Inject } from '@nestjs/common';
import { Context, Query, Resolver } from '@nestjs/graphql';
import { readQueues } from '../capacity/read-queues.js';
import { listPools } from '../capacity/told-capacity.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { mapped } from '../live/wake.js';
import { watchWhole } from '../live/watch-whole.js';
import { listLimits } from '../queries/capacity.js';
import { type OperationContext } from './context.js';
import { Live } from './live.js';
import { NamedLimit, Pool, Queues } from './types/capacity-types.js';
import { limitView, poolView } from './views/capacity-views.js';

/** What a queue depends on besides the heartbeats of workers, which are looked at in between. */
const OF_QUEUES = ['execution', 'pool', 'limit', 'account'] as const;

/** What waits, and what it waits for: as it is, and as it changes. */
@Resolver()
export class QueueResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => Queues, { description: 'What waits in each pool.' })
  queues(@Context() { caller }: OperationContext) {
    return readQueues(this.parts, caller.account);
  }

  @Live(() => Queues, 'What waits in each pool, and again when it changed: at most twice a second.')
  queuesChanged(@Context() { caller: { account } }: OperationContext) {
    const read = () => readQueues(this.parts, account);
    return watchWhole(this.parts, {
      account,
      readModels: OF_QUEUES,
      read,
      differs: ({ queues }) => queues,
    });
  }

  @Live(() => [Pool], 'All pools, and again when one changed: at most twice a second.')
  poolsChanged(@Context() { caller: { account } }: OperationContext) {
    const read = () => listPools(this.parts, account);
    const lists = watchWhole(this.parts, { account, readModels: ['pool'], read });
    return mapped(lists, (pools) => pools.map(poolView));
  }

  @Live(() => [NamedLimit], 'All limits, and again when one changed: at most twice a second.')
  limitsChanged(@Context() { caller: { account } }: OperationContext) {
    const read = () => listLimits(this.parts.db, account);
    const lists = watchWhole(this.parts, { account, readModels: ['limit'], read });
    return mapped(lists, (limits) => limits.map(limitView));
  }
}
