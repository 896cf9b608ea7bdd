import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import { type PriorityWord, type TaskStatusWord, type TaskTypeWord } from '../../shapes/words.js';
import { ExecutionStatusEnum, PriorityEnum, TaskStatusEnum, TaskTypeEnum } from './enums.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { ScheduleInput } from './schedule-types.js';

@ObjectType({ description: 'What a task runs: the one that fits its type.' })
export class TaskTarget {
  @Field(() => ID, { nullable: true }) automationId?: string;
  @Field(() => ID, { nullable: true }) workflowId?: string;
  @Field(() => String, { nullable: true }) systemTask?: string;
}

@ObjectType()
export class RetryPolicy {
  @Field(() => Int) maxRetries: number;
  @Field(() => Float, { description: 'Seconds.' }) initialDelay: number;
  @Field(() => Float) backoffMultiplier: number;
  @Field(() => Float, { description: 'Seconds.' }) maxDelay: number;
  @Field(() => Float, { nullable: true, description: '0..1; absent: 0.' }) jitter?: number;
  @Field(() => [String], { nullable: true, description: 'Absent: none.' }) finalErrors?: string[];
  @Field(() => [String], { nullable: true, description: 'Absent: none.' }) retriedErrors?: string[];
  @Field(() => Boolean, { nullable: true, description: 'Absent: no.' }) timeoutIsFinal?: boolean;
  @Field(() => Boolean, { nullable: true, description: 'Absent: no.' }) lossIsFinal?: boolean;
}

@ObjectType()
export class Notifications {
  @Field(() => Boolean) onSuccess: boolean;
  @Field(() => Boolean) onFailure: boolean;
  @Field(() => [String]) channels: string[];
}

@ObjectType({ description: 'What one attempt may use; absent: the default of the type.' })
export class AttemptLimits {
  @Field(() => Int, { nullable: true }) cpuSeconds?: number;
  @Field(() => Int, { nullable: true }) memoryMb?: number;
  @Field(() => Int, { nullable: true }) diskMb?: number;
  @Field(() => Int, { nullable: true, description: 'With their threads.' }) processes?: number;
}

@ObjectType({ description: 'What a worker has, and a task may ask for.' })
export class Label {
  @Field(() => String) key: string;
  @Field(() => String) value: string;
}

@ObjectType()
export class TaskSettings {
  @Field(() => Float, { description: 'Minutes.' }) timeout: number;
  @Field(() => RetryPolicy) retryPolicy: RetryPolicy;
  @Field(() => Notifications) notifications: Notifications;
  @Field(() => Int, { nullable: true, description: 'Absent: no limit.' }) concurrencyLimit?: number;
  @Field(() => PriorityEnum) priority: PriorityWord;
  @Field(() => Int, { nullable: true, description: 'Absent: never.' }) pauseAfterFailures?: number;
  @Field(() => Float, { nullable: true, description: 'Minutes; absent: none.' })
  totalDeadline?: number;
  @Field(() => Float, { nullable: true, description: 'Minutes; absent: none.' })
  startDeadline?: number;
  @Field(() => Float, { nullable: true, description: 'Seconds; absent: as the worker is set up.' })
  stopGrace?: number;
  @Field(() => Boolean, { nullable: true, description: 'Absent: yes.' }) deadLetter?: boolean;
  @Field(() => AttemptLimits, { nullable: true }) limits?: AttemptLimits;
  @Field(() => [Label], { nullable: true, description: 'Absent: any worker of the pool.' })
  requiredLabels?: Label[];
  @Field(() => String, { nullable: true, description: 'Absent: that of the type.' }) pool?: string;
  @Field(() => [ID], { nullable: true, description: 'Named limits; absent: none.' })
  limitIds?: string[];
}

@ObjectType()
export class LastRun {
  @Field(() => ID) executionId: string;
  @Field(() => DateTimeScalar, { nullable: true }) startedAt: Date | null;
  @Field(() => ExecutionStatusEnum) status: string;
  @Field(() => Float, { nullable: true, description: 'Milliseconds.' }) duration: number | null;
}

@ObjectType({ description: 'Over all ended executions of the task.' })
export class TaskStats {
  @Field(() => Int) totalRuns: number;
  @Field(() => Int) successfulRuns: number;
  @Field(() => Int) failedRuns: number;
  @Field(() => Float, { nullable: true, description: 'Milliseconds; null before the first.' })
  averageDuration: number | null;
  @Field(() => Int) consecutiveFailures: number;
  @Field(() => LastRun, { nullable: true }) lastRun: LastRun | null;
}

