import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import { type Changed } from '../carry-out.js';
import {
  deleteLimit,
  deletePool,
  pausePool,
  resumePool,
  saveLimit,
  savePool,
  setAccountLimits,
} from '../change-capacity.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { findLimit, type LimitRow, listLimits } from '../queries/capacity.js';
import { readQueues } from '../read-queues.js';
import {
  accountLimitsBody,
  limitBody,
  pauseBody,
  poolBody,
  poolChangeBody,
} from '../shapes/capacity-input.js';
import {
  findPool,
  listPools,
  rateOf,
  readAccountLimits,
  type ToldAccountLimits,
  type ToldPool,
} from '../told-capacity.js';
import { unknownLimit, unknownPool } from '../unknown.js';
import { anId, maybeText } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf, positionArgument } from './by.js';
import {
  AccountLimits,
  AccountLimitsInputType,
  AccountLimitsResult,
  CapacityDeleted,
  CapacityDeletedResult,
  LimitInput,
  LimitResult,
  NamedLimit,
  Pool,
  PoolInput,
  PoolResult,
  Queues,
} from './capacity-types.js';
import { type OperationContext } from './context.js';
import { reader } from './look-up.js';
import { orProblem, orProblemReading } from './problem-answers.js';

@Resolver()
export class CapacityResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

  @Query(() => Queues, { description: 'What waits in each pool.' })
  queues(@Context() { caller }: OperationContext) {
    return readQueues(this.parts, caller.account);
  }

  @Query(() => [Pool], { description: 'The built-in ones, then custom ones.' })
  async pools(@Context() { caller }: OperationContext) {
    return (await listPools(this.parts, caller.account)).map(poolView);
  }

  @Query(() => [NamedLimit], { description: 'By name.' })
  async limits(@Context() { caller }: OperationContext) {
    return (await listLimits(this.parts.db, caller.account)).map(limitView);
  }

  @Query(() => AccountLimits)
  async accountLimits(@Context() { caller }: OperationContext) {
    return accountView(await readAccountLimits(this.parts, caller.account));
  }

  @Mutation(() => PoolResult)
  createPool(
    @Context() context: OperationContext,
    @Args('name', anId) pool: string,
    @Args('input', { type: () => PoolInput, nullable: true }) input?: PoolInput,
  ) {
    return this.#pool(context, async () => {
      const said = { name: pool, ...(withoutNulls(input ?? {}) as object) };
      return savePool(this.parts, byOf(context), parseOrRefuse(poolBody, said));
    });
  }

  @Mutation(() => PoolResult)
  updatePool(
    @Context() context: OperationContext,
    @Args('name', anId) pool: string,
    @Args('input', { type: () => PoolInput }) input: PoolInput,
    @Args('expectedPosition', maybeText) position?: string,
  ) {
    return this.#pool(context, async () => {
      const said = parseOrRefuse(poolChangeBody, withoutNulls(input));
      const expectedPosition = positionArgument(position);
      const changed = { name: idOr(unknownPool, pool), ...said };
      return savePool(this.parts, byOf(context), changed, { expectedPosition });
    });
  }

  @Mutation(() => PoolResult, { description: 'Nothing of it is started until it is resumed.' })
  pausePool(
    @Context() context: OperationContext,
    @Args('name', anId) pool: string,
    @Args('reason', maybeText) said?: string,
  ) {
    return this.#pool(context, async () => {
      const { reason = '' } = parseOrRefuse(pauseBody, withoutNulls({ reason: said }));
      return pausePool(this.parts, byOf(context), idOr(unknownPool, pool), reason);
    });
  }

  @Mutation(() => PoolResult)
  resumePool(@Context() context: OperationContext, @Args('name', anId) pool: string) {
    return this.#pool(context, async () =>
      resumePool(this.parts, byOf(context), idOr(unknownPool, pool)),
    );
  }

  @Mutation(() => CapacityDeletedResult)
  deletePool(
    @Context() context: OperationContext,
    @Args('name', anId) pool: string,
    @Args('expectedPosition', maybeText) position?: string,
  ) {
    return this.#deleted(async () =>
      deletePool(this.parts, byOf(context), idOr(unknownPool, pool), positionArgument(position)),
    );
  }

  @Mutation(() => LimitResult)
  saveLimit(
    @Context() context: OperationContext,
    @Args('input', { type: () => LimitInput }) input: LimitInput,
    @Args('id', { type: () => ID, nullable: true, description: 'Left out: a new one.' })
    id?: string,
    @Args('expectedPosition', maybeText) position?: string,
  ) {
    const save = async () => {
      const limitId = id ? idOr(unknownLimit, id) : '';
      const at = { limitId, expectedPosition: positionArgument(position) ?? 0 };
      const rule = parseOrRefuse(limitBody, withoutNulls(input));
      return saveLimit(this.parts, byOf(context), rule, at);
    };
    const kind = { find: findLimit, view: limitView, unknown: unknownLimit };
    return orProblemReading(this.parts, save, reader(this.parts, context, kind));
  }

  @Mutation(() => CapacityDeletedResult)
  deleteLimit(
    @Context() context: OperationContext,
    @Args('id', anId) id: string,
    @Args('expectedPosition', maybeText) position?: string,
  ) {
    return this.#deleted(async () => {
      const of = idOr(unknownLimit, id);
      return deleteLimit(this.parts, byOf(context), of, positionArgument(position));
    });
  }

  @Mutation(() => AccountLimitsResult)
  setAccountLimits(
    @Context() context: OperationContext,
    @Args('input', { type: () => AccountLimitsInputType }) input: AccountLimitsInputType,
    @Args('expectedPosition', maybeText) position?: string,
  ) {
    const set = async () => {
      const said = parseOrRefuse(accountLimitsBody, withoutNulls(input));
      return setAccountLimits(this.parts, byOf(context), said, positionArgument(position));
    };
    return orProblemReading(this.parts, set, async () =>
      accountView(await readAccountLimits(this.parts, context.caller.account)),
    );
  }

  #pool(context: OperationContext, change: () => Promise<Changed>) {
    const find = (_db: unknown, account: string, name: string) =>
      findPool(this.parts, account, name);
    const kind = { find, view: poolView, unknown: unknownPool };
    return orProblemReading(this.parts, change, reader(this.parts, context, kind));
  }

  #deleted(change: () => Promise<Changed>) {
    return orProblem(this.parts.log, async () => {
      const { id } = await change();
      return Object.assign(new CapacityDeleted(), { __typename: 'CapacityDeleted', id });
    });
  }
}

function poolView(pool: ToldPool): Pool {
  const position = String(pool.position);
  return Object.assign(new Pool(), { __typename: 'Pool', ...pool, position });
}

function limitView(row: LimitRow): NamedLimit {
  return Object.assign(new NamedLimit(), {
    __typename: 'NamedLimit',
    id: row.id,
    name: row.name,
    description: row.description,
    key: row.key_expression,
    maxConcurrent: row.max_concurrent || null,
    rate: rateOf(row),
    createdAt: row.created_at,
    updatedAt: row.updated_at,
    createdBy: row.created_by,
    updatedBy: row.updated_by,
    version: row.version,
    position: String(row.position),
  });
}

function accountView(limits: ToldAccountLimits): AccountLimits {
  const position = String(limits.position);
  return Object.assign(new AccountLimits(), { __typename: 'AccountLimits', ...limits, position });
}
