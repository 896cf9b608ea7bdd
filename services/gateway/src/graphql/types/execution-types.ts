import { Field, Float, ID, InputType, Int, ObjectType } from '@nestjs/graphql';
import {
  type ExecutionStatusWord,
  type LogLevelWord,
  type PriorityWord,
  type TaskTypeWord,
  type TriggerWord,
} from '../../shapes/words.js';
import {
  ExecutionStatusEnum,
  LogLevelEnum,
  PriorityEnum,
  TaskTypeEnum,
  TriggerEnum,
} from './enums.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';

@ObjectType()
export class ExecutionError {
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) stack?: string;
}

@ObjectType({ description: 'A file that an attempt left behind.' })
export class Artifact {
  @Field(() => String) name: string;
  @Field(() => String) mediaType: string;
  @Field(() => Float) sizeBytes: number;
  @Field(() => String) url: string;
}

@ObjectType({
  description:
    'What was waited for, in ms: every millisecond has one cause, and `totalMs` is their sum. So far, while it goes on.',
})
export class Waits {
  @Field(() => Float, { description: 'From the effective instant, or the request, to the queue.' })
  plannerMs: number;
  @Field(() => Float, { description: 'In the queue, for a slot or its turn.' }) queueMs: number;
  @Field(() => Float, { description: 'In the queue, while one of its limits was full.' })
  limitMs: number;
  @Field(() => Float, { description: 'From the end of an attempt to the queue again.' })
  retryMs: number;
  @Field(() => Float, { description: 'From the release to the first line of the job.' })
  workerStartMs: number;
  @Field(() => Float, { description: 'In the code of the job.' }) userCodeMs: number;
  @Field(() => Float) totalMs: number;
}

@ObjectType({
  description:
    'Exact to the millionth; as it was when the attempts ended. A lost attempt costs nothing.',
})
export class Cost {
  @Field(() => Float, { description: 'At the rate of the pool.' }) compute: number;
  @Field(() => Float, { description: 'Of outside APIs, as the task told it.' }) api: number;
  @Field(() => Float) total: number;
  @Field(() => String, { nullable: true, description: 'Code of ISO 4217; null: none was set.' })
  currency: string | null;
}

/** Attempts, the task and the log are resolved in `execution.resolver.ts`. */
@ObjectType({ description: 'One run of a task.' })
export class Execution {
  @Field(() => ID) id: string;
  @Field(() => ID) taskId: string;
  @Field(() => String) taskName: string;
  @Field(() => TaskTypeEnum) type: TaskTypeWord;
  @Field(() => String) pool: string;
  @Field(() => TriggerEnum) trigger: TriggerWord;
  @Field(() => ExecutionStatusEnum) status: ExecutionStatusWord;
  @Field(() => PriorityEnum) priority: PriorityWord;
  @Field(() => DateTimeScalar, { nullable: true, description: 'Nominal; null for a manual run.' })
  scheduledAt: Date | null;
  @Field(() => DateTimeScalar) requestedAt: Date;
  @Field(() => DateTimeScalar, { nullable: true }) startedAt: Date | null;
  @Field(() => DateTimeScalar, { nullable: true }) completedAt: Date | null;
  @Field(() => Float, { nullable: true, description: 'From the first start to the end.' })
  durationMs: number | null;
  @Field(() => Int) retryCount: number;
  @Field(() => Int, { description: 'The current or last attempt; 0 before the first.' })
  attempt: number;
  @Field(() => DateTimeScalar, { nullable: true }) retryAt: Date | null;
  @Field(() => String, { nullable: true }) workerId: string | null;
  @Field(() => ExecutionError, { nullable: true }) error: ExecutionError | null;
  @Field(() => JsonScalar, { nullable: true }) output: unknown;
  @Field(() => JsonScalar) parameters: unknown;
  @Field(() => [Artifact]) artifacts: Artifact[];
  @Field(() => ID, { nullable: true }) retryOf: string | null;
  @Field(() => ID, { nullable: true }) scheduleId: string | null;
  @Field(() => ID, { nullable: true }) backfillId: string | null;
  @Field(() => ID, { nullable: true }) redriveId: string | null;
  @Field(() => String, { nullable: true }) skipCause: string | null;
  @Field(() => String, { nullable: true, description: 'More of why, in words.' })
  skipDetail: string | null;
  @Field(() => ID, { nullable: true }) blockingExecutionId: string | null;
  @Field(() => Boolean) cancelRequested: boolean;
  @Field(() => Waits, { nullable: true, description: 'Null when it was never requested.' })
  waits: Waits | null;
  @Field(() => Cost, { nullable: true, description: 'So far; null until an attempt has ended.' })
  cost: Cost | null;
  @Field(() => String) actor: string;
  @Field(() => String) position: string;
}

@ObjectType()
export class Attempt {
  @Field(() => Int) attempt: number;
  @Field(() => Float) fence: number;
  @Field(() => String, {
    description:
      'released, running, succeeded, failed, timed_out, cancelled, handed_back, lost or unclaimed',
  })
  status: string;
  @Field(() => String, { nullable: true }) workerId: string | null;
  @Field(() => DateTimeScalar) releasedAt: Date;
  @Field(() => DateTimeScalar, { nullable: true }) startedAt: Date | null;
  @Field(() => DateTimeScalar, { nullable: true }) endedAt: Date | null;
  @Field(() => ExecutionError, { nullable: true }) error: ExecutionError | null;
  @Field(() => JsonScalar, { nullable: true }) output: unknown;
  @Field(() => [Artifact]) artifacts: Artifact[];
  @Field(() => JsonScalar, { nullable: true }) usage: unknown;
  @Field(() => Float, { nullable: true, description: 'Waited, for a slot or its turn.' })
  queueMs: number | null;
  @Field(() => Float, { nullable: true, description: 'Waited while one of its limits was full.' })
  limitMs: number | null;
  @Field(() => Waits, { nullable: true }) waits: Waits | null;
  @Field(() => Cost, { nullable: true, description: 'Null until its end is told.' })
  cost: Cost | null;
}

@ObjectType()
export class LogLine {
  @Field(() => String) cursor: string;
  @Field(() => DateTimeScalar) timestamp: Date;
  @Field(() => LogLevelEnum) level: LogLevelWord;
  @Field(() => String) message: string;
  @Field(() => JsonScalar, { nullable: true }) metadata: unknown;
  @Field(() => Int) attempt: number;
  @Field(() => Int, { description: 'Number of the line within its attempt, from 1.' })
  line: number;
}

@ObjectType()
export class LogPage {
  @Field(() => [LogLine]) lines: LogLine[];
  @Field(() => Boolean) hasMore: boolean;
  @Field(() => String, { nullable: true, description: 'For `after`: where the next page begins.' })
  cursor: string | null;
}

@InputType()
export class ExecutionFilter {
  @Field(() => [ExecutionStatusEnum], { nullable: true }) status?: ExecutionStatusWord[];
  @Field(() => ID, { nullable: true }) taskId?: string;
  @Field(() => ID, { nullable: true }) backfillId?: string;
  @Field(() => [TriggerEnum], { nullable: true }) trigger?: TriggerWord[];
  @Field(() => String, { nullable: true, description: 'Within the name of the task.' })
  search?: string;
}
