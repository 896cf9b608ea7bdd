import { createUnionType, Field, ID, Int, ObjectType } from '@nestjs/graphql';
import { type ExecutionStatusWord } from '../../shapes/words.js';
import { ExecutionStatusEnum } from './enums.js';
import { DateTimeScalar, JsonScalar } from './scalars.js';
import { Task } from './task-types.js';

@ObjectType()
export class FieldProblem {
  @Field(() => String, { description: 'JSON pointer into the input.' }) field: string;
  @Field(() => String) code: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true }) remedy: string | null;
  @Field(() => Int, { nullable: true, description: 'Index into the text of the field.' })
  position: number | null;
}

@ObjectType({ description: 'Why nothing happened.' })
export class Problem {
  @Field(() => String, { description: 'Stable; match on this.' }) code: string;
  @Field(() => String) message: string;
  @Field(() => String, { nullable: true, description: 'JSON pointer into the input.' })
  field: string | null;
  @Field(() => String, { nullable: true }) remedy: string | null;
  @Field(() => [FieldProblem], { description: 'All that is wrong, the first one included.' })
  problems: FieldProblem[];
}

@ObjectType()
export class DeleteAccepted {
  @Field(() => ID) id: string;
  @Field(() => String) position: string;
}

@ObjectType()
export class RunAccepted {
  @Field(() => ID) executionId: string;
  @Field(() => ID) taskId: string;
  @Field(() => ExecutionStatusEnum) status: ExecutionStatusWord;
  @Field(() => Int) queuePosition: number;
  @Field(() => DateTimeScalar, { nullable: true }) estimatedStart: Date | null;
  @Field(() => String) position: string;
}

@ObjectType()
export class CancelAccepted {
  @Field(() => ID) executionId: string;
  @Field(() => String) position: string;
}

@ObjectType({ description: 'A saved browser flow.' })
export class Automation {
  @Field(() => ID) id: string;
  @Field(() => String) name: string;
  @Field(() => Int) version: number;
  @Field(() => JsonScalar, { description: 'Chrome DevTools Recorder JSON.' }) flow: unknown;
  @Field(() => DateTimeScalar) createdAt: Date;
  @Field(() => DateTimeScalar) updatedAt: Date;
}

const byTypeName = (value: { __typename?: string }) => value.__typename;

export const TaskResult = createUnionType({
  name: 'TaskResult',
  types: () => [Task, Problem] as const,
  resolveType: byTypeName,
});
export const DeleteResult = createUnionType({
  name: 'DeleteResult',
  types: () => [DeleteAccepted, Problem] as const,
  resolveType: byTypeName,
});
export const RunResult = createUnionType({
  name: 'RunResult',
  types: () => [RunAccepted, Problem] as const,
  resolveType: byTypeName,
});
export const CancelResult = createUnionType({
  name: 'CancelResult',
  types: () => [CancelAccepted, Problem] as const,
  resolveType: byTypeName,
});
export const AutomationResult = createUnionType({
  name: 'AutomationResult',
  types: () => [Automation, Problem] as const,
  resolveType: byTypeName,
});
