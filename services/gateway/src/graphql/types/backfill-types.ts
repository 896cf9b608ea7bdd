import { createUnionType, Field, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { Problem } from './result-types.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType()
export class BackfillProgress {
  @Field(() => Int) requested: number;
  @Field(() => Int) open: number;
  @Field(() => Int) succeeded: number;
  @Field(() => Int) failed: number;
  @Field(() => Int) cancelled: number;
  @Field(() => Int, { description: 'Not begun yet.' }) remaining: number;
}

@ObjectType({ description: 'Past slots of a schedule that are run, a few at a time.' })
export class Backfill {
  @Field(() => ID) id: string;
  @Field(() => ID) taskId: string;
  @Field(() => ID) scheduleId: string;
  @Field(() => String, { description: 'running, paused, cancelled or finished' }) status: string;
  @Field(() => Int) slots: number;
  @Field(() => DateTimeScalar, { nullable: true }) firstDueAt: Date | null;
  @Field(() => DateTimeScalar, { nullable: true }) lastDueAt: Date | null;
  @Field(() => Int) concurrency: number;
  @Field(() => String, { nullable: true }) note: string | null;
  @Field(() => String) author: string;
  @Field(() => BackfillProgress) progress: BackfillProgress;
  @Field(() => DateTimeScalar) startedAt: Date;
  @Field(() => DateTimeScalar, { nullable: true }) finishedAt: Date | null;
}

@ObjectType()
export class PlannedSlot {
  @Field(() => DateTimeScalar) at: Date;
  @Field(() => String) local: string;
}

@ObjectType({ description: 'Slots of a range that do not run, by why.' })
export class BackfillLeftOut {
  @Field(() => Int, { description: 'They ran already.' }) ran: number;
  @Field(() => Int, { description: 'Before `from`, after `until` or `maxRuns`.' })
  outOfBounds: number;
  @Field(() => Int, { description: 'The task or the schedule was paused.' }) paused: number;
  @Field(() => Int, { description: 'A maintenance skipped them.' }) maintenance: number;
  @Field(() => Int, { description: 'A calendar did not allow them.' }) calendar: number;
}

@ObjectType({ description: 'What a backfill would run, in its order.' })
export class BackfillPlan {
  @Field(() => Int) count: number;
  @Field(() => Int, { description: 'Slots of the range that do not run.' }) leftOut: number;
  @Field(() => BackfillLeftOut) leftOutBy: BackfillLeftOut;
  @Field(() => PlannedSlot, { nullable: true }) first: PlannedSlot | null;
  @Field(() => PlannedSlot, { nullable: true }) last: PlannedSlot | null;
}

@InputType()
export class BackfillInput {
  @Field(() => ID) scheduleId: string;
  @Field(() => String, { description: 'ISO 8601; included.' }) from: string;
  @Field(() => String, { description: 'ISO 8601; excluded, not in the future.' }) to: string;
  @Field(() => String, { nullable: true, description: 'forward or backward' }) order?: string;
  @Field(() => Int, { nullable: true, description: 'How many run at a time.' })
  concurrency?: number;
  @Field(() => String, {
    nullable: true,
    description: 'none: what never ran; failed: what did not succeed, too; all.',
  })
  reprocess?: string;
  @Field(() => Boolean, {
    nullable: true,
    description:
      'Left out or true: leaves out what the schedule would not have fired, by its bounds, calendars, maintenances and pauses; false: every slot of its times.',
  })
  onlyScheduled?: boolean;
  @Field(() => String, { nullable: true }) note?: string;
}

export const BackfillResult = createUnionType({
  name: 'BackfillResult',
  types: () => [Backfill, Problem] as const,
  resolveType: (value: { __typename?: string }) => value.__typename,
});