/** Fields that cost another look-up (schedules, stats, runs) are resolved in `task.resolver.ts`. */
@ObjectType()
export class Task {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => String) description: string;
  @Field(() => TaskTypeEnum) type: TaskTypeWord;
  @Field(() => TaskTarget) target: TaskTarget;
  @Field(() => TaskStatusEnum) status: TaskStatusWord;
  @Field(() => String, { nullable: true }) pauseReason: string | null;
  @Field(() => JsonScalar) parameters: unknown;
  @Field(() => TaskSettings) settings: TaskSettings;
  @Field(() => DateTimeScalar) createdAt: Date;
  @Field(() => DateTimeScalar) updatedAt: Date;
  @Field(() => String) createdBy: string;
  @Field(() => String) updatedBy: string;
  @Field(() => Int, { description: 'Rises with each change.' }) version: number;
  @Field(() => String, { description: 'Opaque; for `expectedPosition`.' }) position: string;
}

@InputType()
export class TargetInput {
  @Field(() => ID, { nullable: true }) automationId?: string;
  @Field(() => ID, { nullable: true }) workflowId?: string;
  @Field(() => String, { nullable: true }) systemTask?: string;
}

@InputType()
export class RetryPolicyInput {
  @Field(() => Int, { nullable: true }) maxRetries?: number;
  @Field(() => Float, { nullable: true, description: 'Seconds.' }) initialDelay?: number;
  @Field(() => Float, { nullable: true }) backoffMultiplier?: number;
  @Field(() => Float, { nullable: true, description: 'Seconds.' }) maxDelay?: number;
  @Field(() => Float, { nullable: true, description: '0..1.' }) jitter?: number;
  @Field(() => [String], { nullable: true, description: 'Codes; `HTTP_*` for all that begin so.' })
  finalErrors?: string[];
  @Field(() => [String], { nullable: true }) retriedErrors?: string[];
  @Field(() => Boolean, { nullable: true }) timeoutIsFinal?: boolean;
  @Field(() => Boolean, { nullable: true }) lossIsFinal?: boolean;
}

@InputType()
export class NotificationsInput {
  @Field(() => Boolean, { nullable: true }) onSuccess?: boolean;
  @Field(() => Boolean, { nullable: true }) onFailure?: boolean;
  @Field(() => [String], { nullable: true }) channels?: string[];
}

@InputType()
export class AttemptLimitsInput {
  @Field(() => Int, { nullable: true }) cpuSeconds?: number;
  @Field(() => Int, { nullable: true }) memoryMb?: number;
  @Field(() => Int, { nullable: true }) diskMb?: number;
  @Field(() => Int, { nullable: true }) processes?: number;
}

@InputType()
export class LabelInput {
  @Field(() => String) key: string;
  @Field(() => String) value: string;
}

@InputType()
export class SettingsInput {
  @Field(() => Float, { nullable: true, description: 'Minutes.' }) timeout?: number;
  @Field(() => RetryPolicyInput, { nullable: true }) retryPolicy?: RetryPolicyInput;
  @Field(() => NotificationsInput, { nullable: true }) notifications?: NotificationsInput;
  @Field(() => Int, { nullable: true }) concurrencyLimit?: number;
  @Field(() => PriorityEnum, { nullable: true }) priority?: PriorityWord;
  @Field(() => Int, { nullable: true }) pauseAfterFailures?: number;
  @Field(() => Float, { nullable: true, description: 'Minutes.' }) totalDeadline?: number;
  @Field(() => Float, { nullable: true, description: 'Minutes.' }) startDeadline?: number;
  @Field(() => Float, { nullable: true, description: 'Seconds.' }) stopGrace?: number;
  @Field(() => Boolean, { nullable: true }) deadLetter?: boolean;
  @Field(() => AttemptLimitsInput, { nullable: true }) limits?: AttemptLimitsInput;
  @Field(() => [LabelInput], { nullable: true }) requiredLabels?: LabelInput[];
  @Field(() => String, { nullable: true }) pool?: string;
  @Field(() => [ID], { nullable: true }) limitIds?: string[];
}

@InputType({ description: 'A whole task; an update replaces what was there.' })
export class TaskInput {
  @Field(() => String) name: string;
  @Field(() => String, { nullable: true }) description?: string;
  @Field(() => TaskTypeEnum) type: TaskTypeWord;
  @Field(() => TargetInput) target: TargetInput;
  @Field(() => [ScheduleInput]) schedules: ScheduleInput[];
  @Field(() => JsonScalar, { nullable: true }) parameters?: unknown;
  @Field(() => SettingsInput, { nullable: true }) settings?: SettingsInput;
  @Field(() => Boolean, { nullable: true }) enabled?: boolean;
}
