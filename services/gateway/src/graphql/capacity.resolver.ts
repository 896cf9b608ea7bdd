import { Inject } from '@nestjs/common';
import { Args, Context, ID, Mutation, Query, Resolver } from '@nestjs/graphql';
import {
  deleteLimit,
  deletePool,
  pausePool,
  resumePool,
  saveLimit,
  savePool,
  setAccountLimits,
} from '../capacity/change-capacity.js';
import { findPool, listPools, readAccountLimits } from '../capacity/told-capacity.js';
import { type Changed } from '../commands/carry-out.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { parseOrRefuse } from '../problems/faults-of.js';
import { unknownLimit, unknownPool } from '../problems/unknown.js';
import { findLimit, listLimits } from '../queries/capacity.js';
import {
  accountLimitsBody,
  limitBody,
  pauseBody,
  poolBody,
  poolChangeBody,
} from '../shapes/capacity-input.js';
import { anId, maybeText } from './args.js';
import { idOr, withoutNulls } from './arguments.js';
import { byOf, positionArgument } from './by.js';
import { type OperationContext } from './context.js';
import { reader } from './look-up.js';
import { orProblem, orProblemReading } from './problem-answers.js';
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
} from './types/capacity-types.js';
import { accountView, limitView, poolView } from './views/capacity-views.js';

@Resolver()
export class CapacityResolver {
  constructor(@Inject(GATEWAY) private readonly parts: GatewayParts) {}

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
