import { Field, Float, ID, Int, ObjectType } from '@nestjs/graphql';
import { Execution } from './execution-types.js';
import { DateTimeScalar } from './scalars.js';
import { Label } from './task-types.js';

@ObjectType()
export class Overview {
  @Field(() => Int) activeTasks: number;
  @Field(() => Int) pausedTasks: number;
  @Field(() => Int) runningExecutions: number;
  @Field(() => Int) queuedExecutions: number;
  @Field(() => Int) todayExecutions: number;
  @Field(() => Float, { nullable: true, description: '0..1; null when nothing has ended today.' })
  todaySuccessRate: number | null;
}

@ObjectType()
export class UpcomingRun {
  @Field(() => ID) taskId: string;
  @Field(() => String) taskName: string;
  @Field(() => DateTimeScalar) scheduledAt: Date;
  @Field(() => ID) scheduleId: string;
}

@ObjectType()
export class FailedTask {
  @Field(() => ID) taskId: string;
  @Field(() => String) taskName: string;
  @Field(() => DateTimeScalar) lastFailure: Date;
  @Field(() => Int) consecutiveFailures: number;
  @Field(() => String, { nullable: true }) lastError: string | null;
  @Field(() => ID, { nullable: true }) lastExecutionId: string | null;
}

@ObjectType({ description: 'Means over the workers that are alive.' })
export class ResourceUsage {
  @Field(() => Float, { description: '0..1' }) cpuUtilization: number;
  @Field(() => Float, { description: '0..1' }) memoryUtilization: number;
  @Field(() => Int) activeWorkers: number;
  @Field(() => Int) queueDepth: number;
}

@ObjectType()
export class PoolSlots {
  @Field(() => String) pool: string;
  @Field(() => Int) slots: number;
  @Field(() => Int) free: number;
}

@ObjectType({ description: 'A worker as its own heartbeat tells it.' })
export class Worker {
  @Field(() => ID) id: string;
  @Field(() => String) host: string;
  @Field(() => [PoolSlots]) pools: PoolSlots[];
  @Field(() => Boolean) draining: boolean;
  @Field(() => Float) cpuUtilization: number;
  @Field(() => Float) memoryUtilization: number;
  @Field(() => Int) running: number;
  @Field(() => DateTimeScalar) startedAt: Date;
  @Field(() => String, { description: 'What holds programs: none, limits or sandbox.' })
  isolation: string;
  @Field(() => String, { description: 'What is missing to more; empty: nothing.' })
  isolationLacks: string;
  @Field(() => String, { description: 'Empty when it was not told.' }) region: string;
  @Field(() => [Label], { description: 'By key.' }) labels: Label[];
  @Field(() => Int, { description: 'Of its machine; 0 when it was not told.' }) cpuCores: number;
  @Field(() => Float, { description: 'Of its machine; 0 when it was not told.' })
  memoryBytes: number;
  @Field(() => Float, { description: 'Milliseconds since it was last heard of.' })
  heartbeatAgeMs: number;
}

@ObjectType({ description: 'Executions by the UTC hour of their end.' })
export class HourCount {
  @Field(() => DateTimeScalar) hour: Date;
  @Field(() => Int) success: number;
  @Field(() => Int) failed: number;
  @Field(() => Int) timeout: number;
  @Field(() => Int) cancelled: number;
}

@ObjectType()
export class Dashboard {
  @Field(() => DateTimeScalar) serverTime: Date;
  @Field(() => Overview) overview: Overview;
  @Field(() => [Execution]) running: Execution[];
  @Field(() => [Execution]) recentExecutions: Execution[];
  @Field(() => [UpcomingRun]) upcomingRuns: UpcomingRun[];
  @Field(() => [FailedTask]) failedTasks: FailedTask[];
  @Field(() => ResourceUsage) resourceUsage: ResourceUsage;
  @Field(() => [Worker]) workers: Worker[];
  @Field(() => [HourCount], { description: 'The last 24, oldest first.' })
  hours: HourCount[];
}

@ObjectType()
export class SystemInfo {
  @Field(() => String) version: string;
  @Field(() => DateTimeScalar) serverTime: Date;
  @Field(() => String, { description: 'The zone of the server.' }) zone: string;
  @Field(() => [String], { description: 'Every zone a schedule may name.' }) timezones: string[];
  @Field(() => Boolean, { description: 'Whether a worker that is alive has a browser.' })
  chromium: boolean;
  @Field(() => String) account: string;
  @Field(() => String) actor: string;
}
