import { createUnionType, Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type DeadLetterCauseWord, type DeadLetterStatusWord } from '../../shapes/words.js';
import { DeadLetterCauseEnum, DeadLetterStatusEnum } from './enums.js';
import { connectionOf } from './page-types.js';
import { Problem } from './result-types.js';
import { DateTimeScalar } from './scalars.js';

@ObjectType({
  description: 'An execution that failed for good, until it is run again or discarded.',
})
export class DeadLetter {
  @Field(() => ID, { description: 'Of the execution that died.' }) id: string;
  @Field(() => ID) taskId: string;
  @Field(() => String) taskName: string;
  @Field(() => DeadLetterCauseEnum) cause: DeadLetterCauseWord;
  @Field(() => Int) attempts: number;
  @Field(() => String) errorCode: string;
  @Field(() => String) errorMessage: string;
  @Field(() => DateTimeScalar) diedAt: Date;
  @Field(() => DeadLetterStatusEnum) status: DeadLetterStatusWord;
  @Field(() => ID, { nullable: true, description: 'The execution that runs it again.' })
  redrivenBy: string | null;
  @Field(() => ID, { nullable: true }) redriveId: string | null;
  @Field(() => DateTimeScalar, { nullable: true }) resolvedAt: Date | null;
  @Field(() => String, {
    nullable: true,
    description: '`limit` when the account had more of them than are kept.',
  })
  resolvedBy: string | null;
  @Field(() => String, { nullable: true }) note: string | null;
}

@ObjectType()
export class DeadLetterConnection extends connectionOf(DeadLetter) {}

@InputType()
export class DeadLetterFilter {
  @Field(() => [DeadLetterStatusEnum], { nullable: true, description: 'By default open ones.' })
  status?: DeadLetterStatusWord[];
  @Field(() => ID, { nullable: true }) taskId?: string;
  @Field(() => [DeadLetterCauseEnum], { nullable: true }) cause?: DeadLetterCauseWord[];
  @Field(() => String, { nullable: true }) errorCode?: string;
  @Field(() => DateTimeScalar, { nullable: true, description: 'By the time of death; included.' })
  from?: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Excluded.' }) to?: Date;
}

@InputType({ description: 'Open ones that are like this, the oldest first.' })
export class OpenDeadLetterFilter {
  @Field(() => ID, { nullable: true }) taskId?: string;
  @Field(() => [DeadLetterCauseEnum], { nullable: true }) cause?: DeadLetterCauseWord[];
  @Field(() => String, { nullable: true }) errorCode?: string;
  @Field(() => String, { nullable: true, description: 'ISO 8601; included.' }) from?: string;
  @Field(() => String, { nullable: true, description: 'ISO 8601; excluded.' }) to?: string;
}

@InputType({ description: 'Chosen by `ids` or by `filter`; an empty filter stands for all.' })
export class RedriveInput {
  @Field(() => [ID], { nullable: true }) ids?: string[];
  @Field(() => OpenDeadLetterFilter, { nullable: true }) filter?: OpenDeadLetterFilter;
  @Field(() => Int, { nullable: true, description: 'How many start in a minute; by default 60.' })
  perMinute?: number;
  @Field(() => String, { nullable: true }) note?: string;
}

@InputType({ description: 'Chosen by `ids` or by `filter`; an empty filter stands for all.' })
export class DiscardInput {
  @Field(() => [ID], { nullable: true }) ids?: string[];
  @Field(() => OpenDeadLetterFilter, { nullable: true }) filter?: OpenDeadLetterFilter;
  @Field(() => String, { nullable: true }) note?: string;
}

@ObjectType()
export class ChosenDeadLetters {
  @Field(() => Int) count: number;
  @Field(() => Boolean, { description: 'More than may be taken at once.' }) hasMore: boolean;
}

export const DiscardResult = createUnionType({
  name: 'DiscardResult',
  types: () => [ChosenDeadLetters, Problem] as const,
  resolveType: (value: { __typename?: string }) => value.__typename,
});

@ObjectType()
export class RedriveProgress {
  @Field(() => Int) requested: number;
  @Field(() => Int, { description: 'Gone meanwhile, or their task.' }) passedOver: number;
  @Field(() => Int) open: number;
  @Field(() => Int) succeeded: number;
  @Field(() => Int) failed: number;
  @Field(() => Int) cancelled: number;
  @Field(() => Int, { description: 'Not begun yet.' }) remaining: number;
}

@ObjectType({ description: 'Dead letters that are run again, so many a minute.' })
export class Redrive {
  @Field(() => ID) id: string;
  @Field(() => String, { description: 'running, cancelled or finished' }) status: string;
  @Field(() => Int) deadLetters: number;
  @Field(() => Int) perMinute: number;
  @Field(() => String, { nullable: true }) note: string | null;
  @Field(() => String) author: string;
  @Field(() => RedriveProgress) progress: RedriveProgress;
  @Field(() => DateTimeScalar) startedAt: Date;
  @Field(() => DateTimeScalar, { nullable: true }) finishedAt: Date | null;
}

export const RedriveResult = createUnionType({
  name: 'RedriveResult',
  types: () => [Redrive, Problem] as const,
  resolveType: (value: { __typename?: string }) => value.__typename,
});

@ObjectType({ description: 'Delays in seconds; equal without jitter.' })
export class PlannedRetry {
  @Field(() => Int) retry: number;
  @Field(() => Float) delayMin: number;
  @Field(() => Float) delayMax: number;
  @Field(() => Float, { description: 'At the longest delays; attempts themselves left out.' })
  sinceFirst: number;
}
