import { createUnionType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from './result-types.js';
import { DateTimeScalar } from './scalars.js';

const SCOPE = 'Whose schedules it holds: account, or system for those of every account.';
const AFTERMATH =
  'Of the slots in it, when it ends: skip, the latest of each schedule, or all run.';

@ObjectType({
  description:
    'A time in which no schedule of the account, or of the whole system, starts anything.',
})
export class Maintenance {
  @Field(() => ID) id: string;
  @Field(() => String, { description: SCOPE }) scope: string;
  @Field(() => DateTimeScalar) from: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: until it is ended.' })
  until: Date | null;
  @Field(() => String, { description: AFTERMATH }) aftermath: string;
  @Field(() => String) reason: string;
  @Field(() => String, { description: 'planned, active or over' }) state: string;
  @Field(() => DateTimeScalar) plannedAt: Date;
  @Field(() => String) author: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'When somebody ended it.' })
  endedAt: Date | null;
  @Field(() => String, { nullable: true }) endedBy: string | null;
}

@ObjectType()
export class HeldSlot {
  @Field(() => String, { description: 'Whose it is.' }) account: string;
  @Field(() => ID) taskId: string;
  @Field(() => String) taskName: string;
  @Field(() => ID) scheduleId: string;
  @Field(() => DateTimeScalar) at: Date;
  @Field(() => String) local: string;
  @Field(() => String) timezone: string;
}

@ObjectType({ description: 'What a maintenance would hold.' })
export class MaintenancePreview {
  @Field(() => Int) heldCount: number;
  @Field(() => Boolean) countIsExact: boolean;
  @Field(() => Int, { description: 'How many of them run when it ends.' }) runsAfter: number;
  @Field(() => DateTimeScalar) lookedUntil: Date;
  @Field(() => [HeldSlot]) first: HeldSlot[];
}

@InputType()
export class MaintenanceInput {
  @Field(() => String, { nullable: true, description: `${SCOPE} Left out: account.` })
  scope?: string;
  @Field(() => String, { nullable: true, description: 'ISO 8601; left out: now.' }) from?: string;
  @Field(() => String, { nullable: true, description: 'ISO 8601; left out: until it is ended.' })
  until?: string;
  @Field(() => String, { nullable: true, description: AFTERMATH }) aftermath?: string;
  @Field(() => String, { nullable: true }) reason?: string;
}

export const MaintenanceResult = createUnionType({
  name: 'MaintenanceResult',
  types: () => [Maintenance, Problem] as const,
  resolveType: (value: { __typename?: string }) => value.__typename,
});
