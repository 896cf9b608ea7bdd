import { Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type SlotRow } from '../../queries/slots.js';
import { PageInfo } from './page-types.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType({ description: 'One thing on the way to the outcome of a slot.' })
export class SlotLink {
  @Field(() => DateTimeScalar) at: Date;
  @Field(() => String) what: string;
  @Field(() => String, { nullable: true }) by: string | null;
}

@ObjectType({ description: 'Why a slot came out as it did.' })
export class SlotExplanation {
  @Field(() => String) sentence: string;
  @Field(() => [SlotLink]) chain: SlotLink[];
}

/** The explanation is resolved in `slot.resolver.ts`. */
@ObjectType({ description: 'One nominal time of a schedule, and its one outcome.' })
export class Slot {
  @Field(() => ID) taskId: string;
  @Field(() => ID) scheduleId: string;
  @Field(() => Int) revision: number;
  @Field(() => String, { description: 'Nominal local time.' }) local: string;
  @Field(() => Int, { description: '1 in the second pass of a repeated hour.' }) pass: number;
  @Field(() => String) timezone: string;
  @Field(() => DateTimeScalar) dueAt: Date;
  @Field(() => DateTimeScalar, { description: 'When it was meant to start.' }) effectiveAt: Date;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description: 'When it was looked at; null while that is not known yet.',
  })
  decidedAt: Date | null;
  @Field(() => String, { description: 'fired, skipped or missed' }) outcome: string;
  @Field(() => String) cause: string;
  @Field(() => ID, { nullable: true }) executionId: string | null;
  @Field(() => ID, { nullable: true }) blockingExecutionId: string | null;
  @Field(() => Int, { description: 'Further slots of the same gap of the clock.' }) folded: number;
  @Field(() => ID, { nullable: true }) calendarId: string | null;
  @Field(() => Int, { nullable: true }) calendarVersion: number | null;
  @Field(() => ID, { nullable: true }) mergedInto: string | null;
  @Field(() => ID, { nullable: true }) maintenanceId: string | null;
  /** What the explanation is made from; not told. */
  row: SlotRow;
}

@ObjectType()
export class SlotEdge {
  @Field(() => String) cursor: string;
  @Field(() => Slot) node: Slot;
}

@ObjectType({ description: 'Slots, latest first; nobody counts them.' })
export class SlotConnection {
  @Field(() => [SlotEdge]) edges: SlotEdge[];
  @Field(() => PageInfo) pageInfo: PageInfo;
}
