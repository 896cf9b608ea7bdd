import { Field, Int, ObjectType } from '@nestjs/graphql';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { ScheduleDefinition } from './schedule-types.js';

@ObjectType()
export class ScheduleRun {
  @Field(() => DateTimeScalar, { description: 'Nominal.' }) at: Date;
  @Field(() => String, { description: 'Local time in the zone, without offset.' }) local: string;
  @Field(() => String, { description: 'Such as `+02:00`.' }) offset: string;
  @Field(() => String, { description: 'runs, moved, held or skipped' }) verdict: string;
  @Field(() => String, {
    nullable: true,
    description:
      'Why it does not run as it stands: task_paused, maintenance, calendar, moved or merged.',
  })
  cause: string | null;
  @Field(() => DateTimeScalar, {
    nullable: true,
    description:
      'With spread, jitter, calendars and maintenances; null when it does not start, or nobody knows when.',
  })
  startsAt: Date | null;
  @Field(() => String, {
    nullable: true,
    description: 'The calendar, maintenance or schedule that moves, holds or replaces it.',
  })
  by: string | null;
}

@ObjectType()
export class ScheduleProblem {
  @Field(() => String) field: string;
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) remedy: string | null;
  @Field(() => Int, { nullable: true, description: 'Index into the text of the field.' })
  position?: number;
}

@ObjectType()
export class ScheduleLint {
  @Field(() => String) code: string;
  @Field(() => String) message: string;
}

@ObjectType({ description: 'An expression to start from.' })
export class SchedulePreset {
  @Field(() => String) id: string;
  @Field(() => String) label: string;
  @Field(() => String) expression: string;
}

@ObjectType()
export class SchedulePreview {
  @Field(() => Boolean) valid: boolean;
  @Field(() => [ScheduleProblem]) problems: ScheduleProblem[];
  @Field(() => String, { description: 'Empty when it is not valid.' }) description: string;
  @Field(() => String, { nullable: true }) cron: string | null;
  @Field(() => JsonScalar, { nullable: true, description: 'Null when choices can not say it.' })
  form: unknown;
  @Field(() => [ScheduleRun]) nextRuns: ScheduleRun[];
  @Field(() => [ScheduleLint]) lints: ScheduleLint[];
  @Field(() => [SchedulePreset]) presets: SchedulePreset[];
}

@ObjectType({ description: 'What an edit would do to the 90 days ahead.' })
export class ScheduleChangePreview {
  @Field(() => DateTimeScalar) comparedUntil: Date;
  @Field(() => Int) addedCount: number;
  @Field(() => Int) removedCount: number;
  @Field(() => Int) unchangedCount: number;
  @Field(() => [ScheduleRun], { description: 'The first ones.' }) added: ScheduleRun[];
  @Field(() => [ScheduleRun], { description: 'The first ones.' }) removed: ScheduleRun[];
}

@ObjectType()
export class ScheduleVersion {
  @Field(() => Int) version: number;
  @Field(() => Int) revision: number;
  @Field(() => String, { description: 'added, changed, removed, paused or resumed' }) kind: string;
  @Field(() => ScheduleDefinition) definition: ScheduleDefinition;
  @Field(() => Boolean) taskPaused: boolean;
  @Field(() => DateTimeScalar) validFrom: Date;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Null: in force.' })
  validUntil: Date | null;
  @Field(() => String) author: string;
  @Field(() => String, { nullable: true }) note: string | null;
}
