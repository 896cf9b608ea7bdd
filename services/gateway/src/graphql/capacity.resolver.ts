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
} from '../change-capacity.js';
import { type Changed } from '../change-task.js';
import { parseOrRefuse } from '../faults-of.js';
import { GATEWAY, type GatewayParts } from '../gateway-parts.js';
import { notReadableYet, unknownLimit, unknownPool } from '../problem.js';
import { type LimitRow, listLimits } from '../queries/capacity.js';
import { readQueues } from '../read-queues.js';
import {
  accountLimitsBody,
  limitBody,
  pauseBody,
  poolBody,
  poolChangeBody,
} from '../shapes/capacity-input.js';
import {
  listPools,
  rateOf,
  readAccountLimits,
  readLimit,
  readPool,
  type ToldAccountLimits,
  type ToldPool,
} from '../told-capacity.js';
import { isId, withoutNulls } from './arguments.js';
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
import { orProblem } from './problem-answers.js';

const name = { type: () => ID } as const;
const optionalText = { type: () => String, nullable: true } as const;

@Resolver()
export class CapacityResolver {
  readonly #parts: GatewayParts;

  constructor(@Inject(GATEWAY) parts: GatewayParts) {
    this.#parts = parts;
  }

  @Query(() => Queues, { description: 'What waits in each pool.' })
  queues(@Context() { caller }: OperationContext) {
    return readQueues(this.#parts, caller);
  }

  @Query(() => [Pool], { description: 'The built-in ones, then custom ones.' })
  async pools(@Context() { caller }: OperationContext) {
    return (await listPools(this.#parts, caller)).map(poolView);
  }

  @Query(() => [NamedLimit], { description: 'By name.' })
  async limits(@Context() { caller }: OperationContext) {
    return (await listLimits(this.#parts.db, caller.account)).map(limitView);
  }

  @Query(() => AccountLimits)
  async accountLimits(@Context() { caller }: OperationContext) {
    return accountView(await readAccountLimits(this.#parts, caller));
  }

  @Mutation(() => PoolResult)
  createPool(
    @Context() context: OperationContext,
    @Args('name', name) pool: string,
    @Args('input', { type: () => PoolInput, nullable: true }) input?: PoolInput,
  ) {
    return this.#pool(context, () => {
      const said = { name: pool, ...(withoutNulls(input ?? {}) as object) };
      return savePool(this.#parts, byOf(context), parseOrRefuse(poolBody, said));
    });
  }

  @Mutation(() => PoolResult)
  updatePool(
    @Context() context: OperationContext,
    @Args('name', name) pool: string,
    @Args('input', { type: () => PoolInput }) input: PoolInput,
    @Args('expectedPosition', optionalText) position?: string,
  ) {
    return this.#pool(context, () => {
      const said = parseOrRefuse(poolChangeBody, withoutNulls(input));
      const expectedPosition = positionArgument(position);
      const changed = { name: known(pool), ...said };
      return savePool(this.#parts, byOf(context), changed, { expectedPosition });
    });
  }

  @Mutation(() => PoolResult, { description: 'Nothing of it is started until it is resumed.' })
  pausePool(
    @Context() context: OperationContext,
    @Args('name', name) pool: string,
    @Args('reason', optionalText) said?: string,
  ) {
    return this.#pool(context, () => {
      const { reason = '' } = parseOrRefuse(pauseBody, withoutNulls({ reason: said }));
      return pausePool(this.#parts, byOf(context), known(pool), reason);
    });
  }

  @Mutation(() => PoolResult)
  resumePool(@Context() context: OperationContext, @Args('name', name) pool: string) {
    return this.#pool(context, () => resumePool(this.#parts, byOf(context), known(pool)));
  }

  @Mutation(() => CapacityDeletedResult)
  deletePool(
    @Context() context: OperationContext,
    @Args('name', name) pool: string,
    @Args('expectedPosition', optionalText) position?: string,
  ) {
    return this.#deleted(() =>
      deletePool(this.#parts, byOf(context), known(pool), positionArgument(position)),
    );
  }

  @Mutation(() => LimitResult)
  saveLimit(
    @Context() context: OperationContext,
    @Args('input', { type: () => LimitInput }) input: LimitInput,
    @Args('id', { type: () => ID, nullable: true, description: 'Left out: a new one.' })
    id?: string,
    @Args('expectedPosition', optionalText) position?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      if (id && !isId(id)) throw unknownLimit(id);
      const expectedPosition = positionArgument(position) ?? 0;
      const rule = parseOrRefuse(limitBody, withoutNulls(input));
      const at = { limitId: id ?? '', expectedPosition };
      const changed = await saveLimit(this.#parts, byOf(context), rule, at);
      if (!changed.isReadable) throw notReadableYet(changed.position);
      return limitView(await readLimit(this.#parts, context.caller, changed.id));
    });
  }

  @Mutation(() => CapacityDeletedResult)
  deleteLimit(
    @Context() context: OperationContext,
    @Args('id', name) id: string,
    @Args('expectedPosition', optionalText) position?: string,
  ) {
    return this.#deleted(() => {
      if (!isId(id)) throw unknownLimit(id);
      return deleteLimit(this.#parts, byOf(context), id, positionArgument(position));
    });
  }

  @Mutation(() => AccountLimitsResult)
  setAccountLimits(
    @Context() context: OperationContext,
    @Args('input', { type: () => AccountLimitsInputType }) input: AccountLimitsInputType,
    @Args('expectedPosition', optionalText) position?: string,
  ) {
    return orProblem(this.#parts.log, async () => {
      const said = parseOrRefuse(accountLimitsBody, withoutNulls(input));
      const by = byOf(context);
      const changed = await setAccountLimits(this.#parts, by, said, positionArgument(position));
      if (!changed.isReadable) throw notReadableYet(changed.position);
      return accountView(await readAccountLimits(this.#parts, context.caller));
    });
  }

  #pool(context: OperationContext, change: () => Promise<Changed>) {
    return orProblem(this.#parts.log, async () => {
      const { id, position, isReadable } = await change();
      if (!isReadable) throw notReadableYet(position);
      return poolView(await readPool(this.#parts, context.caller, id));
    });
  }

  #deleted(change: () => Promise<Changed>) {
    return orProblem(this.#parts.log, async () => {
      const { id } = await change();
      return Object.assign(new CapacityDeleted(), { __typename: 'CapacityDeleted', id });
    });
  }
}

function known(pool: string): string {
  if (!isId(pool)) throw unknownPool(pool);
  return pool;
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
