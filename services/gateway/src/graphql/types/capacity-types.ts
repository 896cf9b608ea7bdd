import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type PriorityWord } from '../../shapes/words.js';
import { PriorityEnum } from './enums.js';
import { Problem } from './result-types.js';
import { DateTimeScalar } from './scalars.js';

const EXCEEDED = 'What becomes of a run beyond it: wait or skip.';

@ObjectType({ description: 'Workers by name, as far as the account may use them.' })
export class Pool {
  @Field(() => ID) name: string;
  @Field(() => Boolean) builtIn: boolean;
  @Field(() => String) description: string;
  @Field(() => Int, { nullable: true, description: 'Null: no limit.' })
  maxConcurrent: number | null;
  @Field(() => Float, { description: 'Of a slot for an hour, in the currency of the account.' })
  computeRate: number;
  @Field(() => Boolean) paused: boolean;
  @Field(() => String, { nullable: true }) pauseReason: string | null;
  @Field(() => DateTimeScalar, { nullable: true }) pausedAt: Date | null;
  @Field(() => String, { nullable: true }) pausedBy: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: never.' })
  updatedAt: Date | null;
  @Field(() => String, { nullable: true }) updatedBy: string | null;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'Opaque; for `expectedPosition`.' }) position: string;
}

@ObjectType({ description: 'At most `count` starts within any `per` seconds.' })
export class Rate {
  @Field(() => Int) count: number;
  @Field(() => Float, { description: 'Seconds.' }) per: number;
  @Field(() => String, { description: EXCEEDED }) exceeded: string;
}

@ObjectType({ description: 'Runs with the same key share it.' })
export class NamedLimit {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) description: string;
  @Field(() => String, { description: 'CEL; empty: one key for all.' }) key: string;
  @Field(() => Int, { nullable: true }) maxConcurrent: number | null;
  @Field(() => Rate, { nullable: true }) rate: Rate | null;
  @Field(() => DateTimeScalar) createdAt: Date;
  @Field(() => DateTimeScalar) updatedAt: Date;
  @Field(() => String) createdBy: string;
  @Field(() => String) updatedBy: string;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'Opaque; for `expectedPosition`.' }) position: string;
}

@ObjectType({ description: 'What the account may use at the same time; defaults filled in.' })
export class AccountLimits {
  @Field(() => Int) maxConcurrent: number;
  @Field(() => Int) maxBrowserSessions: number;
  @Field(() => Int, { description: 'Its share where other accounts wait, too.' }) weight: number;
  @Field(() => String, { nullable: true, description: 'Code of ISO 4217 that costs are told in.' })
  currency: string | null;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: never.' })
  updatedAt: Date | null;
  @Field(() => String, { nullable: true }) updatedBy: string | null;
  @Field(() => Int) version: number;
  @Field(() => String, { description: 'Opaque; for `expectedPosition`.' }) position: string;
}

@ObjectType()
export class PriorityDepth {
  @Field(() => PriorityEnum) priority: PriorityWord;
  @Field(() => Int) count: number;
}

@ObjectType({ description: 'What waits in a pool.' })
export class Queue {
  @Field(() => ID) pool: string;
  @Field(() => Int) depth: number;
  @Field(() => [PriorityDepth]) depthByPriority: readonly PriorityDepth[];
  @Field(() => Float, { nullable: true, description: 'Milliseconds; null: nobody waits.' })
  oldestWait: number | null;
  @Field(() => Int) running: number;
  @Field(() => Int, { description: 'Of all live workers.' }) slots: number;
  @Field(() => Int) free: number;
  @Field(() => Boolean) paused: boolean;
  @Field(() => String, { nullable: true }) pauseReason: string | null;
}

@ObjectType()
export class Queues {
  @Field(() => [Queue]) queues: readonly Queue[];
  @Field(() => DateTimeScalar) asOf: Date;
  @Field(() => Boolean, { description: 'False: told by the tables, since the owner is away.' })
  live: boolean;
}

@ObjectType({ description: 'What a queued execution waits for.' })
export class Wait {
  @Field(() => String, {
    description:
      'slot, worker, task_limit, account_limit, browser_limit, pool_limit, pool_paused, limit, rate, maintenance, earlier_run or instant',
  })
  cause: string;
  @Field(() => String, { description: 'The same as a sentence.' }) says: string;
  @Field(() => Int) queuePosition: number;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: it cannot be told.' })
  estimatedStart: Date | null;
  @Field(() => ID, { nullable: true }) limitId: string | null;
  @Field(() => Int, { nullable: true }) used: number | null;
  @Field(() => Int, { nullable: true }) bound: number | null;
  @Field(() => DateTimeScalar, { nullable: true }) until: Date | null;
}

@InputType()
export class PoolInput {
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => Int, { nullable: true }) maxConcurrent?: number;
  @Field(() => Float, {
    nullable: true,
    description: 'Of a slot for an hour, with up to six decimals; left out: as it was.',
  })
  computeRate?: number;
}

@InputType()
export class RateInput {
  @Field(() => Int) count: number;
  @Field(() => Float, { description: 'Seconds.' }) per: number;
  @Field(() => String, { nullable: true, description: EXCEEDED }) exceeded?: string;
}

@InputType()
export class LimitInput {
  @Field(() => String) name: string;
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => String, { nullable: true, description: 'CEL: `parameters.customer`' }) key?: string;
  @Field(() => Int, { nullable: true }) maxConcurrent?: number;
  @Field(() => RateInput, { nullable: true }) rate?: RateInput;
}

@InputType('AccountLimitsInput')
export class AccountLimitsInputType {
  @Field(() => Int, { nullable: true }) maxConcurrent?: number;
  @Field(() => Int, { nullable: true }) maxBrowserSessions?: number;
  @Field(() => Int, { nullable: true }) weight?: number;
  @Field(() => String, { nullable: true, description: 'Such as EUR; left out: as it was.' })
  currency?: string;
}

@ObjectType()
export class CapacityDeleted {
  @Field(() => ID) id: string;
}

const resolveType = (value: { __typename?: string }) => value.__typename;

export const PoolResult = createUnionType({
  name: 'PoolResult',
  types: () => [Pool, Problem] as const,
  resolveType,
});
export const LimitResult = createUnionType({
  name: 'LimitResult',
  types: () => [NamedLimit, Problem] as const,
  resolveType,
});
export const AccountLimitsResult = createUnionType({
  name: 'AccountLimitsResult',
  types: () => [AccountLimits, Problem] as const,
  resolveType,
});
export const CapacityDeletedResult = createUnionType({
  name: 'CapacityDeletedResult',
  types: () => [CapacityDeleted, Problem] as const,
  resolveType,
});
